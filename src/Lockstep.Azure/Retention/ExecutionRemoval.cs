using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Listings;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Engine;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Retention;

/// <summary>
/// Removes one execution, in an order that can be cut off anywhere and taken up again: its head says that it goes (from here on nobody reads it, and
/// nobody else can have its name); its orchestration is forgotten; its blobs go; its rows go, the head last; its place in the lists goes, by which it was found. What starts under
/// its name afterwards is another execution, known by another start.
/// </summary>
internal sealed class ExecutionRemoval
{
    private readonly LedgerStore _store;
    private readonly LedgerCreation _executions;
    private readonly ExecutionListings _listings;
    private readonly ITable _table;
    private readonly IBlobs _blobs;

    public ExecutionRemoval(ITables tables, IBlobs blobs)
    {
        _store = new LedgerStore(tables, blobs);
        _executions = new LedgerCreation(_store);
        _listings = new ExecutionListings(tables);
        _table = tables[TableName.Executions];
        _blobs = blobs;
    }

    /// <summary>Removes an execution that is listed, unless it is still needed. True when it is gone.</summary>
    /// <param name="listed">What the list shows of it.</param>
    /// <param name="cutoff">Those that have ended by then may go.</param>
    /// <param name="now">The time.</param>
    /// <param name="orchestrations">Has its orchestration; null where nothing is orchestrated.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<bool> RemoveAsync(
        ExecutionRecord listed, DateTimeOffset cutoff, DateTimeOffset now, IOrchestrations? orchestrations, CancellationToken cancellation)
    {
        HeadRow? head = await _store.FindHeadAsync(listed.Key, cancellation);
        if (head is { Expired: null })
        {
            if (await _executions.FindAsync(listed.Key, cancellation) is not { } found)
            {
                return false;
            }

            if (found.Record.StartedAt != listed.StartedAt)
            {
                // The name has been given away since; of the execution that is meant, only its place in the lists is left.
                head = null;
            }
            else if (!await MayGoAsync(found, cutoff, cancellation)
                || !(await _store.WriteAsync([(head with { Expired = now }).Replace(listed.Key)], cancellation)).Succeeded)
            {
                return false;
            }
        }

        if (head is not null && orchestrations is not null)
        {
            await orchestrations.PurgeAsync(ExecutionInstances.IdOf(listed.Key), cancellation);
        }

        if (head is not null && !await RemoveRowsAsync(listed.Key, cancellation))
        {
            return false;
        }

        await UnlistAsync(listed, now, cancellation);
        return true;
    }

    /// <summary>
    /// Whether nothing needs it any more: it has ended long ago, nobody has to look at it, its events are published, and no running parent may ask
    /// what has become of its child.
    /// </summary>
    private async ValueTask<bool> MayGoAsync(LedgerHead found, DateTimeOffset cutoff, CancellationToken cancellation)
    {
        if (found.Record.Status == ExecutionStatus.Running || found.Quarantine is not null || !(found.Record.StoppedAt <= cutoff))
        {
            return false;
        }

        await foreach (Entity _ in RangeScan.AllAsync(_table, LedgerKeys.Outbox(found.Record.Key), 1, cancellation))
        {
            return false;
        }

        return found.Parent is not { } parent
            || await _executions.FindAsync(parent.Execution, cancellation) is not { Record.Status: ExecutionStatus.Running };
    }

    /// <summary>Blobs, then rows, then the head. False when somebody else is removing it too.</summary>
    private async ValueTask<bool> RemoveRowsAsync(ExecutionKey key, CancellationToken cancellation)
    {
        await RemoveBlobsAsync(LedgerKeys.Folder(key), cancellation);
        List<DeleteEntity> deletes = [];
        await foreach (Entity row in RangeScan.AllAsync(_table, LedgerKeys.Rest(key), TableRules.MaxPageItems, cancellation))
        {
            deletes.Add(new DeleteEntity(row.Key, null));
        }

        foreach (DeleteEntity[] some in deletes.Chunk(TableRules.MaxWrites))
        {
            if (!(await _table.WriteAsync(some, cancellation)).Succeeded)
            {
                return false;
            }
        }

        List<EntityWrite> last = [];
        await foreach (Entity row in RangeScan.AllAsync(_table, LedgerKeys.Overview(key), TableRules.MaxPageItems, cancellation))
        {
            if (row.Key.Row == LedgerKeys.Head && HeadRow.Read(row).Expired is null)
            {
                return false;
            }

            last.Add(new DeleteEntity(row.Key, row.ETag));
        }

        return last.Count == 0 || (await _table.WriteAsync(last, cancellation)).Succeeded;
    }

    private async ValueTask RemoveBlobsAsync(string folder, CancellationToken cancellation)
    {
        string? continuation = null;
        do
        {
            BlobPage page = await _blobs.ListAsync(folder, BlobRules.MaxPageItems, continuation, cancellation);
            foreach (string name in page.Names)
            {
                await _blobs.DeleteAsync(name, cancellation);
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    private async ValueTask UnlistAsync(ExecutionRecord listed, DateTimeOffset now, CancellationToken cancellation)
    {
        ExecutionRecord ended = listed;
        if (listed.Status == ExecutionStatus.Running)
        {
            // It is counted as open, though there is nothing of it any more.
            ended = listed with { Status = ExecutionStatus.Aborted, StoppedAt = now };
            await _listings.CloseAsync(ended, cancellation);
        }

        await _listings.RemoveAsync(ended, cancellation);
    }
}
