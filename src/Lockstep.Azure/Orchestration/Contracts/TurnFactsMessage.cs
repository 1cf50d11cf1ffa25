using System.Text.Json;
using System.Text.Json.Serialization;
using Lockstep.Asl;
using Lockstep.Engine;
using Lockstep.Service.Executions;
using Lockstep.Service.Telemetry;

namespace Lockstep.Azure.Orchestration.Contracts;

/// <summary>Who an execution is, for telemetry: its spans and the traceparents of its calls follow from it.</summary>
/// <param name="Arn">Its ARN.</param>
/// <param name="Incarnation">Its incarnation.</param>
/// <param name="TraceParent">What it was handed of a trace; null when nothing.</param>
internal sealed record TracedMessage(string Arn, long Incarnation, string? TraceParent)
{
    public static TracedMessage Of(ExecutionIdentity identity) => new(identity.ExecutionArn, identity.Incarnation, identity.TraceParent);

    /// <summary>The execution; what an orchestration runs is never an Express one.</summary>
    public TracedExecution Of(ExecutionKey key) => new(key, Arn, Incarnation, TraceParent, IsExpress: false);
}

/// <summary>
/// What there is to tell of a turn, on its way from the orchestrator that decides it to the activity that makes it durable. It is always sent, whether
/// anybody listens or not, as a replay has to send the same. Names are short and times are ticks since the start, as one turn may end a thousand visits.
/// </summary>
internal sealed record TurnFactsMessage
{
    [JsonPropertyName("s")]
    public required DateTimeOffset Started { get; init; }

    [JsonPropertyName("b")]
    public long? Before { get; init; }

    [JsonPropertyName("t")]
    public required long Time { get; init; }

    [JsonPropertyName("e")]
    public ExecutionStatus? Ended { get; init; }

    [JsonPropertyName("n")]
    public int Transitions { get; init; }

    [JsonPropertyName("c")]
    public KindCount[]? Called { get; init; }

    [JsonPropertyName("f")]
    public KindCount[]? Failed { get; init; }

    [JsonPropertyName("o")]
    public KindCount[]? TimedOut { get; init; }

    [JsonPropertyName("r")]
    public int? Retries { get; init; }

    [JsonPropertyName("q")]
    public long? QueueWait { get; init; }

    [JsonPropertyName("l")]
    public long? Late { get; init; }

    [JsonPropertyName("v")]
    public VisitMessage[]? Visits { get; init; }

    /// <summary>The bytes that travel.</summary>
    /// <param name="facts">What there is to tell.</param>
    /// <param name="late">How late the timer fired that the turn took in; null when it took none.</param>
    public static byte[] Write(TurnFacts facts, TimeSpan? late) => JsonSerializer.SerializeToUtf8Bytes(
        new TurnFactsMessage
        {
            Started = facts.Started,
            Before = (facts.Before - facts.Started)?.Ticks,
            Time = (facts.Time - facts.Started).Ticks,
            Ended = facts.Status == ExecutionStatus.Running ? null : facts.Status,
            Transitions = facts.Transitions,
            Called = facts.Called is [] ? null : [.. facts.Called],
            Failed = facts.Failed is [] ? null : [.. facts.Failed],
            TimedOut = facts.TimedOut is [] ? null : [.. facts.TimedOut],
            Retries = facts.Retries == 0 ? null : facts.Retries,
            QueueWait = facts.QueueWait?.Ticks,
            Late = late?.Ticks,
            Visits = facts.Visits is [] ? null : [.. facts.Visits.Select(visit => VisitMessage.Of(visit, facts.Started))],
        },
        OrchestrationJson.Default.TurnFactsMessage);

    /// <summary>Reads what travelled.</summary>
    public static TurnFactsMessage Read(ReadOnlySpan<byte> bytes) =>
        JsonSerializer.Deserialize(bytes, OrchestrationJson.Default.TurnFactsMessage) ?? throw new JsonException("The facts of a turn are null.");

    /// <summary>What there is to tell.</summary>
    public TurnFacts ToFacts() => new()
    {
        Started = Started,
        Before = Before is { } before ? Started.AddTicks(before) : null,
        Time = Started.AddTicks(Time),
        Status = Ended ?? ExecutionStatus.Running,
        Transitions = Transitions,
        Called = [.. Called ?? []],
        Failed = [.. Failed ?? []],
        TimedOut = [.. TimedOut ?? []],
        Retries = Retries ?? 0,
        QueueWait = QueueWait is { } wait ? TimeSpan.FromTicks(wait) : null,
        Visits = [.. (Visits ?? []).Select(visit => visit.ToVisit(Started))],
    };
}

/// <summary>A visit of a state that a turn ended (<see cref="StateVisit"/>).</summary>
internal sealed record VisitMessage(
    [property: JsonPropertyName("n")] string Name,
    [property: JsonPropertyName("t")] StateType Type,
    [property: JsonPropertyName("i")] long Event,
    [property: JsonPropertyName("s")] long Entered,
    [property: JsonPropertyName("a")] long? Around,
    [property: JsonPropertyName("x")] int? Index,
    [property: JsonPropertyName("o")] VisitOutcome? Outcome)
{
    public static VisitMessage Of(StateVisit visit, DateTimeOffset started) => new(
        visit.StateName,
        visit.StateType,
        visit.EnteredEventId,
        (visit.EnteredTime - started).Ticks,
        visit.AroundEventId == 0 ? null : visit.AroundEventId,
        visit.Index == 0 ? null : visit.Index,
        visit.Outcome == VisitOutcome.Exited ? null : visit.Outcome);

    public StateVisit ToVisit(DateTimeOffset started) => new(
        Name, Type, Event, started.AddTicks(Entered), Around ?? 0, Index ?? 0, Outcome ?? VisitOutcome.Exited);
}
