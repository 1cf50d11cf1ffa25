using System.Buffers;
using System.Diagnostics;
using Lockstep.Asl.Compiled;
using Lockstep.Azure.Driver;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Orchestration;
using Lockstep.Azure.Orchestration.Activities;
using Lockstep.Azure.Orchestration.Contracts;
using Lockstep.Azure.Orchestration.Pump;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Redrives;
using Lockstep.Service.StateMachines;

namespace Lockstep.Azure.Recovery;

/// <summary>
/// Redrives an execution: decides its stored turns again, as far as they go, opens its head again together with the stimulus in its inbox, and has a new
/// orchestration go on from there, under an epoch that fences the old one off. Once the head is open the redrive is durable; what is left to do then, the sweep
/// and the recovery do, should this be cut off.
/// </summary>
internal sealed class ExecutionRedrive(RecoveryParts parts, TableExecutionLedger ledger, IIntents intents, DecideTurn decide, TimeProvider time, TimeSpan sweepAfter)
{
    private readonly LedgerStore _store = new(parts.Tables, parts.Blobs);

    /// <summary>See <see cref="IExecutionDriver.RedriveAsync"/>.</summary>
    public async ValueTask<Result<RedriveOutcome>> RedriveAsync(RedriveRequest request, CancellationToken cancellation)
    {
        ExecutionKey key = request.Key;
        var intent = new Intent(IntentKind.Start, key, time.GetUtcNow() + sweepAfter);
        for (int attempt = 0; attempt < LedgerStore.MaxAttempts; attempt++)
        {
            // The head first: whoever changes it between the two reads makes the opening fail.
            HeadRow? head = await _store.FindHeadAsync(key, cancellation);
            LedgerHead? found = await ledger.FindAsync(key, cancellation);
            if (head is null || found is null)
            {
                return DriverErrors.NoExecution(key);
            }

            if (head.Quarantine is not null)
            {
                return DriverErrors.Quarantined(key);
            }

            DateTimeOffset now = time.GetUtcNow();
            RedriveDecision? decided = RedriveDecision.AtOnce(
                head.Status, head.StoppedAt, (int)head.Redrives, RedriveTokens.Read(head.Tokens), request, now);
            if (decided is not null)
            {
                return Answer(decided, found);
            }

            StoredReplay stored = await new StoredExecutions(parts, decide).ReplayAsync(found, head, cancellation);
            if (stored is not { Replay: { } replay, Revision: { } revision })
            {
                return DriverErrors.Quarantined(key);
            }

            CompiledMachine? other = request.Revision is null ? null : parts.Compiled.Get(request.Revision.Definition);
            decided = RedriveDecision.Of(replay.State, replay.Machine, request, other, now, startsNewMapRuns: true);
            if (decided.Stimulus is not { } redriven)
            {
                return Answer(decided, found);
            }

            // What follows the end has to be done before anything else happens to the execution.
            await ledger.SettleAsync(key, cancellation);
            await intents.AddAsync(intent, cancellation);
            HeadRow opened = head with
            {
                Epoch = Math.Max(head.Epoch, 1) + 1,
                Status = ExecutionStatus.Running,
                StoppedAt = null,
                RecoveredTurn = null,
                Recoveries = 0,
                Redrives = head.Redrives + 1,
                RedrivenAt = redriven.Time,
                Tokens = RedriveTokens.With(head.Tokens, request.ClientToken, redriven.Time),
                Revision = redriven.Definition?.RevisionId ?? head.Revision,
                Version = redriven.Definition is null ? head.Version : request.Version,
            };
            if (!await OpenAsync(key, head, opened, redriven, cancellation))
            {
                continue;
            }

            StateMachineRecord runs = redriven.Definition is null || request.Revision is null ? revision : request.Revision;
            ExecutionRecord record = await ledger.SettleAsync(key, cancellation) is { } settled ? settled.Record : found.Record;
            await ScheduleAsync(record, found.Part, runs, replay, opened.Epoch, cancellation);
            await intents.RemoveAsync(intent, cancellation);
            return new RedriveOutcome(record, redriven.Time, Created: true);
        }

        throw LedgerStore.Contended(key);
    }

    private static Result<RedriveOutcome> Answer(RedriveDecision decided, LedgerHead found) => decided.Error is { } refused
        ? refused
        : new RedriveOutcome(found.Record, decided.RepeatedAt ?? throw new UnreachableException(), Created: false);

    /// <summary>
    /// Opens the head: tasks of before take no report, what waited in the inbox is gone, and the redrive waits there. False when somebody else has changed
    /// the head; each transaction replaces it by its version.
    /// </summary>
    private async ValueTask<bool> OpenAsync(ExecutionKey key, HeadRow head, HeadRow opened, Redriven redriven, CancellationToken cancellation)
    {
        string partition = LedgerKeys.Partition(key);
        var plan = new AppendPlan(key, head);
        await foreach (TaskRow row in new LedgerTurns(_store).ReadTasksAsync(key, cancellation))
        {
            if (row.Condition == TaskCondition.Open)
            {
                plan.Add(head, new PutEntity(TaskRow.Closed(row.Task).ToEntity(key)));
            }
        }

        foreach (EntityKey left in await LeftAsync(key, cancellation))
        {
            plan.Add(head, new DeleteEntity(left, null));
        }

        if (await _store.FindAsync(key, LedgerKeys.End, cancellation) is not { } end)
        {
            // Another redrive has moved it since the head was read; under the same head it can only be lost.
            return (await _store.FindHeadAsync(key, cancellation))?.ETag != head.ETag
                ? false
                : throw new InvalidOperationException($"Execution '{key.Id}' has ended and has no end.");
        }

        var kept = new Entity(new EntityKey(partition, LedgerKeys.EndBefore(head.Redrives)), end.Properties);
        Entity item = await InboxRow.ToEntityAsync(_store, key, redriven.Time.UtcTicks, redriven, cancellation);
        plan.Add(
            opened,
            new DeleteEntity(new EntityKey(partition, LedgerKeys.End), null),
            new PutEntity(kept),
            new InsertEntity(item),
            new PutEntity(OutboxRow.ToEntity(key, ExecutionStatus.Running, redriven.Time)));
        return await plan.WriteAsync(_store, static _ => { }, cancellation) is not null;
    }

    /// <summary>Rows of stimuli that no turn has taken in, and that of a stop that was asked for.</summary>
    private async ValueTask<List<EntityKey>> LeftAsync(ExecutionKey key, CancellationToken cancellation)
    {
        List<EntityKey> left = [];
        string? continuation = null;
        do
        {
            EntityPage page = await _store.QueryAsync(LedgerKeys.Inbox(key), 100, continuation, cancellation);
            left.AddRange(page.Items.Select(row => row.Key));
            continuation = page.Continuation;
        }
        while (continuation is not null);
        if (await _store.FindAsync(key, LedgerKeys.Stop, cancellation) is { } stop)
        {
            left.Add(stop.Key);
        }

        return left;
    }

    private async ValueTask ScheduleAsync(
        ExecutionRecord record, ExecutionPart runs, StateMachineRecord revision, ReplayedTurns replay, long epoch, CancellationToken cancellation)
    {
        ExecutionKey key = record.Key;
        var bytes = new ArrayBufferWriter<byte>();
        StateCodec.Write(bytes, replay.State);
        bool isLarge = bytes.WrittenCount > MessageSizes.InlineState;
        for (int part = 0; isLarge && part <= bytes.WrittenCount / MessageSizes.Part; part++)
        {
            await ledger.SaveStatePartAsync(key, epoch, part, BodyParts.PartOf(bytes.WrittenMemory, part), cancellation);
        }

        // A call of before may hold the end of the old orchestration back; the epoch keeps it from doing anything.
        string instance = ExecutionInstances.IdOf(key);
        await parts.Orchestrations.TerminateAsync(instance, cancellation);
        await parts.Orchestrations.PurgeAsync(instance, cancellation);
        var carried = new CarriedOver(replay.Chain, isLarge ? (ReadOnlyMemory<byte>?)null : bytes.WrittenMemory, []);
        await parts.Orchestrations.ScheduleAsync(
            OrchestrationScheduler.StartOf(record, ExecutionOrchestrator.InputFor(key, revision, carried, epoch, parts.Settings, runs)), cancellation);
    }
}
