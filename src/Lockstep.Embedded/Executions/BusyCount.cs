namespace Lockstep.Embedded.Executions;

/// <summary>
/// How many Standard executions are at work: have mail, decide, wait for a flush, or tell others of it. Zero, and no effect under way, means
/// that in them nothing more happens by itself.
/// </summary>
internal sealed class BusyCount
{
    private int _count;

    /// <summary>Executions at work now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>An execution has got mail while it rested.</summary>
    public void Begin() => Interlocked.Increment(ref _count);

    /// <summary>An execution rests, or is gone and has told all that wait for it.</summary>
    public void End() => Interlocked.Decrement(ref _count);
}
