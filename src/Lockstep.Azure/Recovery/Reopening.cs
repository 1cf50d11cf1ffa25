using System.Buffers;
using Lockstep.Azure.Driver;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Orchestration;
using Lockstep.Azure.Orchestration.Activities;
using Lockstep.Azure.Orchestration.Contracts;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;

namespace Lockstep.Azure.Recovery;

/// <summary>Opens executions again that have ended, and has new orchestrations go on with them.</summary>
internal sealed class Reopening(RecoveryParts parts, TableExecutionLedger ledger)
{
    private readonly LedgerStore _store = new(parts.Tables, parts.Blobs);

    /// <summary>
    /// Opens the head: tasks of before take no report, what waited in the inbox is gone, and the redrive waits there. False when somebody else has changed
    /// the head; each transaction replaces it by its version.
    /// </summary>
    /// <param name="key">The execution.</param>
    /// <param name="head">Its head, as it was read.</param>
    /// <param name="opened">Its head from now on.</param>
    /// <param name="redriven">The first stimulus; null for an Express execution, which begins anew.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<bool> OpenAsync(ExecutionKey key, HeadRow head, HeadRow opened, Redriven? redriven, CancellationToken cancellation)
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
        List<EntityWrite> opens = [new DeleteEntity(new EntityKey(partition, LedgerKeys.End), null), new PutEntity(kept)];
        if (redriven is not null)
        {
            opens.Add(new InsertEntity(await InboxRow.ToEntityAsync(_store, key, redriven.Time.UtcTicks, redriven, cancellation)));
        }

        if (head.Kind == ExecutionKind.Machine && opened.RedrivenAt is { } time)
        {
            opens.Add(new PutEntity(OutboxRow.ToEntity(key, ExecutionStatus.Running, time)));
        }

        plan.Add(opened, [.. opens]);
        return await plan.WriteAsync(_store, static _ => { }, cancellation) is not null;
    }

    /// <summary>Rows of stimuli that no turn has taken in, and those that say that a stop and a change of a map run were asked for.</summary>
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
        foreach (string asked in (string[])[LedgerKeys.Stop, LedgerKeys.Update])
        {
            if (await _store.FindAsync(key, asked, cancellation) is { } row)
            {
                left.Add(row.Key);
            }
        }

        return left;
    }

    /// <summary>Has a new orchestration go on with an execution whose head is open.</summary>
    public async ValueTask ScheduleAsync(
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

        // Whoever has raised the epoch since looks after it.
        if ((await _store.FindHeadAsync(key, cancellation))?.Epoch != epoch)
        {
            return;
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
