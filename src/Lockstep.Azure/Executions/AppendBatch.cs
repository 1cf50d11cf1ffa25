using System.Collections.Immutable;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;

namespace Lockstep.Azure.Executions;

/// <summary>
/// What an orchestration sends to be made durable: consecutive turns, and whatever has to be true together with them. Repeating a batch, or
/// sending its turns again as part of a longer one, changes nothing.
/// </summary>
public sealed record AppendBatch
{
    /// <summary>
    /// The epoch that sends it: a number that grows whenever an execution goes on somewhere else (continued as new, redriven). An older epoch
    /// than the ledger knows is fenced off.
    /// </summary>
    public required long Epoch { get; init; }

    /// <summary>The turns, ordinals ascending without a gap; none when only the rest is to be written.</summary>
    public ImmutableArray<TurnRecord> Turns { get; init; } = [];

    /// <summary>Tasks whose outcomes will come from outside; each can be reported to as soon as the batch is durable.</summary>
    public ImmutableArray<OpenTaskRow> Opens { get; init; } = [];

    /// <summary>Tasks that the turns have given up: reports to them are refused from now on. One that is closed already, or never was open, is passed over.</summary>
    public ImmutableArray<CommandId> Closes { get; init; } = [];

    /// <summary>Ids of inbox items whose stimuli the turns have taken in; they are removed. One that is gone already is passed over.</summary>
    public ImmutableArray<string> Taken { get; init; } = [];

    /// <summary>
    /// Ordinal of the last command that the turns have given out (<see cref="Engine.State.ExecutionState.LastCommandId"/>): tells a report of a
    /// task that is over from one of a task that never was. 0 when it is not known; what <see cref="Opens"/> says counts in any case.
    /// </summary>
    public long LastCommand { get; init; }

    /// <summary>How the last turn ended the execution; null when it goes on. After an end every further batch but the same one is refused.</summary>
    public ExecutionEnd? End { get; init; }

    /// <summary>How far a map run is after the last of the turns; null when it is none, or there are no turns.</summary>
    public MapRunProgress? MapRun { get; init; }

    /// <summary>
    /// Told of each turn that this very append makes durable, in order, as soon as it is; of turns that were durable before it is told nothing. An
    /// append that writes and never learns of it tells nothing either. Must not throw. Null for nobody.
    /// </summary>
    public Action<TurnRecord>? OnDurable { get; init; }
}

/// <summary>One turn, encoded.</summary>
/// <param name="Turn">Its ordinal, from 1 (<see cref="Engine.State.ExecutionState.Turn"/> after it).</param>
/// <param name="FirstEventId">Id of its first event; where it has none, of the event that would come next.</param>
/// <param name="Events">How many events it has.</param>
/// <param name="Chain">Hash over every turn up to this one (<see cref="TurnChain"/>): two chains that agree here agree in all before.</param>
/// <param name="Transitions">State transitions billed for it.</param>
/// <param name="Bytes">Stimulus and events as <see cref="TurnCodec"/> writes them.</param>
public sealed record TurnRecord(long Turn, long FirstEventId, int Events, long Chain, long Transitions, ReadOnlyMemory<byte> Bytes);

/// <summary>How an execution ended.</summary>
public sealed record ExecutionEnd(ExecutionStatus Status, DateTimeOffset Time, JsonValue? Output, string? Error, string? Cause);

/// <summary>A task that waits for a report from outside the orchestration.</summary>
/// <param name="Task">The command.</param>
/// <param name="Kind">Who reports.</param>
/// <param name="Scheduled">When it was scheduled.</param>
/// <param name="HeartbeatSeconds">Longest time between heartbeats; null when none are asked for.</param>
/// <param name="Activity">Name of the activity whose workers may take it; null unless <see cref="OpenTaskKind.Activity"/>.</param>
/// <param name="Invocation">
/// What is called, as <see cref="InvocationCodec"/> writes it, for the kinds that somebody else than the orchestration carries out or whose outcome
/// depends on how it was called: all but <see cref="OpenTaskKind.Callback"/>.
/// </param>
public sealed record OpenTaskRow(
    CommandId Task, OpenTaskKind Kind, DateTimeOffset Scheduled, long? HeartbeatSeconds, string? Activity, ReadOnlyMemory<byte>? Invocation);

/// <summary>Who reports the outcome of a task.</summary>
public enum OpenTaskKind
{
    /// <summary>Whoever holds the task token.</summary>
    Callback,

    /// <summary>A worker of an activity, which polls for it first.</summary>
    Activity,

    /// <summary>The child execution that the task has started, when it ends.</summary>
    Child,

    /// <summary>The worker that takes it from the queue <c>tasks</c>.</summary>
    Queued,
}

/// <summary>How an append ended. The set is closed.</summary>
public abstract record AppendOutcome;

/// <summary>Everything in the batch is durable, by this append or by one before.</summary>
/// <param name="LastTurn">The last turn that is durable.</param>
/// <param name="Chain">The chain at that turn.</param>
public sealed record Appended(long LastTurn, long Chain) : AppendOutcome;

/// <summary>
/// A later epoch has taken over, the execution is quarantined, or it is not there any more; whoever sent the batch has to stop without any
/// further effect.
/// </summary>
/// <param name="Epoch">The epoch in force; 0 when there is no execution.</param>
public sealed record FencedOff(long Epoch) : AppendOutcome;

/// <summary>Turns are missing between the last durable one and the first of the batch: the batch before has not arrived yet.</summary>
public sealed record AppendGap(long LastTurn) : AppendOutcome;

/// <summary>The execution has ended with another turn than the batch says.</summary>
public sealed record AlreadyEnded(long LastTurn) : AppendOutcome;

/// <summary>The durable turns have another chain: the interpreter decides otherwise than it did. The execution has to be quarantined.</summary>
public sealed record Diverged(long Turn, long Stored, long Sent) : AppendOutcome;
