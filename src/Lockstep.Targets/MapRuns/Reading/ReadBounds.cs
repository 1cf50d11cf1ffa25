namespace Lockstep.Targets.MapRuns.Reading;

/// <summary>How much is read at a time.</summary>
/// <param name="MaxItems">Items at most.</param>
/// <param name="MaxItemBytes">Bytes that one item may have in the source.</param>
/// <param name="MaxBytes">Bytes of the source after which no further item is read.</param>
internal sealed record ReadBounds(long MaxItems, int MaxItemBytes, int MaxBytes)
{
    /// <summary>Whether another item has no room any more.</summary>
    public bool IsReached(int items, long bytes) => items >= MaxItems || (items > 0 && bytes >= MaxBytes);
}
