using System.Collections.Immutable;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ports;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Ledger;

/// <summary>The stimuli that have arrived and that no durable turn has taken in.</summary>
internal sealed class LedgerInbox(LedgerStore store)
{
    private const int RowsAtOnce = 100;

    /// <summary>See <see cref="IExecutionLedger.ReadInboxAsync"/>.</summary>
    public async ValueTask<InboxPage> ReadAsync(
        ExecutionKey key, ImmutableHashSet<string> known, int maxItems, int maxBytes, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxItems, 1);
        ImmutableArray<InboxItem>.Builder items = ImmutableArray.CreateBuilder<InboxItem>();
        long bytes = 0;
        string? continuation = null;
        do
        {
            EntityPage page = await store.QueryAsync(LedgerKeys.Inbox(key), RowsAtOnce, continuation, cancellation);
            foreach (Entity row in page.Items)
            {
                if (known.Contains(LedgerKeys.InboxId(row.Key)))
                {
                    continue;
                }

                if (items.Count == maxItems || (bytes >= maxBytes && items.Count > 0))
                {
                    return new InboxPage(items.ToImmutable(), HasMore: true);
                }

                (InboxItem item, int size) = await InboxRow.ReadAsync(store, row, cancellation);
                items.Add(item);
                bytes += size;
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
        return new InboxPage(items.ToImmutable(), HasMore: false);
    }

    /// <summary>See <see cref="IExecutionLedger.RequestStopAsync"/>. The row that marks the request makes it the only one.</summary>
    public async ValueTask<bool> RequestStopAsync(ExecutionKey key, StopRequested stop, CancellationToken cancellation)
    {
        if (await store.FindHeadAsync(key, cancellation) is not { HasEnded: false })
        {
            return false;
        }

        var mark = new Entity(new EntityKey(LedgerKeys.Partition(key), LedgerKeys.Stop));
        if (await store.FindAsync(key, LedgerKeys.Stop, cancellation) is null)
        {
            Entity item = await InboxRow.ToEntityAsync(store, key, stop.Time.UtcTicks, stop, cancellation);
            await store.WriteAsync([new InsertEntity(mark), new InsertEntity(item)], cancellation);
        }

        return true;
    }

    /// <summary>Which of some items are still there.</summary>
    public async ValueTask<IReadOnlySet<string>> ExistingAsync(ExecutionKey key, ImmutableArray<string> ids, CancellationToken cancellation)
    {
        HashSet<string> existing = new(StringComparer.Ordinal);
        foreach (string id in ids)
        {
            if (await store.FindAsync(key, LedgerKeys.Inbox(id), cancellation) is not null)
            {
                existing.Add(id);
            }
        }

        return existing;
    }
}
