namespace Lockstep.Service.Timers;

/// <summary>Something that is due at a time. Whoever is told checks that it still is: a cancellation may have been under way.</summary>
public abstract class DueEntry
{
    /// <summary>When, in UTC ticks; set by the queue.</summary>
    public long DueTicks { get; set; }

    /// <summary>Place in the queue's heap; -1 outside it.</summary>
    public int Position { get; set; } = -1;

    /// <summary>The time has come. Must only hand over: it runs inside the queue's lock.</summary>
    public abstract void Due();
}
