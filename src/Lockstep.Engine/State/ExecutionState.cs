using Lockstep.Engine.Commands;

namespace Lockstep.Engine.State;

/// <summary>
/// Everything the interpreter knows of an execution between two turns: immutable, serialisable, enough to go on from anywhere.
/// </summary>
public abstract class ExecutionState
{
    /// <summary>The status after the last turn.</summary>
    public abstract ExecutionStatus Status { get; }

    /// <summary>Turns taken so far; the sequence number of the last stimulus.</summary>
    public abstract long Turn { get; }

    /// <summary>Id of the last history event.</summary>
    public abstract long LastEventId { get; }

    /// <summary>
    /// The effects that are decided and not yet answered, as they were commanded: tasks (not those already submitted and waiting
    /// for a callback), timers, a pending Continue. A driver that has lost its memory carries them out again.
    /// </summary>
    public abstract IEnumerable<Command> OutstandingCommands();

    /// <summary>Finds a task that still waits for its outcome; null when it does not exist, has ended or was given up.</summary>
    public abstract OpenTask? FindTask(CommandId task);
}
