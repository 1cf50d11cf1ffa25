using Lockstep.Azure.Executions;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Ledger;

/// <summary>
/// Adds executions and finds them. Head, start and the event of the start are one transaction. What a parent's task starts is decided in the
/// parent's partition first: the row there holds the whole start, so whoever asks again completes what was begun.
/// </summary>
internal sealed class LedgerCreation(LedgerStore store)
{
    private readonly StartRow _starts = new(store.Bodies);

    /// <summary>See <see cref="IExecutionLedger.CreateAsync"/>.</summary>
    public async ValueTask<CreateOutcome> CreateAsync(NewExecution execution, CancellationToken cancellation)
    {
        if (execution.Parent is not { } parent)
        {
            return await InsertAsync(execution, cancellation);
        }

        NewExecution first = await ReserveAsync(parent, execution, cancellation);
        CreateOutcome outcome = await InsertAsync(first, cancellation);
        bool isOurs = IsSame(first, execution);
        return outcome switch
        {
            Created when isOurs => outcome,
            Created => await FindAsync(first.Record.Key, cancellation) is { } child ? new TaskHasChild(child) : throw LedgerStore.Contended(first.Record.Key),
            NameTaken taken when taken.Existing.Parent == parent => new TaskHasChild(taken.Existing),
            _ => outcome,
        };
    }

    /// <summary>See <see cref="IExecutionLedger.FindAsync"/>: one scan, whatever the execution has.</summary>
    public async ValueTask<LedgerHead?> FindAsync(ExecutionKey key, CancellationToken cancellation)
    {
        Dictionary<string, Entity> rows = new(StringComparer.Ordinal);
        string? continuation = null;
        do
        {
            EntityPage page = await store.QueryAsync(LedgerKeys.Overview(key), 10, continuation, cancellation);
            foreach (Entity row in page.Items)
            {
                rows[row.Key.Row] = row;
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
        if (!rows.TryGetValue(LedgerKeys.Head, out Entity? headRow) || !rows.TryGetValue(LedgerKeys.Start, out Entity? startRow))
        {
            return null;
        }

        HeadRow head = HeadRow.Read(headRow);
        if (head.Expired is not null)
        {
            return null;
        }

        NewExecution start = await _starts.ReadAsync(key.Tenant, startRow, cancellation);
        ExecutionRecord record = start.Record with
        {
            Status = head.Status,
            StoppedAt = head.StoppedAt,
            Transitions = head.Transitions,
            RedriveCount = (int)head.Redrives,
            RedrivenAt = head.RedrivenAt,
            RevisionId = head.Revision ?? start.Record.RevisionId,
            Version = head.Revision is null ? start.Record.Version : head.Version,
        };
        if (head.HasEnded && rows.TryGetValue(LedgerKeys.End, out Entity? endRow))
        {
            ExecutionEnd end = await EndRow.ReadAsync(store.Bodies, endRow, head.Status, cancellation);
            record = record with { Output = end.Output?.ToString(), Error = end.Error, Cause = end.Cause };
        }

        ParentTask? parent = start.Parent is { } first && head.WaitingTask is long waiting ? first with { Task = new CommandId(waiting) } : start.Parent;
        return new LedgerHead(record, start.Start, parent, head.Epoch, head.LastTurn, head.LastEventId, head.Chain, head.Quarantine)
        {
            FirstRevisionId = start.Record.RevisionId,
            Part = start.Part,
            RedrivesAtEnd = head.RedrivesAtEnd,
            MapRun = start.Part.Kind == ExecutionKind.MapRun ? ProgressOf(start, rows) : null,
        };
    }

    /// <summary>Before its first turn, a map run has done nothing.</summary>
    private static MapRunProgress ProgressOf(NewExecution run, Dictionary<string, Entity> rows) =>
        rows.TryGetValue(LedgerKeys.MapRun, out Entity? row)
            ? MapRunRow.Read(row)
            : new MapRunProgress(new MapRunRequest((JsonObject)run.Start.Input).Settings, MapRunCounts.None, MapRunCounts.None);

    /// <summary>See <see cref="IExecutionLedger.FindChildAsync"/>.</summary>
    public async ValueTask<ExecutionKey?> FindChildAsync(ExecutionKey parent, CommandId task, CancellationToken cancellation) =>
        await store.FindAsync(parent, LedgerKeys.Child(task), cancellation) is { } row ? new ExecutionKey(parent.Tenant, StartRow.IdOf(row)) : null;

    /// <summary>Notes that a task of a map run's or Map state's execution waits for a part that an earlier one has started.</summary>
    public async ValueTask NameChildAsync(ParentTask parent, ExecutionKey child, CancellationToken cancellation)
    {
        // Where it is there already, an attempt before this one has written it.
        var place = new EntityKey(LedgerKeys.Partition(parent.Execution), LedgerKeys.Child(parent.Task));
        await store.WriteAsync([new InsertEntity(StartRow.ToName(place, child))], cancellation);
    }

    /// <summary>What the task is to start: this execution, unless it was decided before.</summary>
    private async ValueTask<NewExecution> ReserveAsync(ParentTask parent, NewExecution execution, CancellationToken cancellation)
    {
        if (parent.Execution.Tenant != execution.Record.Key.Tenant)
        {
            throw new ArgumentException("A child belongs to the tenant of its parent.", nameof(execution));
        }

        var place = new EntityKey(LedgerKeys.Partition(parent.Execution), LedgerKeys.Child(parent.Task));
        Entity row = await _starts.ToEntityAsync(place, execution, cancellation);
        List<EntityWrite> writes = [new InsertEntity(row)];
        if (execution.Part.Kind == ExecutionKind.MapRun)
        {
            writes.Add(new InsertEntity(StartRow.ToName(new EntityKey(place.Partition, LedgerKeys.MapRunOf(parent.Task)), execution.Record.Key)));
        }

        WriteOutcome written = await store.WriteAsync(writes, cancellation);
        if (written.Succeeded)
        {
            return execution;
        }

        return await store.FindAsync(parent.Execution, place.Row, cancellation) is { } found
            ? await _starts.ReadAsync(parent.Execution.Tenant, found, cancellation)
            : throw LedgerStore.Contended(parent.Execution);
    }

    private async ValueTask<CreateOutcome> InsertAsync(NewExecution execution, CancellationToken cancellation)
    {
        ExecutionKey key = execution.Record.Key;
        string partition = LedgerKeys.Partition(key);
        Entity start = await _starts.ToEntityAsync(new EntityKey(partition, LedgerKeys.Start), execution, cancellation);
        List<EntityWrite> writes = [new InsertEntity(new HeadRow { Kind = execution.Part.Kind }.ToEntity(key)), new InsertEntity(start)];
        if (execution.Part.Kind == ExecutionKind.Machine)
        {
            writes.Add(new InsertEntity(OutboxRow.ToEntity(key, ExecutionStatus.Running, execution.Start.Time)));
        }

        WriteOutcome written = await store.WriteAsync(writes, cancellation);
        if (written.Succeeded)
        {
            return new Created();
        }

        LedgerHead existing = await FindAsync(key, cancellation) ?? throw LedgerStore.Contended(key);
        bool isOurs = existing.Start.Identity.Seed == execution.Start.Identity.Seed && existing.Start.Time == execution.Start.Time;
        return isOurs ? new Created() : new NameTaken(existing);
    }

    /// <summary>The seed is drawn for each start, so it tells the same start from another one of the same name.</summary>
    private static bool IsSame(NewExecution one, NewExecution other) =>
        one.Record.Key == other.Record.Key && one.Start.Identity.Seed == other.Start.Identity.Seed && one.Start.Time == other.Start.Time;
}
