using System.Collections.Immutable;
using Lockstep.Azure.Ports;

namespace Lockstep.TestKit.Azure;

/// <summary>A container of blobs in memory. Safe for use by many threads.</summary>
public sealed class MemoryBlobs : IBlobs
{
    private readonly Lock _gate = new();
    private readonly FaultyLine _line;
    private ImmutableSortedDictionary<string, byte[]> _blobs = ImmutableSortedDictionary.Create<string, byte[]>(StringComparer.Ordinal);

    internal MemoryBlobs(FaultyLine line) => _line = line;

    /// <summary>Every name, ascending: for what a test wants to see, past counts and faults.</summary>
    public IReadOnlyList<string> Names => [.. Snapshot().Keys];

    /// <summary>Blobs that were written again with other content than they had: a breach of the port's rule, which tests look for.</summary>
    public ImmutableArray<string> Rewritten { get; private set; } = [];

    /// <inheritdoc/>
    public async ValueTask PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        BlobRules.CheckContent(name, content);
        byte[] copied = content.ToArray();
        await _line.CallAsync(Operation(StorageOperationKind.BlobPut), () => Put(name, copied), cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> FindAsync(string name, CancellationToken cancellation)
    {
        BlobRules.CheckName(name);
        return _line.CallAsync(
            Operation(StorageOperationKind.BlobFind),
            () => Snapshot().TryGetValue(name, out byte[]? content) ? new ReadOnlyMemory<byte>([.. content]) : (ReadOnlyMemory<byte>?)null,
            cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string name, CancellationToken cancellation)
    {
        BlobRules.CheckName(name);
        await _line.CallAsync(Operation(StorageOperationKind.BlobDelete), () => Remove(name), cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<BlobPage> ListAsync(string prefix, int maxItems, string? continuation, CancellationToken cancellation)
    {
        BlobRules.CheckPage(maxItems);
        return _line.CallAsync(Operation(StorageOperationKind.BlobList), () => List(prefix, maxItems, continuation), cancellation);
    }

    private static StorageOperation Operation(StorageOperationKind kind) => new(kind, "blobs");

    private ImmutableSortedDictionary<string, byte[]> Snapshot()
    {
        lock (_gate)
        {
            return _blobs;
        }
    }

    private bool Put(string name, byte[] content)
    {
        lock (_gate)
        {
            if (_blobs.TryGetValue(name, out byte[]? before) && !before.AsSpan().SequenceEqual(content))
            {
                Rewritten = Rewritten.Add(name);
            }

            _blobs = _blobs.SetItem(name, content);
            return true;
        }
    }

    private bool Remove(string name)
    {
        lock (_gate)
        {
            _blobs = _blobs.Remove(name);
            return true;
        }
    }

    private BlobPage List(string prefix, int maxItems, string? continuation)
    {
        int size = _line.Faults.Happens(_line.Faults.ShortPageRate) ? _line.Faults.Choose(maxItems) : maxItems;
        List<string> names = [];
        foreach (string name in Snapshot().Keys)
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal) || string.CompareOrdinal(name, continuation) < 0)
            {
                continue;
            }

            if (names.Count == size)
            {
                return new BlobPage(names, name);
            }

            names.Add(name);
        }

        return new BlobPage(names, null);
    }
}
