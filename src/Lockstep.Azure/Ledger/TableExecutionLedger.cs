using System.Collections.Immutable;
using System.Diagnostics;
using Lockstep.Azure.Events;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Intents;
using Lockstep.Azure.Listings;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Telemetry;

namespace Lockstep.Azure.Ledger;

/// <summary>
/// The ledger in Azure Tables, with large bodies in blobs. docs/azure-storage.md has the rows. It keeps nothing in memory: any number of
/// processes may work on the same execution, and versions of rows decide between them. What follows from the rows in other partitions, that is lists,
/// counts and the events of start and end, is written by the same calls before they answer; so whoever repeats a call until it has been
/// answered has made all of it true.
/// </summary>
public sealed class TableExecutionLedger : IExecutionLedger
{
    /// <summary>Characters of a quarantine's reason that are kept.</summary>
    public const int MaxReasonLength = 1_000;

    /// <summary>When the sweep looks whether everything that follows an end has been done.</summary>
    public static readonly TimeSpan EndPatience = TimeSpan.FromMinutes(1);

    private readonly LedgerStore _store;
    private readonly LedgerInbox _inbox;
    private readonly LedgerCreation _creation;
    private readonly LedgerAppend _append;
    private readonly LedgerTasks _tasks;
    private readonly LedgerStates _states;
    private readonly ExecutionListings _listings;
    private readonly ExecutionOutbox _outbox;
    private readonly TableIntents _intents;

    /// <summary>A ledger over the deployment's tables, blobs and topic.</summary>
    /// <param name="tables">Tables.</param>
    /// <param name="blobs">Blobs.</param>
    /// <param name="messages">The topic.</param>
    /// <param name="telemetry">Told of published events; null when nobody wants to know.</param>
    public TableExecutionLedger(ITables tables, IBlobs blobs, IMessages messages, ServiceTelemetry? telemetry = null)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(blobs);
        ArgumentNullException.ThrowIfNull(messages);
        _store = new LedgerStore(tables, blobs);
        _inbox = new LedgerInbox(_store);
        _creation = new LedgerCreation(_store);
        _append = new LedgerAppend(_store, _inbox);
        _tasks = new LedgerTasks(_store);
        _states = new LedgerStates(blobs);
        _listings = new ExecutionListings(tables);
        _outbox = new ExecutionOutbox(_store, messages, telemetry);
        _intents = new TableIntents(tables);
    }

    /// <inheritdoc/>
    public async ValueTask<CreateOutcome> CreateAsync(NewExecution execution, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(execution);
        CreateOutcome outcome = await _creation.CreateAsync(execution, cancellation);
        ExecutionRecord? listed = outcome switch
        {
            Created => execution.Record,
            TaskHasChild { Child: var child } => child.Record,

            // Its process may have died before it was listed, and whoever asks again is the last who could know.
            NameTaken { Existing: { LastTurn: 0 } existing } => existing.Record,
            NameTaken => null,
            _ => throw new UnreachableException(),
        };
        if (listed is { Status: ExecutionStatus.Running })
        {
            await _listings.OpenAsync(listed, cancellation);
        }

        return outcome;
    }

    /// <inheritdoc/>
    public ValueTask<LedgerHead?> FindAsync(ExecutionKey key, CancellationToken cancellation) => _creation.FindAsync(key, cancellation);

    /// <inheritdoc/>
    public async ValueTask<AppendOutcome> AppendAsync(ExecutionKey key, AppendBatch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Intent? ending = batch.End is { } end ? new Intent(IntentKind.End, key, end.Time + EndPatience) : null;
        if (ending is not null)
        {
            await _intents.AddAsync(ending, cancellation);
        }

        AppendOutcome outcome = await _append.AppendAsync(key, batch, cancellation);

        // The event of the start goes out with the first turn: that saves a send where the same batch ends the execution. Parts of map runs have none.
        bool isFirst = batch.Turns is [{ Turn: 1 }, ..] && !PinnedMachines.IsPart(key);
        LedgerHead? settled = outcome is Appended && (isFirst || ending is not null) ? await SettleAsync(key, cancellation) : null;
        if (ending is not null && settled?.Parent is not { Waits: true })
        {
            // Where a parent waits, somebody has to tell it yet.
            await _intents.RemoveAsync(ending, cancellation);
        }

        return outcome;
    }

    /// <inheritdoc/>
    public async ValueTask<LedgerHead?> SettleAsync(ExecutionKey key, CancellationToken cancellation)
    {
        if (await _creation.FindAsync(key, cancellation) is not { } head)
        {
            return null;
        }

        bool hasEnded = head.Record.Status != ExecutionStatus.Running;
        if (hasEnded)
        {
            await _listings.CloseAsync(head.Record, cancellation);
        }
        else if (head.Record.RedriveCount > 0)
        {
            await _listings.ReopenAsync(head.Record, cancellation);
        }
        else if (head.LastTurn == 0)
        {
            await _listings.OpenAsync(head.Record, cancellation);
        }

        if (head.Part.Kind == ExecutionKind.Machine && (hasEnded || head.LastTurn > 0))
        {
            await _outbox.PublishAsync(head.Record, cancellation);
        }

        return head;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> BeginEpochAsync(ExecutionKey key, long epoch, CancellationToken cancellation)
    {
        for (int attempt = 0; attempt < LedgerStore.MaxAttempts; attempt++)
        {
            HeadRow? head = await _store.FindHeadAsync(key, cancellation);
            if (head is null || head.Quarantine is not null || head.Epoch >= epoch)
            {
                return head is { Quarantine: null } && head.Epoch == epoch;
            }

            if ((await _store.WriteAsync([(head with { Epoch = epoch }).Replace(key)], cancellation)).Succeeded)
            {
                return true;
            }
        }

        throw LedgerStore.Contended(key);
    }

    /// <inheritdoc/>
    public ValueTask<InboxPage> ReadInboxAsync(
        ExecutionKey key, ImmutableHashSet<string> known, int maxItems, int maxBytes, CancellationToken cancellation) =>
        _inbox.ReadAsync(key, known, maxItems, maxBytes, cancellation);

    /// <inheritdoc/>
    public ValueTask<Result<Accepted>> ReportAsync(ExecutionKey key, CommandId task, Stimulus outcome, CancellationToken cancellation) =>
        _tasks.ReportAsync(key, task, outcome, cancellation);

    /// <inheritdoc/>
    public ValueTask<Result<Accepted>> HeartbeatAsync(ExecutionKey key, CommandId task, DateTimeOffset now, CancellationToken cancellation) =>
        _tasks.HeartbeatAsync(key, task, now, cancellation);

    /// <inheritdoc/>
    public ValueTask<ClaimOutcome> ClaimAsync(
        ExecutionKey key, CommandId task, ClaimReason reason, DateTimeOffset now, CancellationToken cancellation) =>
        _tasks.ClaimAsync(key, task, reason, now, cancellation);

    /// <inheritdoc/>
    public ValueTask<OpenTaskRow?> FindOpenTaskAsync(ExecutionKey key, CommandId task, CancellationToken cancellation) =>
        _tasks.FindOpenAsync(key, task, cancellation);

    /// <inheritdoc/>
    public ValueTask<ExecutionKey?> FindChildAsync(ExecutionKey parent, CommandId task, CancellationToken cancellation) =>
        _creation.FindChildAsync(parent, task, cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> RequestStopAsync(ExecutionKey key, StopRequested stop, CommandId? waiting, CancellationToken cancellation) =>
        _inbox.RequestStopAsync(key, stop, waiting, cancellation);

    /// <inheritdoc/>
    public async ValueTask QuarantineAsync(ExecutionKey key, string reason, CancellationToken cancellation)
    {
        string kept = reason.Length <= MaxReasonLength ? reason : reason[..MaxReasonLength];
        for (int attempt = 0; attempt < LedgerStore.MaxAttempts; attempt++)
        {
            HeadRow? head = await _store.FindHeadAsync(key, cancellation);
            bool isDone = head is null || head.HasEnded || head.Quarantine is not null;
            if (isDone || head is null || (await _store.WriteAsync([(head with { Quarantine = kept }).Replace(key)], cancellation)).Succeeded)
            {
                return;
            }
        }

        throw LedgerStore.Contended(key);
    }

    /// <inheritdoc/>
    public ValueTask SaveStatePartAsync(ExecutionKey key, long epoch, int part, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        _states.SaveAsync(key, epoch, part, content, cancellation);

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> ReadStatePartAsync(ExecutionKey key, long epoch, int part, CancellationToken cancellation) =>
        _states.ReadAsync(key, epoch, part, cancellation);

    /// <inheritdoc/>
    public ValueTask DropStatesBeforeAsync(ExecutionKey key, long epoch, CancellationToken cancellation) =>
        _states.DropBeforeAsync(key, epoch, cancellation);
}
