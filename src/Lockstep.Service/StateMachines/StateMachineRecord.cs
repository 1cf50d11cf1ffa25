using Lockstep.Service.Logging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.StateMachines;

/// <summary>Standard or Express (Step Functions, "Choosing workflow type").</summary>
public enum WorkflowType
{
    /// <summary>Every step durable, runs up to a year, exactly-once bookkeeping.</summary>
    Standard,

    /// <summary>Runs in memory for up to five minutes, at least once when asynchronous.</summary>
    Express,
}

/// <summary>A state machine of a tenant, in its newest revision.</summary>
/// <param name="Tenant">The owner.</param>
/// <param name="Name">1 to 80 characters, unique within the tenant.</param>
/// <param name="RevisionId">Identifies the definition and role in force; running executions pin theirs.</param>
/// <param name="Definition">The text as it was sent.</param>
/// <param name="RoleArn">Shown, never used.</param>
/// <param name="Type">Standard or Express; fixed for life.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="UpdatedAt">When the revision came into force.</param>
public sealed record StateMachineRecord(
    TenantId Tenant, string Name, string RevisionId, string Definition, string RoleArn, WorkflowType Type, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    /// <summary>The tags it was created with, name to value.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>What of the executions of this revision is logged.</summary>
    public LoggingConfiguration Logging { get; init; } = LoggingConfiguration.Off;
}
