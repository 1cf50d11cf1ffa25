using Lockstep.Azure.Executions;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Paging;

namespace Lockstep.Azure.Ledger;

/// <summary>What the rows of executions say of map runs: which an execution has started, and how they are to be changed.</summary>
internal sealed class LedgerMapRuns
{
    private readonly LedgerStore _store;
    private readonly LedgerCreation _executions;

    public LedgerMapRuns(ITables tables, IBlobs blobs)
    {
        _store = new LedgerStore(tables, blobs);
        _executions = new LedgerCreation(_store);
    }

    /// <summary>The map runs that an execution has started, newest first; null when there is no such execution.</summary>
    public async ValueTask<Page<LedgerHead>?> ListAsync(ExecutionKey execution, PageRequest page, CancellationToken cancellation)
    {
        if (await _store.FindHeadAsync(execution, cancellation) is not { Expired: null, Kind: not ExecutionKind.MapRun })
        {
            return null;
        }

        List<Entity> rows = [];
        string? continuation = null;
        do
        {
            EntityPage found = await _store.QueryAsync(
                LedgerKeys.MapRunsAfter(execution, page.Cursor), Math.Min(page.MaxItems + 1 - rows.Count, TableRules.MaxPageItems), continuation, cancellation);
            rows.AddRange(found.Items);
            continuation = found.Continuation;
        }
        while (continuation is not null && rows.Count <= page.MaxItems);
        List<LedgerHead> runs = [];
        foreach (Entity row in rows.Take(page.MaxItems))
        {
            // One that is named and not there was about to be added when its process died; whoever asks for it again adds it.
            if (await _executions.FindAsync(new ExecutionKey(execution.Tenant, StartRow.IdOf(row)), cancellation) is { } run)
            {
                runs.Add(run);
            }
        }

        return new Page<LedgerHead>(runs, rows.Count > page.MaxItems ? LedgerKeys.PlaceOfMapRun(rows[page.MaxItems - 1].Key) : null);
    }

    /// <summary>
    /// Puts a change of a map run into its inbox, behind all changes before; each is made of the one before, so none undoes another one's. The id of the item;
    /// null when the map run has ended, or is not there.
    /// </summary>
    public async ValueTask<(string Item, MapRunSettings Settings)?> UpdateAsync(
        ExecutionKey run, MapRunChange change, DateTimeOffset now, CancellationToken cancellation)
    {
        for (int attempt = 0; attempt < LedgerStore.MaxAttempts; attempt++)
        {
            if (await _executions.FindAsync(run, cancellation) is not { Record.Status: ExecutionStatus.Running, Quarantine: null, MapRun: { } progress })
            {
                return null;
            }

            Entity? before = await _store.FindAsync(run, LedgerKeys.Update, cancellation);
            (MapRunSettings settings, long last) = before is null ? (progress.Settings, 0) : MapRunRow.ReadUpdate(before);
            MapRunSettings after = change.Apply(settings);
            long arrived = Math.Max(now.UtcTicks, last + 1);
            Entity mark = MapRunRow.ToUpdate(run, after, arrived);
            Entity item = await InboxRow.ToEntityAsync(_store, run, arrived, new MapRunUpdated(now, after), cancellation);
            WriteOutcome written = await _store.WriteAsync(
                [before?.ETag is { } version ? new ReplaceEntity(mark, version) : new InsertEntity(mark), new InsertEntity(item)], cancellation);
            if (written.Succeeded)
            {
                return (LedgerKeys.InboxId(item.Key), after);
            }
        }

        throw LedgerStore.Contended(run);
    }

    /// <summary>Whether an item of the inbox waits still: no durable turn has taken it in.</summary>
    public async ValueTask<bool> IsWaitingAsync(ExecutionKey run, string item, CancellationToken cancellation) =>
        await _store.FindAsync(run, LedgerKeys.Inbox(item), cancellation) is not null;
}
