using System.Collections.Immutable;

namespace Lockstep.TestKit.Azure;

/// <summary>Kinds of calls that leave the process and cost money.</summary>
public enum StorageOperationKind
{
    /// <summary>A point read of a table.</summary>
    TableFind,

    /// <summary>One page of a range scan.</summary>
    TableQuery,

    /// <summary>One transaction, of however many changes.</summary>
    TableWrite,

    /// <summary>A blob written.</summary>
    BlobPut,

    /// <summary>A blob read.</summary>
    BlobFind,

    /// <summary>A blob removed.</summary>
    BlobDelete,

    /// <summary>One page of names.</summary>
    BlobList,

    /// <summary>One send, of however many messages.</summary>
    MessageSend,

    /// <summary>A secret read.</summary>
    SecretFind,

    /// <summary>A secret written.</summary>
    SecretPut,
}

/// <summary>A call that leaves the process.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Place">The table or route; "blobs" or "secrets" for those.</param>
public readonly record struct StorageOperation(StorageOperationKind Kind, string Place)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Place}";
}

/// <summary>Counts calls by kind and place, those that failed included. Safe for use by many threads.</summary>
public sealed class StorageCounts
{
    private readonly Lock _gate = new();
    private ImmutableSortedDictionary<string, int> _counts = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    /// <summary>Calls so far, by "kind place".</summary>
    public ImmutableSortedDictionary<string, int> Snapshot()
    {
        lock (_gate)
        {
            return _counts;
        }
    }

    /// <summary>All calls so far.</summary>
    public int Total => Snapshot().Values.Sum();

    /// <summary>Calls of a kind, wherever.</summary>
    public int Of(StorageOperationKind kind) =>
        Snapshot().Where(count => count.Key.StartsWith($"{kind} ", StringComparison.Ordinal)).Sum(count => count.Value);

    /// <summary>Calls of a kind at a place.</summary>
    public int Of(StorageOperationKind kind, string place) => Snapshot().GetValueOrDefault(new StorageOperation(kind, place).ToString());

    /// <summary>Begins at zero.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _counts = _counts.Clear();
        }
    }

    internal void Add(StorageOperation operation)
    {
        string name = operation.ToString();
        lock (_gate)
        {
            _counts = _counts.SetItem(name, _counts.GetValueOrDefault(name) + 1);
        }
    }
}
