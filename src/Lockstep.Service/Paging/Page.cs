namespace Lockstep.Service.Paging;

/// <summary>One page of a list and the opaque token of the next.</summary>
/// <param name="Items">The page's items.</param>
/// <param name="Next">Store-level cursor of the next page; null on the last. Use cases sign it for the tenant before it leaves.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Which page of a list is asked for.</summary>
/// <param name="MaxItems">Items at most; at least 1.</param>
/// <param name="Cursor">The store-level cursor of the page before; null for the first page.</param>
public sealed record PageRequest(int MaxItems, string? Cursor)
{
    /// <summary>Bytes of payload text after which a store ends the page early, with at least one item on it. No limit unless set.</summary>
    public int MaxBytes { get; init; } = int.MaxValue;
}
