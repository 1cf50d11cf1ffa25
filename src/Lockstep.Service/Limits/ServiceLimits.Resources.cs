using System.Collections.Immutable;

namespace Lockstep.Service.Limits;

/// <content>How many things a tenant may have.</content>
public sealed partial record ServiceLimits
{
    private static ImmutableArray<LimitDefinition> ResourceLimits =>
    [
        new("MaxStateMachines", "state machines", 100_000, 1, 10_000_000,
            "State machines that a tenant may have.", limits => limits.MaxStateMachines, (limits, value) => limits with { MaxStateMachines = value }),
        new("MaxStateMachineVersions", "versions", 1_000, 1, 100_000,
            "Versions that a state machine may have.", limits => limits.MaxStateMachineVersions, (limits, value) => limits with { MaxStateMachineVersions = value }),
        new("MaxStateMachineAliases", "aliases", 100, 1, 1_000,
            "Aliases that a state machine may have.", limits => limits.MaxStateMachineAliases, (limits, value) => limits with { MaxStateMachineAliases = value }),
        new("MaxActivities", "activities", 100_000, 1, 10_000_000,
            "Activities that a tenant may have.", limits => limits.MaxActivities, (limits, value) => limits with { MaxActivities = value }),
        new("MaxFunctions", "functions", 1_000, 1, 1_000_000,
            "Functions that a tenant may have registered.", limits => limits.MaxFunctions, (limits, value) => limits with { MaxFunctions = value }),
        new("MaxOpenExecutions", "executions", 1_000_000, 1, 100_000_000,
            "Executions of a tenant that may be open at a time.", limits => limits.MaxOpenExecutions, (limits, value) => limits with { MaxOpenExecutions = value }),
    ];

    /// <summary>State machines that a tenant may have. Default 100,000.</summary>
    public int MaxStateMachines { get; init; } = 100_000;

    /// <summary>Versions that a state machine may have. Default 1,000.</summary>
    public int MaxStateMachineVersions { get; init; } = 1_000;

    /// <summary>Aliases that a state machine may have. Default 100.</summary>
    public int MaxStateMachineAliases { get; init; } = 100;

    /// <summary>Activities that a tenant may have. Default 100,000.</summary>
    public int MaxActivities { get; init; } = 100_000;

    /// <summary>Functions that a tenant may have registered. Default 1,000.</summary>
    public int MaxFunctions { get; init; } = 1_000;

    /// <summary>Executions of a tenant that may be open at a time. Default 1,000,000.</summary>
    public int MaxOpenExecutions { get; init; } = 1_000_000;
}
