using System.Diagnostics;
using Lockstep.Engine;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;

namespace Lockstep.Service.Callbacks;

/// <summary>What somebody who holds a task token reports. The set is closed.</summary>
public abstract record TaskReport;

/// <summary>SendTaskSuccess.</summary>
public sealed record TaskSuccessReport(JsonValue Output) : TaskReport;

/// <summary>SendTaskFailure.</summary>
public sealed record TaskFailureReport(string? Error, string? Cause) : TaskReport;

/// <summary>SendTaskHeartbeat.</summary>
public sealed record TaskHeartbeatReport : TaskReport;

/// <summary>What reports mean for an execution.</summary>
public static class TaskReports
{
    /// <summary>The outcome of the task; null for a heartbeat, which is none.</summary>
    public static Stimulus? ToOutcome(this TaskReport report, CommandId task, DateTimeOffset now) => report switch
    {
        TaskSuccessReport success => new TaskSucceeded(now, task, success.Output),
        TaskFailureReport failure => new TaskFailed(now, task, failure.Error, failure.Cause),
        TaskHeartbeatReport => null,
        _ => throw new UnreachableException(),
    };
}
