using Lockstep.Asl.Resources;
using Lockstep.Json;

namespace Lockstep.Engine.Commands;

/// <summary>
/// Something the driver has to do once the turn that decided it is durable. Effects are at least once; each carries its key. The
/// set is closed.
/// </summary>
/// <param name="Id">The command's ordinal.</param>
public abstract record Command(CommandId Id);

/// <summary>Call a task's resource. The outcome comes back as TaskSucceeded, TaskFailed, TaskSubmitted or ActivityTaken with this id.</summary>
/// <param name="Id">The command's ordinal.</param>
/// <param name="Resource">What to call.</param>
/// <param name="StateName">The state that calls it.</param>
/// <param name="Parameters">The arguments, after <c>Parameters</c>.</param>
/// <param name="Attempt">0 for the first try of the state, growing by one with each retry.</param>
/// <param name="HeartbeatSeconds">Longest time between heartbeats, in seconds; the driver watches it. Null when there is none.</param>
/// <param name="TimeoutSeconds">The task's timeout, in seconds, which a timer of its own watches; null when there is none.</param>
/// <param name="TaskToken">The token of the attempt, for activities and <c>.waitForTaskToken</c>; else null.</param>
public sealed record InvokeTask(
    CommandId Id,
    TaskResource Resource,
    string StateName,
    JsonValue Parameters,
    int Attempt,
    long? HeartbeatSeconds,
    long? TimeoutSeconds,
    string? TaskToken) : Command(Id)
{
    /// <summary>The StateEntered event of the state; 0 for calls that programs before layout 3 have stored.</summary>
    public long EnteredEventId { get; init; }

    /// <summary>When the attempt was decided; the default value for calls that programs before layout 3 have stored.</summary>
    public DateTimeOffset ScheduledTime { get; init; }
}

/// <summary>The task is no longer waited for: its timeout struck, a sibling failed, the execution ended. Its outcome will be ignored.</summary>
public sealed record CancelTask(CommandId Id, CommandId Task) : Command(Id);

/// <summary>Send <see cref="Stimuli.TimerFired"/> with this id at <paramref name="Due"/> or as soon after as can be.</summary>
public sealed record StartTimer(CommandId Id, DateTimeOffset Due, TimerPurpose Purpose) : Command(Id);

/// <summary>The timer is no longer needed; if it fires all the same, it is ignored.</summary>
public sealed record CancelTimer(CommandId Id, CommandId Timer) : Command(Id);

/// <summary>The turn's budget is spent: send <see cref="Stimuli.Continued"/> when other executions have had their turn.</summary>
public sealed record Continue(CommandId Id) : Command(Id);

/// <summary>The execution has ended. Always the last command of its last turn.</summary>
public sealed record Finish(CommandId Id, ExecutionStatus Status, JsonValue? Output, string? Error, string? Cause) : Command(Id);

/// <summary>What a timer is for; drivers may show it, and treat it no differently.</summary>
public enum TimerPurpose
{
    /// <summary>A Wait state.</summary>
    Wait,

    /// <summary>The delay before a retry.</summary>
    Retry,

    /// <summary>A task's timeout.</summary>
    TaskTimeout,

    /// <summary>The machine's timeout.</summary>
    ExecutionTimeout,
}
