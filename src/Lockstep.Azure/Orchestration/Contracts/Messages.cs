using System.Collections.Immutable;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Engine;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;

namespace Lockstep.Azure.Orchestration.Contracts;

/// <summary>What every message says first: its version, and the execution that it is about.</summary>
internal abstract record ExecutionMessage : IVersioned
{
    /// <inheritdoc/>
    public int V { get; init; } = OrchestrationJson.Version;

    /// <summary>The tenant's twelve digits.</summary>
    public required string Tenant { get; init; }

    /// <summary>The execution within the tenant.</summary>
    public required string Execution { get; init; }
}

/// <summary>Turns and what goes with them (<see cref="AppendBatch"/>).</summary>
internal sealed record BatchMessage
{
    public required long Epoch { get; init; }

    public ImmutableArray<TurnMessage> Turns { get; init; } = [];

    public ImmutableArray<OpenMessage> Opens { get; init; } = [];

    public ImmutableArray<long> Closes { get; init; } = [];

    /// <summary>Tasks that wait for reports and are given up, however their rows were closed: offers are withdrawn, children stopped.</summary>
    public ImmutableArray<long> GivenUp { get; init; } = [];

    public ImmutableArray<string> Taken { get; init; } = [];

    public long LastCommand { get; init; }

    public EndMessage? End { get; init; }

    /// <summary>How far a map run is after the last of the turns; null for other executions.</summary>
    public MapRunMessage? MapRun { get; init; }
}

/// <summary>How far a map run is (<see cref="MapRunProgress"/>): counts as the rows have them.</summary>
internal sealed record MapRunMessage(
    long MaxConcurrency, long? ToleratedFailureCount, string? ToleratedFailurePercentage, string Items, string Executions)
{
    public static MapRunMessage Of(MapRunProgress progress) => new(
        progress.Settings.MaxConcurrency,
        progress.Settings.ToleratedFailureCount,
        progress.Settings.ToleratedFailurePercentage?.ToString(),
        MapRunRow.Write(progress.Items),
        MapRunRow.Write(progress.Executions));

    public MapRunProgress ToProgress() => new(
        new MapRunSettings(
            MaxConcurrency,
            ToleratedFailureCount,
            ToleratedFailurePercentage is { } share ? JsonValue.Parse(share) as JsonNumber : null),
        MapRunRow.ReadCounts(Items),
        MapRunRow.ReadCounts(Executions));
}

/// <summary>One turn (<see cref="TurnRecord"/>).</summary>
internal sealed record TurnMessage(long Turn, long FirstEvent, int Events, long Chain, long Transitions, Body Bytes)
{
    /// <summary>What there is to tell of it (<see cref="TurnFactsMessage"/>); null when a program before that has sent it.</summary>
    public Body? Facts { get; init; }

    /// <summary>How often the execution had been redriven then, for log events; null for never, and when a program before that has sent it.</summary>
    public int? Redrives { get; init; }
}

/// <summary>A task that waits for a report (<see cref="OpenTaskRow"/>).</summary>
internal sealed record OpenMessage(
    long Task, OpenTaskKind Kind, DateTimeOffset Scheduled, long? HeartbeatSeconds, string? Activity, Body? Invocation);

/// <summary>How the last turn ended the execution; output, error and cause are those of the turn's last event.</summary>
internal sealed record EndMessage(ExecutionStatus Status, DateTimeOffset Time);

/// <summary>Input of Append.</summary>
internal sealed record AppendRequest : ExecutionMessage
{
    public required string Instance { get; init; }

    /// <summary>Who the execution is, for telemetry; null when a program before that has sent it.</summary>
    public TracedMessage? Traced { get; init; }

    /// <summary>What of the turns is logged; null for nothing.</summary>
    public LoggingMessage? Logging { get; init; }

    public required BatchMessage Batch { get; init; }
}

/// <summary>How an append ended.</summary>
internal enum AppendResult
{
    Appended,
    FencedOff,
    Gap,
    Ended,
    Diverged,
}

/// <summary>Answer of Append.</summary>
/// <param name="Result">How it ended.</param>
/// <param name="LastTurn">The last durable turn; where the turns diverged, the first that differs.</param>
/// <param name="Chain">The chain at that turn, where it was appended.</param>
internal sealed record AppendAnswer(AppendResult Result, long LastTurn, long Chain);

/// <summary>Input of Invoke.</summary>
internal sealed record InvokeRequest : ExecutionMessage
{
    public required string Instance { get; init; }

    /// <summary>Tells executions of the same name apart, for idempotency keys.</summary>
    public required long Run { get; init; }

    /// <summary>Who the execution is, for telemetry; null when a program before that has sent it, or when the batch around says it.</summary>
    public TracedMessage? Traced { get; init; }

    /// <summary>What of the batch's turns is logged; null for nothing.</summary>
    public LoggingMessage? Logging { get; init; }

    /// <summary>What has to be durable before the call; null when nothing has.</summary>
    public BatchMessage? Batch { get; init; }

    /// <summary>The command, as its codec writes it.</summary>
    public required Body Invocation { get; init; }

    /// <summary>Bytes of outcome that may go along with the answer.</summary>
    public required int MaxInlineBytes { get; init; }
}

/// <summary>Answer of Invoke.</summary>
/// <param name="Append">How the append ended; null when there was nothing to append. Unless it was appended, nothing was called.</param>
/// <param name="Outcome">The stimulus; null when nothing was called, or the task's own time was up before the call ended.</param>
internal sealed record InvokeAnswer(AppendAnswer? Append, Body? Outcome);

/// <summary>Input of Claim.</summary>
internal sealed record ClaimRequest : ExecutionMessage
{
    public required long Task { get; init; }

    public required ClaimReason Reason { get; init; }

    public required DateTimeOffset Now { get; init; }
}

/// <summary>Answer of Claim.</summary>
/// <param name="Claimed">Whether the timer has won.</param>
/// <param name="Deadline">The next deadline, when a heartbeat has arrived meanwhile; else null.</param>
internal sealed record ClaimAnswer(bool Claimed, DateTimeOffset? Deadline);

/// <summary>Input of ReadInbox.</summary>
internal sealed record InboxRequest : ExecutionMessage
{
    /// <summary>The epoch that begins; null when it has begun.</summary>
    public long? Begins { get; init; }

    public ImmutableArray<string> Known { get; init; } = [];
}

/// <summary>Answer of ReadInbox.</summary>
/// <param name="IsFenced">Whether a later epoch has taken over, so that there is nothing to do any more.</param>
/// <param name="Items">What has arrived.</param>
/// <param name="HasMore">Whether there is more.</param>
/// <param name="Settings">What is configured now, for an epoch that begins; else null.</param>
internal sealed record InboxAnswer(bool IsFenced, ImmutableArray<InboxMessage> Items, bool HasMore, OrchestrationSettings? Settings);

/// <summary>A stimulus that has arrived.</summary>
internal sealed record InboxMessage(string Id, Body Stimulus);

/// <summary>What LoadPart reads.</summary>
internal enum PartSource
{
    /// <summary>The first stimulus.</summary>
    Start,

    /// <summary>The definition.</summary>
    Machine,

    /// <summary>The state with which an epoch begins.</summary>
    State,

    /// <summary>Something that an activity or the orchestrator has put aside.</summary>
    Body,
}

/// <summary>Input of LoadPart.</summary>
internal sealed record LoadPartRequest : ExecutionMessage
{
    public required PartSource Source { get; init; }

    public required int Part { get; init; }

    public long Epoch { get; init; }

    public string? Name { get; init; }
}

/// <summary>Answer of LoadPart.</summary>
internal sealed record PartAnswer(ReadOnlyMemory<byte> Content, bool HasMore);

/// <summary>Input of StorePart.</summary>
internal sealed record StorePartRequest : ExecutionMessage
{
    public required string Name { get; init; }

    public required int Part { get; init; }

    public required ReadOnlyMemory<byte> Content { get; init; }
}

/// <summary>Input of SaveState.</summary>
internal sealed record SaveStateRequest : ExecutionMessage
{
    public required long Epoch { get; init; }

    public required int Part { get; init; }

    public required ReadOnlyMemory<byte> Content { get; init; }
}

/// <summary>Input of Quarantine.</summary>
internal sealed record QuarantineRequest : ExecutionMessage
{
    public required string Reason { get; init; }
}

/// <summary>Input of TaskBatch: the calls, in order.</summary>
internal sealed record TaskBatchInput : IVersioned
{
    public int V { get; init; } = OrchestrationJson.Version;

    public required OrchestrationSettings Settings { get; init; }

    /// <summary>Who the execution is, for telemetry; null when a program before that has sent it.</summary>
    public TracedMessage? Traced { get; init; }

    public required ImmutableArray<InvokeRequest> Calls { get; init; }
}

/// <summary>Answer of TaskBatch: the outcomes, in the order of the calls.</summary>
internal sealed record TaskBatchAnswer(ImmutableArray<InvokeAnswer> Answers);
