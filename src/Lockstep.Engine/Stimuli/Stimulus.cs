using System.Collections.Immutable;
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

/// <summary>
/// Somebody redrives the execution, which has ended without success (Step Functions, RedriveExecution). <see cref="Redrives.RedrivePlan"/> composes it.
/// Taken in without effect by one that runs or has succeeded.
/// </summary>
/// <param name="Time">When it was recorded.</param>
/// <param name="ClientToken">The token by which a repetition of the request is known; null when it has none.</param>
/// <param name="Input">The input that a state gets in place of its own; null when each keeps its own.</param>
/// <param name="Definition">The revision that the execution runs from now on; null when it keeps its own.</param>
public sealed record Redriven(DateTimeOffset Time, string? ClientToken, RedriveInput? Input, RedriveDefinition? Definition) : Stimulus(Time)
{
    /// <summary>Whether Map states in DISTRIBUTED mode start new map runs. Earlier programs recorded it where they could not redrive one.</summary>
    public bool StartsNewMapRuns { get; init; }
}

/// <summary>An input in place of the one that a state had.</summary>
/// <param name="Frame">The frame in the state.</param>
/// <param name="Value">The raw input that the state gets.</param>
public sealed record RedriveInput(long Frame, JsonValue Value);

/// <summary>Another revision of the definition, and where in it the execution goes on.</summary>
/// <param name="RevisionId">The revision.</param>
/// <param name="States">For each frame, in order of their ids, the index of its state in that revision.</param>
public sealed record RedriveDefinition(string RevisionId, ImmutableArray<int> States)
{
    /// <inheritdoc/>
    public bool Equals(RedriveDefinition? other) =>
        other is not null && RevisionId == other.RevisionId && States.AsSpan().SequenceEqual(other.States.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => RevisionId.GetHashCode(StringComparison.Ordinal) ^ States.Length;
}

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
