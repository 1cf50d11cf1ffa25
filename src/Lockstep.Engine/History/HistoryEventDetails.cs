using Lockstep.Json;

namespace Lockstep.Engine.History;

/// <summary>
/// The details of an event: one derived record for each shape that GetExecutionHistory knows; the set is closed. Event types that
/// AWS gives the same members share a record; the member that holds it is named after the type (<see cref="HistoryEventJson"/>).
/// </summary>
public abstract record HistoryEventDetails;

/// <summary>ExecutionStarted.</summary>
public sealed record ExecutionStartedDetails(JsonValue Input, string RoleArn, string? StateMachineAliasArn, string? StateMachineVersionArn)
    : HistoryEventDetails;

/// <summary>ExecutionRedriven.</summary>
/// <param name="RedriveCount">How often the execution has been redriven, this time included.</param>
/// <param name="Input">The input that the failed state got in place of its own; null when none did.</param>
/// <param name="RevisionId">The revision of the definition that the execution runs from now on; null when it kept its own.</param>
public sealed record ExecutionRedrivenDetails(int RedriveCount, JsonValue? Input = null, string? RevisionId = null) : HistoryEventDetails;

/// <summary>The StateEntered events of all eight types.</summary>
/// <param name="Name">The state.</param>
/// <param name="Input">Its raw input.</param>
public sealed record StateEnteredDetails(string Name, JsonValue Input) : HistoryEventDetails;

/// <summary>The StateExited events of all types but Fail.</summary>
/// <param name="Name">The state.</param>
/// <param name="Output">Its output.</param>
/// <param name="AssignedVariables">What it assigned; null when nothing.</param>
public sealed record StateExitedDetails(string Name, JsonValue Output, JsonObject? AssignedVariables) : HistoryEventDetails;

/// <summary>
/// Failures that name only error and cause: ExecutionFailed, ExecutionTimedOut, ExecutionAborted, the Failed and TimedOut events of
/// functions and activities, MapRunFailed.
/// </summary>
public sealed record ErrorDetails(string? Error, string? Cause) : HistoryEventDetails;

/// <summary>Successes that carry only an output: ExecutionSucceeded, LambdaFunctionSucceeded, ActivitySucceeded.</summary>
public sealed record OutputDetails(JsonValue Output) : HistoryEventDetails;

/// <summary>LambdaFunctionScheduled and ActivityScheduled.</summary>
public sealed record CallScheduledDetails(
    string Resource, JsonValue Input, long? TimeoutSeconds, long? HeartbeatSeconds, JsonValue? Credentials) : HistoryEventDetails;

/// <summary>ActivityStarted.</summary>
public sealed record ActivityStartedDetails(string? WorkerName) : HistoryEventDetails;

/// <summary>TaskScheduled.</summary>
public sealed record TaskScheduledDetails(
    string ResourceType,
    string Resource,
    string Region,
    JsonValue Parameters,
    long? TimeoutSeconds,
    long? HeartbeatSeconds,
    JsonValue? Credentials) : HistoryEventDetails;

/// <summary>TaskStarted.</summary>
public sealed record TaskStartedDetails(string ResourceType, string Resource) : HistoryEventDetails;

/// <summary>TaskSubmitted and TaskSucceeded.</summary>
public sealed record TaskOutputDetails(string ResourceType, string Resource, JsonValue Output) : HistoryEventDetails;

/// <summary>TaskFailed, TaskStartFailed, TaskSubmitFailed and TaskTimedOut.</summary>
public sealed record TaskErrorDetails(string ResourceType, string Resource, string? Error, string? Cause) : HistoryEventDetails;

/// <summary>MapStateStarted.</summary>
public sealed record MapStateStartedDetails(int Length) : HistoryEventDetails;

/// <summary>The MapIteration events.</summary>
public sealed record MapIterationDetails(string Name, int Index) : HistoryEventDetails;

/// <summary>MapRunStarted.</summary>
public sealed record MapRunStartedDetails(string MapRunArn) : HistoryEventDetails;

/// <summary>MapRunRedriven.</summary>
public sealed record MapRunRedrivenDetails(string MapRunArn, int RedriveCount) : HistoryEventDetails;

/// <summary>EvaluationFailed: an expression of a JSONata state failed.</summary>
/// <param name="State">The state.</param>
/// <param name="Error">The error name.</param>
/// <param name="Cause">The cause.</param>
/// <param name="Location">The field whose expression failed; null when no field is to blame.</param>
public sealed record EvaluationFailedDetails(string State, string? Error, string? Cause, string? Location) : HistoryEventDetails;
