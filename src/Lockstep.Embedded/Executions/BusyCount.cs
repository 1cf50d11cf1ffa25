namespace Lockstep.Embedded.Executions;

/// <summary>How many executions are at work: have mail, decide, or wait for a flush. Zero means that nothing more happens by itself.</summary>
internal sealed class BusyCount
{
    private int _count;

    /// <summary>Executions at work now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>An execution has got mail while it rested.</summary>
    public void Begin() => Interlocked.Increment(ref _count);

    /// <summary>An execution rests, or is gone.</summary>
    public void End() => Interlocked.Decrement(ref _count);
}
