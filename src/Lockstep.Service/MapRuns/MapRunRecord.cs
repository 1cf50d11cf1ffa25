using Lockstep.Engine;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;
using Lockstep.Service.Executions;

namespace Lockstep.Service.MapRuns;

/// <summary>What DescribeMapRun shows of a map run.</summary>
public sealed record MapRunRecord
{
    /// <summary>The map run's own execution.</summary>
    public required ExecutionKey Key { get; init; }

    /// <summary>Its ARN.</summary>
    public required string Arn { get; init; }

    /// <summary>ARN of the execution whose Map state it serves.</summary>
    public required string ExecutionArn { get; init; }

    /// <summary>ARN of that execution's state machine.</summary>
    public required string StateMachineArn { get; init; }

    /// <summary>Its status.</summary>
    public required ExecutionStatus Status { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>How often it was redriven.</summary>
    public int RedriveCount { get; init; }

    /// <summary>When it was redriven last; null when it never was.</summary>
    public DateTimeOffset? RedrivenAt { get; init; }

    /// <summary>How far it is.</summary>
    public required MapRunProgress Progress { get; init; }
}

/// <summary>What is changed of a map run; null members stay as they are.</summary>
/// <param name="MaxConcurrency">Children that may run at a time; 0 means as many as the service allows.</param>
/// <param name="ToleratedFailureCount">Items that may fail.</param>
/// <param name="ToleratedFailurePercentage">Per cent of the items that may fail, 0 to 100.</param>
public sealed record MapRunChange(long? MaxConcurrency, long? ToleratedFailureCount, JsonNumber? ToleratedFailurePercentage)
{
    /// <summary>The settings after the change.</summary>
    public MapRunSettings Apply(MapRunSettings settings) => new(
        MaxConcurrency ?? settings.MaxConcurrency,
        ToleratedFailureCount ?? settings.ToleratedFailureCount,
        ToleratedFailurePercentage ?? settings.ToleratedFailurePercentage);
}
