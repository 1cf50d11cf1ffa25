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
