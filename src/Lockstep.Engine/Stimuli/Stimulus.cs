using Lockstep.Engine.MapRuns;
using Lockstep.Json;

namespace Lockstep.Engine.Stimuli;

/// <summary>
/// Something that happened to an execution: the only way its state ever changes. Journalled before it takes effect, and enough,
/// together with the machine, to derive state and history again. The set is closed.
/// </summary>
/// <param name="Time">When it was recorded. The interpreter's only clock; an earlier time than the last one counts as the last one.</param>
public abstract record Stimulus(DateTimeOffset Time);

/// <summary>The execution begins. Always the first stimulus, and only the first.</summary>
public sealed record Started(DateTimeOffset Time, ExecutionIdentity Identity, JsonValue Input, ExecutionLimits Limits) : Stimulus(Time);

/// <summary>The turn before had spent its budget (<see cref="Commands.Continue"/>); the interpreter goes on where it stopped.</summary>
public sealed record Continued(DateTimeOffset Time) : Stimulus(Time);

/// <summary>A task has been answered: the response of a call, the output of a synced job, an activity's or a callback's success.</summary>
public sealed record TaskSucceeded(DateTimeOffset Time, CommandId Task, JsonValue Output) : Stimulus(Time);

/// <summary>A task has failed: the call, the job, the activity worker or the callback said so.</summary>
public sealed record TaskFailed(DateTimeOffset Time, CommandId Task, string? Error, string? Cause, TaskFailureStage Stage = TaskFailureStage.Run)
    : Stimulus(Time);

/// <summary>A call with pattern <c>.sync</c> or <c>.waitForTaskToken</c> has been accepted by the service; the state goes on waiting.</summary>
/// <param name="Time">When it was recorded.</param>
/// <param name="Task">The task.</param>
/// <param name="Output">What the service answered; shown in TaskSubmitted.</param>
public sealed record TaskSubmitted(DateTimeOffset Time, CommandId Task, JsonValue Output) : Stimulus(Time);

/// <summary>An activity worker has taken the task.</summary>
public sealed record ActivityTaken(DateTimeOffset Time, CommandId Task, string? WorkerName) : Stimulus(Time);

/// <summary>A timer is due.</summary>
public sealed record TimerFired(DateTimeOffset Time, CommandId Timer) : Stimulus(Time);

/// <summary>No heartbeat arrived for a task within its <c>HeartbeatSeconds</c>.</summary>
public sealed record HeartbeatMissed(DateTimeOffset Time, CommandId Task) : Stimulus(Time);

/// <summary>Somebody stopped the execution.</summary>
public sealed record StopRequested(DateTimeOffset Time, string? Error, string? Cause) : Stimulus(Time);

/// <summary>Somebody changed how many children of a map run may run and fail.</summary>
public sealed record MapRunUpdated(DateTimeOffset Time, MapRunSettings Settings) : Stimulus(Time);

/// <summary>How far a task had come when it failed; decides the type of the history event.</summary>
public enum TaskFailureStage
{
    /// <summary>It could not be handed over: LambdaFunctionScheduleFailed, ActivityScheduleFailed, TaskFailed.</summary>
    Schedule,

    /// <summary>It could not be started: LambdaFunctionStartFailed, TaskStartFailed.</summary>
    Start,

    /// <summary>The service refused the submission of a <c>.sync</c> or <c>.waitForTaskToken</c> call: TaskSubmitFailed.</summary>
    Submit,

    /// <summary>It ran and failed: LambdaFunctionFailed, ActivityFailed, TaskFailed.</summary>
    Run,
}
