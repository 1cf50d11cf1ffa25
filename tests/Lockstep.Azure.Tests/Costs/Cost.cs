using System.Globalization;
using Lockstep.TestKit;
using Lockstep.TestKit.Azure;

namespace Lockstep.Azure.Tests.Costs;

/// <summary>The calls to storage that something makes.</summary>
internal sealed record Cost(int PointReads, int Scans, int Transactions, int BlobReads, int BlobWrites)
{
    /// <summary>The calls counted so far; throws when there are others than those that the table of the documentation has a column for.</summary>
    public static Cost Of(StorageCounts counts)
    {
        var cost = new Cost(
            counts.Of(StorageOperationKind.TableFind),
            counts.Of(StorageOperationKind.TableQuery),
            counts.Of(StorageOperationKind.TableWrite),
            counts.Of(StorageOperationKind.BlobFind),
            counts.Of(StorageOperationKind.BlobPut));
        return cost.PointReads + cost.Scans + cost.Transactions + cost.BlobReads + cost.BlobWrites == counts.Total
            ? cost
            : throw new InvalidOperationException($"There are calls without a column: {string.Join(", ", counts.Snapshot().Keys)}.");
    }

    /// <summary>The documented costs, by request.</summary>
    public static IReadOnlyDictionary<string, Cost> Documented()
    {
        string[] lines = File.ReadAllLines(Repository.PathOf("docs/azure-storage.md"));
        int header = Array.FindIndex(lines, line => line.StartsWith("| request |", StringComparison.Ordinal));
        return lines.Skip(header + 2).TakeWhile(line => line.StartsWith('|')).Select(line => line.Trim('|').Split('|')).ToDictionary(
            cells => cells[0].Trim(), cells => new Cost(Read(cells[1]), Read(cells[2]), Read(cells[3]), Read(cells[4]), Read(cells[5])), StringComparer.Ordinal);

        static int Read(string cell) => int.Parse(cell, CultureInfo.InvariantCulture);
    }
}
