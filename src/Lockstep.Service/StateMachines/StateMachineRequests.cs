using Lockstep.Service.Logging;

namespace Lockstep.Service.StateMachines;

/// <summary>What a caller sends to create a state machine.</summary>
/// <param name="Name">1 to 80 characters.</param>
/// <param name="Definition">The definition's text, kept as it is.</param>
public sealed record CreateStateMachineRequest(string Name, string Definition)
{
    /// <summary>Standard or Express.</summary>
    public WorkflowType Type { get; init; } = WorkflowType.Standard;

    /// <summary>The role; null for the default one.</summary>
    public string? RoleArn { get; init; }

    /// <summary>Whether to publish the revision as a version as well.</summary>
    public bool Publish { get; init; }

    /// <summary>The description of the version; only together with <see cref="Publish"/>.</summary>
    public string? VersionDescription { get; init; }

    /// <summary>What of its executions is logged; null for nothing.</summary>
    public LoggingRequest? Logging { get; init; }

    /// <summary>Tags, key to value.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}

/// <summary>What a caller sends to update a state machine; null members stay as they are.</summary>
/// <param name="Definition">The new definition's text.</param>
/// <param name="RoleArn">The new role.</param>
public sealed record UpdateStateMachineRequest(string? Definition, string? RoleArn)
{
    /// <summary>What of its executions is to be logged from now on, as a whole; null leaves it.</summary>
    public LoggingRequest? Logging { get; init; }

    /// <summary>The revision that the caller has seen; null when it does not matter.</summary>
    public string? ExpectedRevisionId { get; init; }

    /// <summary>Whether to publish the revision as a version as well.</summary>
    public bool Publish { get; init; }

    /// <summary>The description of the version; only together with <see cref="Publish"/>.</summary>
    public string? VersionDescription { get; init; }
}

/// <summary>How a creation was answered.</summary>
/// <param name="Machine">The machine that now has the name.</param>
/// <param name="Created">False when the same machine was there already: the answer is idempotent.</param>
public sealed record CreateStateMachineOutcome(StateMachineRecord Machine, bool Created)
{
    /// <summary>The version of the revision, when publishing was asked for; else null.</summary>
    public StateMachineVersion? Version { get; init; }
}

/// <summary>How an update was answered.</summary>
/// <param name="Machine">The machine as it is now.</param>
/// <param name="Version">The version of the revision, when publishing was asked for; else null.</param>
public sealed record UpdateStateMachineOutcome(StateMachineRecord Machine, StateMachineVersion? Version);
