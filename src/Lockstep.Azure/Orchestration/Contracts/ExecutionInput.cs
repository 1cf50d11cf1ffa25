using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Lockstep.Engine.History;
using Lockstep.Service.Executions;
using Lockstep.Service.Logging;

namespace Lockstep.Azure.Orchestration.Contracts;

/// <summary>Input of an execution's orchestration, for its first epoch and for every later one.</summary>
internal sealed record ExecutionInput : ExecutionMessage
{
    /// <summary>The epoch, from 1.</summary>
    public required long Epoch { get; init; }

    public required OrchestrationSettings Settings { get; init; }

    /// <summary>What of the definition is run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ExecutionKind Kind { get; init; }

    /// <summary>Index of the Map state whose map run, or child of one, is run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int MapState { get; init; }

    /// <summary>The definition; null when it has to be loaded.</summary>
    public string? Definition { get; init; }

    /// <summary>The first stimulus, for epoch 1; null when it has to be loaded, or for later epochs.</summary>
    public ReadOnlyMemory<byte>? Start { get; init; }

    /// <summary>What of the execution is logged; null for nothing.</summary>
    public LoggingMessage? Logging { get; init; }

    /// <summary>What an epoch before this one has left; null for epoch 1.</summary>
    public CarriedOver? Carried { get; init; }
}

/// <summary>What of an execution is logged, and where to: as its revision says.</summary>
internal sealed record LoggingMessage(LogLevel Level, bool IncludeExecutionData, string LogGroupArn)
{
    public static LoggingMessage? Of(LoggingConfiguration logging) => logging is { LogGroup: not null, LogGroupArn: { } arn }
        ? new LoggingMessage(logging.Level, logging.IncludeExecutionData, arn)
        : null;

    public LoggingConfiguration ToConfiguration() => new(Level, IncludeExecutionData, LogGroupArn);
}

/// <summary>What goes from one epoch to the next. Timers and calls still to make follow from the state.</summary>
/// <param name="Chain">The chain at the state's turn.</param>
/// <param name="State">The state; null when it is in parts of the ledger.</param>
/// <param name="Rows">Tasks that wait for reports.</param>
internal sealed record CarriedOver(long Chain, ReadOnlyMemory<byte>? State, ImmutableArray<CarriedRow> Rows);

/// <summary>A task that waits for a report.</summary>
/// <param name="Task">The task.</param>
/// <param name="HeartbeatDue">When its heartbeat is to be looked after; null when it is not watched.</param>
internal sealed record CarriedRow(long Task, DateTimeOffset? HeartbeatDue)
{
    /// <summary>Whether a report has won the row already, and the interpreter holds the outcome.</summary>
    public bool IsSettled { get; init; }

    /// <summary>Whether it is not known that its call, or submission, was made; only after a recovery, as an epoch ends with nothing under way.</summary>
    public bool NeedsCall { get; init; }
}
