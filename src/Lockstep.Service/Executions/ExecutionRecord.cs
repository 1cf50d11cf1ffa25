using Lockstep.Engine;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Naming;
using Lockstep.Service.Redrives;
using Lockstep.Service.StateMachines;

namespace Lockstep.Service.Executions;

/// <summary>What DescribeExecution shows of an execution.</summary>
public sealed record ExecutionRecord
{
    /// <summary>The execution.</summary>
    public required ExecutionKey Key { get; init; }

    /// <summary>Its ARN.</summary>
    public required string Arn { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Name of its state machine.</summary>
    public required string StateMachineName { get; init; }

    /// <summary>ARN of its state machine, without version.</summary>
    public required string StateMachineArn { get; init; }

    /// <summary>The version that it runs; null when it was started without one.</summary>
    public long? Version { get; init; }

    /// <summary>The alias that it was started through; null when there was none.</summary>
    public string? Alias { get; init; }

    /// <summary>ARN of the version that it runs; null when it was started without one.</summary>
    public string? StateMachineVersionArn => ArnFormat.Qualified(StateMachineArn, Version);

    /// <summary>ARN of the alias that it was started through; null when there was none.</summary>
    public string? StateMachineAliasArn => ArnFormat.Qualified(StateMachineArn, Alias);

    /// <summary>The revision that it pins.</summary>
    public required string RevisionId { get; init; }

    /// <summary>Standard or Express.</summary>
    public required WorkflowType Type { get; init; }

    /// <summary>Its status.</summary>
    public required ExecutionStatus Status { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>Input as JSON text; null in listings.</summary>
    public string? Input { get; init; }

    /// <summary>The X-Ray tracing header that it was started with; null when there was none, and in listings.</summary>
    public string? TraceHeader { get; init; }

    /// <summary>Output as JSON text; null unless it succeeded, and in listings.</summary>
    public string? Output { get; init; }

    /// <summary>Error name; null unless it failed.</summary>
    public string? Error { get; init; }

    /// <summary>Cause; null unless it failed.</summary>
    public string? Cause { get; init; }

    /// <summary>How often it was redriven.</summary>
    public int RedriveCount { get; init; }

    /// <summary>When it was redriven last; null when it never was.</summary>
    public DateTimeOffset? RedrivenAt { get; init; }

    /// <summary>Whether it can be redriven, when that was asked; null in listings.</summary>
    public RedriveVerdict? Redrive { get; init; }

    /// <summary>Whether it belongs to a map run, whose label its id shows behind the machine.</summary>
    public bool IsPartOfMapRun => Key.Id.AsSpan(0, Key.Id.IndexOf(':', StringComparison.Ordinal)).Contains('/');

    /// <summary>ARN of the map run that it is a child of; null when it is none.</summary>
    public string? MapRunArn => IsPartOfMapRun ? MapRunNames.ArnOf(Arn.Split(':')[3], MapRunNames.RunOf(Key)) : null;

    /// <summary>Items of a map run that it has got, where it is listed as a child of that; else null.</summary>
    public long? ItemCount { get; init; }

    /// <summary>Whether it did not succeed, and waits for the redrive of its map run to come to it. Told in lists of children of map runs.</summary>
    public bool IsPendingRedrive { get; init; }

    /// <summary>State transitions billed so far (metering).</summary>
    public long Transitions { get; init; }
}
