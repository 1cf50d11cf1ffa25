using System.Collections.Immutable;
using Lockstep.Engine;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Executions;

/// <summary>
/// The truth about executions, in a partition each: head, turns with their history, open tasks, inbox. Orchestrations come and go; what
/// the ledger says holds. Every method may be repeated after a failure whose effect is unknown, and every answer means that what it says is
/// durable.
/// </summary>
public interface IExecutionLedger
{
    /// <summary>Adds an execution that is to be scheduled.</summary>
    ValueTask<CreateOutcome> CreateAsync(NewExecution execution, CancellationToken cancellation);

    /// <summary>What is needed to begin or resume; null when there is no such execution.</summary>
    ValueTask<LedgerHead?> FindAsync(ExecutionKey key, CancellationToken cancellation);

    /// <summary>Makes turns durable, and what goes with them.</summary>
    ValueTask<AppendOutcome> AppendAsync(ExecutionKey key, AppendBatch batch, CancellationToken cancellation);

    /// <summary>
    /// Makes the lists, the count and the published events agree with an execution's rows; for those that lost their process between the two.
    /// Answers with the execution, null when there is none.
    /// </summary>
    ValueTask<LedgerHead?> SettleAsync(ExecutionKey key, CancellationToken cancellation);

    /// <summary>Takes an execution over for an epoch: older ones are fenced off from now on. False when a later one has done so already.</summary>
    ValueTask<bool> BeginEpochAsync(ExecutionKey key, long epoch, CancellationToken cancellation);

    /// <summary>Stimuli that have arrived and that no durable turn has taken in, oldest first, except those named.</summary>
    /// <param name="key">The execution.</param>
    /// <param name="known">Ids of items that the caller has already.</param>
    /// <param name="maxItems">Items at most.</param>
    /// <param name="maxBytes">Bytes of stimuli after which no more are added; at least one is answered when there is one.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<InboxPage> ReadInboxAsync(
        ExecutionKey key, ImmutableHashSet<string> known, int maxItems, int maxBytes, CancellationToken cancellation);

    /// <summary>
    /// Reports the outcome of an open task: TaskSucceeded, TaskFailed or, for activities, ActivityTaken. Of outcomes, the first wins, and the
    /// same one again is accepted again. Fails with TaskTimedOut when the task no longer waits, with TaskDoesNotExist when it never was.
    /// Puts the stimulus into the inbox; waking the orchestration is the caller's part.
    /// </summary>
    ValueTask<Result<Accepted>> ReportAsync(ExecutionKey key, CommandId task, Stimulus outcome, CancellationToken cancellation);

    /// <summary>Moves the heartbeat deadline of an open task; wakes nobody. Fails as <see cref="ReportAsync"/>.</summary>
    ValueTask<Result<Accepted>> HeartbeatAsync(ExecutionKey key, CommandId task, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>
    /// A timer says that an open task has timed out, or has missed its heartbeat: competes with reports for the task's row.
    /// </summary>
    ValueTask<ClaimOutcome> ClaimAsync(ExecutionKey key, CommandId task, ClaimReason reason, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>An open task; null when it is not open any more, or never was.</summary>
    ValueTask<OpenTaskRow?> FindOpenTaskAsync(ExecutionKey key, CommandId task, CancellationToken cancellation);

    /// <summary>The child that a task has started, or is about to start; null when it has started none.</summary>
    ValueTask<ExecutionKey?> FindChildAsync(ExecutionKey parent, CommandId task, CancellationToken cancellation);

    /// <summary>
    /// Puts a StopRequested into the inbox, once; later ones change nothing. False when the execution has ended or is not there, or when another task of its
    /// parent than the one that is named waits for it by now.
    /// </summary>
    /// <param name="key">The execution.</param>
    /// <param name="stop">The stimulus.</param>
    /// <param name="waiting">The task of its parent that has given it up; null for whoever asks for the stop of the execution itself.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<bool> RequestStopAsync(ExecutionKey key, StopRequested stop, CommandId? waiting, CancellationToken cancellation);

    /// <summary>Marks an execution whose replay differs; it shows as running and answers ConflictException until an operator looks at it.</summary>
    ValueTask QuarantineAsync(ExecutionKey key, string reason, CancellationToken cancellation);

    /// <summary>Keeps the state with which an epoch begins, in parts, each at most 256 KiB; writing a part again changes nothing.</summary>
    ValueTask SaveStatePartAsync(ExecutionKey key, long epoch, int part, ReadOnlyMemory<byte> content, CancellationToken cancellation);

    /// <summary>Reads a part; null when there is none.</summary>
    ValueTask<ReadOnlyMemory<byte>?> ReadStatePartAsync(ExecutionKey key, long epoch, int part, CancellationToken cancellation);

    /// <summary>Removes the states of epochs before one.</summary>
    ValueTask DropStatesBeforeAsync(ExecutionKey key, long epoch, CancellationToken cancellation);
}

/// <summary>An execution that is to begin.</summary>
/// <param name="Record">What it shows: running, with its input.</param>
/// <param name="Start">Its first stimulus.</param>
/// <param name="Parent">The task that starts it; null when none does.</param>
public sealed record NewExecution(ExecutionRecord Record, Started Start, ParentTask? Parent)
{
    /// <summary>What of its machine it runs.</summary>
    public ExecutionPart Part { get; init; }
}

/// <summary>How a creation ended. The set is closed.</summary>
public abstract record CreateOutcome;

/// <summary>It is there now.</summary>
public sealed record Created : CreateOutcome;

/// <summary>The name is taken.</summary>
public sealed record NameTaken(LedgerHead Existing) : CreateOutcome;

/// <summary>The parent's task has started a child before; that one is meant.</summary>
public sealed record TaskHasChild(LedgerHead Child) : CreateOutcome;

/// <summary>An execution as the ledger knows it.</summary>
/// <param name="Record">What it shows, with input, and with output once it has ended.</param>
/// <param name="Start">Its first stimulus.</param>
/// <param name="Parent">The task that started it, or that waits for it since it was redriven; null when none did.</param>
/// <param name="Epoch">The epoch in force; 0 before the first.</param>
/// <param name="LastTurn">The last durable turn; 0 before the first.</param>
/// <param name="LastEventId">The last durable event; 0 before the first.</param>
/// <param name="Chain">The chain at that turn.</param>
/// <param name="Quarantine">Why it is quarantined; null when it is not.</param>
public sealed record LedgerHead(
    ExecutionRecord Record, Started Start, ParentTask? Parent, long Epoch, long LastTurn, long LastEventId, long Chain, string? Quarantine)
{
    /// <summary>The revision that its first turn ran; a redrive may have put another one in its place.</summary>
    public string FirstRevisionId { get; init; } = Record.RevisionId;

    /// <summary>What of its machine it runs.</summary>
    public ExecutionPart Part { get; init; }

    /// <summary>How far a map run is; null for other executions.</summary>
    public MapRunProgress? MapRun { get; init; }

    /// <summary>Whether what runs of a part of a map run is being stopped, to be redriven for its parent's task when it has ended.</summary>
    public bool RedrivesAtEnd { get; init; }

    /// <summary>
    /// With what an Express execution begins: one that was redriven runs once more from its start, at another time and with other keys for its calls.
    /// </summary>
    internal Started Attempt => Record.RedrivenAt is not { } redriven
        ? Start
        : Start with { Time = redriven, Identity = Start.Identity with { Seed = unchecked(Start.Identity.Seed + ((ulong)Record.RedriveCount * SeedStep)) } };

    /// <summary>Odd, so no two attempts of one execution have the same seed.</summary>
    private const ulong SeedStep = 0x9E37_79B9_7F4A_7C15;

    /// <summary>The execution as it was added.</summary>
    internal NewExecution AsNew => new(Record, Start, Parent) { Part = Part };
}

/// <summary>Stimuli that wait.</summary>
/// <param name="Items">The items.</param>
/// <param name="HasMore">Whether more wait.</param>
public sealed record InboxPage(ImmutableArray<InboxItem> Items, bool HasMore);

/// <summary>A stimulus that waits.</summary>
/// <param name="Id">Names it within the execution; ascending in order of arrival.</param>
/// <param name="Stimulus">The stimulus.</param>
public sealed record InboxItem(string Id, Stimulus Stimulus);

/// <summary>Which timer claims a task.</summary>
public enum ClaimReason
{
    /// <summary>Its timeout.</summary>
    Timeout,

    /// <summary>Its heartbeat.</summary>
    Heartbeat,
}

/// <summary>How a claim ended. The set is closed.</summary>
public abstract record ClaimOutcome;

/// <summary>The timer has won: the task is closed, reports are refused from now on. Claiming again gives the same answer.</summary>
public sealed record Claimed : ClaimOutcome;

/// <summary>A report was faster; it is in the inbox, or was, and the timer means nothing any more.</summary>
public sealed record ReportedBefore : ClaimOutcome;

/// <summary>A heartbeat has arrived meanwhile; the next deadline.</summary>
public sealed record StillAlive(DateTimeOffset Deadline) : ClaimOutcome;
