using System.Collections.Immutable;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
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

    /// <summary>
    /// See <see cref="IExecutionLedger.RequestStopAsync"/>. The row that marks the request makes it the only one. One that is for a task holds for the head
    /// that was read: a redrive for another task, which comes in between, is not stopped.
    /// </summary>
    public async ValueTask<bool> RequestStopAsync(ExecutionKey key, StopRequested stop, CommandId? waiting, CancellationToken cancellation)
    {
        for (int attempt = 0; attempt < LedgerStore.MaxAttempts; attempt++)
        {
            if (await store.FindHeadAsync(key, cancellation) is not { HasEnded: false } head
                || (waiting is { } asked && head.WaitingTask is long now && asked.Ordinal != now))
            {
                return false;
            }

            if (await store.FindAsync(key, LedgerKeys.Stop, cancellation) is not null)
            {
                return true;
            }

            var mark = new Entity(new EntityKey(LedgerKeys.Partition(key), LedgerKeys.Stop));
            Entity item = await InboxRow.ToEntityAsync(store, key, stop.Time.UtcTicks, stop, cancellation);
            EntityWrite[] bound = waiting is null ? [] : [head.Replace(key)];
            WriteOutcome written = await store.WriteAsync([.. bound, new InsertEntity(mark), new InsertEntity(item)], cancellation);
            if (written.Succeeded || written.FailedIndex >= bound.Length)
            {
                return true;
            }
        }

        throw LedgerStore.Contended(key);
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
