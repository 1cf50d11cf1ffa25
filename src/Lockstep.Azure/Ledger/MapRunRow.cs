using System.Globalization;
using Lockstep.Azure.Ports;
using Lockstep.Engine.Codec;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Ledger;

/// <summary>
/// How far a map run is, as a row of its own partition: written in the transaction of the turn that changes it, so that it is never ahead of what is
/// durable, nor behind. The same columns hold the last change of what it runs under.
/// </summary>
internal static class MapRunRow
{
    private const string MaxConcurrency = "MaxConcurrency";
    private const string ToleratedCount = "ToleratedFailureCount";
    private const string ToleratedPercentage = "ToleratedFailurePercentage";
    private const string Items = "Items";
    private const string Executions = "Executions";
    private const string Arrived = "Arrived";
    private const int Counts = 11;

    /// <summary>The row of what it shows.</summary>
    public static Entity ToEntity(ExecutionKey key, MapRunProgress progress) => With(
        new Entity(new EntityKey(LedgerKeys.Partition(key), LedgerKeys.MapRun)), progress.Settings)
        .With(Items, Write(progress.Items))
        .With(Executions, Write(progress.Executions));

    /// <summary>Reads what it shows.</summary>
    public static MapRunProgress Read(Entity row) =>
        new(ReadSettings(row), ReadCounts(row.Get<string>(Items)), ReadCounts(row.Get<string>(Executions)));

    /// <summary>The row of a change, and its place in the inbox's order of arrival.</summary>
    public static Entity ToUpdate(ExecutionKey key, MapRunSettings settings, long arrivedTicks) => With(
        new Entity(new EntityKey(LedgerKeys.Partition(key), LedgerKeys.Update)), settings)
        .With(Arrived, arrivedTicks);

    /// <summary>Reads a change.</summary>
    public static (MapRunSettings Settings, long ArrivedTicks) ReadUpdate(Entity row) => (ReadSettings(row), row.Get<long>(Arrived));

    /// <summary>Counts as text: numbers in a fixed order.</summary>
    public static string Write(MapRunCounts counts) => string.Join(' ', ((long[])
    [
        counts.Pending, counts.Running, counts.Succeeded, counts.Failed, counts.TimedOut, counts.Aborted, counts.ResultsWritten,
        counts.FailedBefore, counts.TimedOutBefore, counts.AbortedBefore, counts.FailuresNotRedrivable,
    ]).Select(number => number.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Reads counts.</summary>
    /// <exception cref="CorruptRecordException">They are none.</exception>
    public static MapRunCounts ReadCounts(string text)
    {
        long[] numbers = [.. text.Split(' ').Select(number => long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw Corrupt())];
        return numbers.Length == Counts
            ? new MapRunCounts(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6])
            {
                FailedBefore = numbers[7],
                TimedOutBefore = numbers[8],
                AbortedBefore = numbers[9],
                FailuresNotRedrivable = numbers[10],
            }
            : throw Corrupt();
    }

    private static Entity With(Entity row, MapRunSettings settings) => row
        .With(MaxConcurrency, settings.MaxConcurrency)
        .With(ToleratedCount, settings.ToleratedFailureCount)
        .With(ToleratedPercentage, settings.ToleratedFailurePercentage?.ToString());

    private static MapRunSettings ReadSettings(Entity row) => new(
        row.Get<long>(MaxConcurrency),
        row.TryGet(ToleratedCount, out long count) ? count : null,
        row.TryGet<string>(ToleratedPercentage, out string? share) ? JsonValue.Parse(share) as JsonNumber : null);

    private static CorruptRecordException Corrupt() => new("The progress of a map run has no counts.");
}
