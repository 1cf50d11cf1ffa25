using System.Collections.Immutable;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Ledger;

/// <summary>
/// Makes turns durable. The head's version decides between writers: whatever a batch adds, it adds together with the head that it has read, so a
/// batch that lost a race looks again. First it is tried as if nothing of it was there; when that is refused, the rows themselves are asked.
/// </summary>
internal sealed class LedgerAppend(LedgerStore store, LedgerInbox inbox)
{
    /// <summary>See <see cref="IExecutionLedger.AppendAsync"/>.</summary>
    public async ValueTask<AppendOutcome> AppendAsync(ExecutionKey key, AppendBatch batch, CancellationToken cancellation)
    {
        RequireConsecutive(batch);
        bool refusedBefore = false;
        for (int attempt = 0; attempt < LedgerStore.MaxAttempts; attempt++)
        {
            HeadRow? head = await store.FindHeadAsync(key, cancellation);
            if (head is null)
            {
                return new FencedOff(0);
            }

            if (await AnswerWithoutWritingAsync(key, head, batch, cancellation) is { } answer)
            {
                return answer;
            }

            ImmutableArray<TurnRecord> turns = [.. batch.Turns.Where(turn => turn.Turn > head.LastTurn)];
            bool careful = refusedBefore || turns.IsEmpty;
            AppendPlan plan = await PlanAsync(key, head, batch, turns, careful, cancellation);
            long told = head.LastTurn;
            HeadRow? written = plan.IsEmpty ? head : await plan.WriteAsync(store, after => told = Tell(batch, turns, told, after.LastTurn), cancellation);
            if (written is not null)
            {
                await DropBlobsAsync(key, batch.Taken, cancellation);
                return new Appended(written.LastTurn, written.Chain);
            }

            refusedBefore = true;
        }

        throw LedgerStore.Contended(key);
    }

    /// <summary>The answer where the head as it stands allows no writing; null where there may be something to write.</summary>
    private async ValueTask<AppendOutcome?> AnswerWithoutWritingAsync(
        ExecutionKey key, HeadRow head, AppendBatch batch, CancellationToken cancellation)
    {
        if (batch.Epoch < head.Epoch || head.Quarantine is not null)
        {
            return new FencedOff(head.Epoch);
        }

        TurnRecord? known = batch.Turns.LastOrDefault(turn => turn.Turn <= head.LastTurn);
        if (known is not null && await StoredChainAsync(key, head, known, cancellation) is var stored && stored != known.Chain)
        {
            return new Diverged(known.Turn, stored, known.Chain);
        }

        TurnRecord? fresh = batch.Turns.FirstOrDefault(turn => turn.Turn > head.LastTurn);
        if (head.HasEnded)
        {
            return await AnswerAfterEndAsync(key, head, batch, fresh is not null, cancellation);
        }

        if (fresh is null)
        {
            return null;
        }

        if (fresh.Turn != head.LastTurn + 1)
        {
            return new AppendGap(head.LastTurn);
        }

        // The turns before had other events than the sender's.
        return fresh.FirstEventId == head.LastEventId + 1 ? null : new Diverged(fresh.Turn, head.Chain, fresh.Chain);
    }

    private async ValueTask<AppendOutcome> AnswerAfterEndAsync(
        ExecutionKey key, HeadRow head, AppendBatch batch, bool hasFreshTurns, CancellationToken cancellation)
    {
        if (hasFreshTurns)
        {
            return new AlreadyEnded(head.LastTurn);
        }

        bool isDurable = batch.End is not { } end
            ? !batch.Turns.IsEmpty
            : batch.Turns is [.., var last]
                ? last.Turn == head.LastTurn
                : head.Status == end.Status && head.StoppedAt == end.Time && await HasEndAsync(key, head, end, cancellation);
        return isDurable ? new Appended(head.LastTurn, head.Chain) : new AlreadyEnded(head.LastTurn);
    }

    private async ValueTask<bool> HasEndAsync(ExecutionKey key, HeadRow head, ExecutionEnd end, CancellationToken cancellation) =>
        await store.FindAsync(key, LedgerKeys.End, cancellation) is { } row
        && StimulusBytes.Of(await EndRow.ReadAsync(store.Bodies, row, head.Status, cancellation)).Span.SequenceEqual(StimulusBytes.Of(end).Span);

    /// <summary>The chain at a durable turn; where the ledger has other events there, a value that differs from the sender's.</summary>
    private async ValueTask<long> StoredChainAsync(ExecutionKey key, HeadRow head, TurnRecord sent, CancellationToken cancellation)
    {
        if (sent.Turn == head.LastTurn)
        {
            return head.Chain;
        }

        // A page is found by the event that the turn ends with; turns without events may share it with the pages around.
        string? continuation = null;
        do
        {
            EntityPage rows = await store.QueryAsync(
                LedgerKeys.PagesFrom(key, TurnPage.LastEventId(sent)), maxItems: 10, continuation, cancellation);
            foreach (Entity row in rows.Items)
            {
                ImmutableArray<TurnRecord> turns = TurnPage.Read(await store.Bodies.ReadAsync(row, TurnPage.Body, cancellation));
                if (turns.FirstOrDefault(turn => turn.Turn == sent.Turn) is { } stored)
                {
                    return stored.Chain;
                }

                if (turns[0].Turn > sent.Turn)
                {
                    return ~sent.Chain;
                }
            }

            continuation = rows.Continuation;
        }
        while (continuation is not null);
        return ~sent.Chain;
    }

    private async ValueTask<AppendPlan> PlanAsync(
        ExecutionKey key, HeadRow head, AppendBatch batch, ImmutableArray<TurnRecord> turns, bool careful, CancellationToken cancellation)
    {
        HeadRow first = head with
        {
            Epoch = batch.Epoch,
            LastCommand = Math.Max(Math.Max(head.LastCommand, batch.LastCommand), batch.Opens.Select(open => open.Task.Ordinal).DefaultIfEmpty().Max()),
        };
        var plan = new AppendPlan(key, first with { ETag = head.ETag });
        List<ImmutableArray<TurnRecord>> pages = TurnPage.Group(turns.AsSpan(), Bodies.MaxInlineBytes);
        for (int index = 0; index < pages.Count; index++)
        {
            HeadRow after = After(plan.Head, pages[index]);
            bool isLast = index == pages.Count - 1;
            ImmutableArray<EntityWrite> page = [await PageAsync(key, pages[index], cancellation)];
            if (isLast && batch.MapRun is { } progress)
            {
                page = page.Add(new PutEntity(MapRunRow.ToEntity(key, progress)));
            }

            if (isLast && batch.End is { } end)
            {
                await AddEndAsync(plan, key, after, end, page, cancellation);
            }
            else
            {
                plan.Add(after, page);
            }
        }

        if (batch.End is { } bare && pages.Count == 0)
        {
            await AddEndAsync(plan, key, plan.Head, bare, [], cancellation);
        }

        if (batch.End is null)
        {
            await AddTasksAsync(plan, key, batch, careful, cancellation);
        }

        IReadOnlySet<string>? there = careful ? await inbox.ExistingAsync(key, batch.Taken, cancellation) : null;
        foreach (string id in batch.Taken.Distinct().Where(id => there?.Contains(id) ?? true))
        {
            plan.Add(plan.Head, new DeleteEntity(new EntityKey(LedgerKeys.Partition(key), LedgerKeys.Inbox(id)), null));
        }

        if (plan.IsEmpty && (first.Epoch != head.Epoch || first.LastCommand != head.LastCommand))
        {
            plan.Add(plan.Head);
        }

        return plan;
    }

    /// <summary>Tasks that the batch opens and gives up. After an end neither matters: the head answers every report.</summary>
    private async ValueTask AddTasksAsync(AppendPlan plan, ExecutionKey key, AppendBatch batch, bool careful, CancellationToken cancellation)
    {
        foreach (OpenTaskRow open in batch.Opens)
        {
            bool isDone = batch.Closes.Contains(open.Task) || (careful && await store.FindTaskAsync(key, open.Task, cancellation) is not null);
            if (!isDone)
            {
                Entity row = TaskRow.Of(open).ToEntity(key);
                row = open.Invocation is { } invocation
                    ? await store.Bodies.AddAsync(row, TaskRow.Invocation, invocation, key, $"t/{open.Task}", cancellation)
                    : row;
                plan.Add(plan.Head, new InsertEntity(row));
            }
        }

        foreach (CommandId task in batch.Closes.Distinct())
        {
            bool isDone = careful && await store.FindTaskAsync(key, task, cancellation) is { Condition: TaskCondition.Closed };
            if (!isDone)
            {
                plan.Add(plan.Head, new PutEntity(TaskRow.Closed(task).ToEntity(key)));
            }
        }
    }

    private async ValueTask AddEndAsync(
        AppendPlan plan, ExecutionKey key, HeadRow after, ExecutionEnd end, ImmutableArray<EntityWrite> page, CancellationToken cancellation)
    {
        Entity row = await EndRow.ToEntityAsync(store.Bodies, key, end, cancellation);
        page = page.Add(new InsertEntity(row));
        if (after.Kind == ExecutionKind.Machine)
        {
            page = page.Add(new InsertEntity(OutboxRow.ToEntity(key, end.Status, end.Time)));
        }

        plan.Add(after with { Status = end.Status, StoppedAt = end.Time }, page);
    }

    private async ValueTask<EntityWrite> PageAsync(ExecutionKey key, ImmutableArray<TurnRecord> turns, CancellationToken cancellation)
    {
        string row = LedgerKeys.Page(TurnPage.LastEventId(turns[^1]), turns[^1].Turn);
        var entity = new Entity(new EntityKey(LedgerKeys.Partition(key), row));
        return new InsertEntity(await store.Bodies.AddAsync(
            entity, TurnPage.Body, TurnPage.Write(turns), key, $"h/{LedgerKeys.Number(turns[0].Turn)}", cancellation));
    }

    private static HeadRow After(HeadRow head, ImmutableArray<TurnRecord> turns) => head with
    {
        LastTurn = turns[^1].Turn,
        LastEventId = TurnPage.LastEventId(turns[^1]),
        Chain = turns[^1].Chain,
        Transitions = head.Transitions + turns.Sum(turn => turn.Transitions),
    };

    private static long Tell(AppendBatch batch, ImmutableArray<TurnRecord> turns, long told, long durable)
    {
        foreach (TurnRecord turn in batch.OnDurable is null ? [] : turns.Where(turn => turn.Turn > told && turn.Turn <= durable))
        {
            batch.OnDurable?.Invoke(turn);
        }

        return durable;
    }

    private async ValueTask DropBlobsAsync(ExecutionKey key, ImmutableArray<string> taken, CancellationToken cancellation)
    {
        foreach (string id in taken)
        {
            if (InboxRow.BlobOf(key, id) is { } blob)
            {
                await store.Bodies.DeleteAsync(blob, cancellation);
            }
        }
    }

    private static void RequireConsecutive(AppendBatch batch)
    {
        for (int index = 1; index < batch.Turns.Length; index++)
        {
            TurnRecord before = batch.Turns[index - 1];
            TurnRecord turn = batch.Turns[index];
            if (turn.Turn != before.Turn + 1 || turn.FirstEventId != TurnPage.LastEventId(before) + 1)
            {
                throw new ArgumentException($"Turn {turn.Turn} does not follow turn {before.Turn}.", nameof(batch));
            }
        }
    }
}
