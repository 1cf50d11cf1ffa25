using System.Collections.Concurrent;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Service.Logging;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Logging;

/// <summary>
/// Log events in the table <c>logs</c> (<see cref="LogRows"/>). Every write puts, so what is repeated changes nothing. Removes what is older than it has to be:
/// a group that was not touched for that long, and has no events, goes too.
/// </summary>
public sealed class TableLogStore : ILogStore, ILeavesLitter
{
    /// <summary>How long a process relies on having touched a group; much shorter than anything is kept.</summary>
    private static readonly TimeSpan _touchedFor = TimeSpan.FromHours(1);

    /// <summary>Groups that one step of removal looks at.</summary>
    private const int GroupsAtOnce = 10;

    private const int ReadsAtOnce = 16;

    /// <summary>Events that one page of a scan brings: each may be large.</summary>
    private const int MaxScanned = 64;
    private const int MaxTouched = 10_000;
    private const string AfterName = "after";

    private static readonly EntityKey CursorKey = new("platform|logs", "at");

    private readonly ITable _table;
    private readonly StorageRetry _retry;
    private readonly TimeProvider _time;
    private readonly TimeSpan _maxAge;
    private readonly ConcurrentDictionary<LogGroup, DateTimeOffset> _touched = new();

    /// <summary>Log groups in the deployment's tables.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="retry">How often to try.</param>
    /// <param name="time">The clock.</param>
    /// <param name="maxAge">The age at which an event is removed; at least a day.</param>
    public TableLogStore(ITables tables, StorageRetry retry, TimeProvider time, TimeSpan maxAge)
    {
        ArgumentNullException.ThrowIfNull(tables);
        _table = tables[TableName.Logs];
        _retry = retry;
        _time = time;
        _maxAge = maxAge;
    }

    /// <inheritdoc/>
    public async ValueTask AppendAsync(LogGroup group, IReadOnlyList<LogEvent> events, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(events);
        if (events.Count == 0)
        {
            return;
        }

        await TouchAsync(group, cancellation);
        foreach (IGrouping<int, LogEvent> share in events.GroupBy(one => LogRows.ShardOf(one.Execution)))
        {
            List<EntityWrite> writes = [];
            long bytes = 0;
            foreach (LogEvent one in share.DistinctBy(one => (one.Execution, one.Time.UtcTicks, one.Id)))
            {
                (Entity content, Entity place) = LogRows.ToEntities(LogRows.PartitionOf(group, share.Key), one);
                EntityWrite[] both = [new PutEntity(content), new PutEntity(place)];
                long more = TableRules.TransactionBytes(both);
                if (writes.Count + both.Length > TableRules.MaxWrites || (writes.Count > 0 && bytes + more > TableRules.MaxTransactionBytes))
                {
                    await WriteAsync(writes, cancellation);
                    writes = [];
                    bytes = 0;
                }

                writes.AddRange(both);
                bytes += more;
            }

            await WriteAsync(writes, cancellation);
        }
    }

    /// <inheritdoc/>
    public ValueTask<Page<LogEvent>> ReadAsync(LogGroup group, LogFilter filter, PageRequest page, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(page);
        return filter.Execution is { } execution
            ? ReadExecutionAsync(group, execution, filter, page, cancellation)
            : ReadGroupAsync(group, filter, page, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<Page<string>> ListGroupsAsync(TenantId tenant, PageRequest page, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(page);
        return _retry.RunAsync<Page<string>>(
            async () =>
            {
                EntityRange range = LogRows.Groups(tenant);
                if (page.Cursor is { } last)
                {
                    range = range with { FromRow = OrderedText.After(LogRows.GroupKey(new LogGroup(tenant, last)).Row) };
                }

                List<Entity> rows = await RangeScan.FirstAsync(_table, range, page.MaxItems + 1, cancellation);
                string[] names = [.. rows.Take(page.MaxItems).Select(row => LogRows.ReadGroup(row).Name)];
                return new Page<string>(names, rows.Count > page.MaxItems ? names[^1] : null);
            },
            cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<int> ClearAsync(int maxItems, CancellationToken cancellation)
    {
        Entity? cursor = await _table.FindAsync(CursorKey, cancellation);
        string after = cursor is not null && cursor.TryGet<string>(AfterName, out string? row) ? row : "";
        var rest = new EntityRange(LogRows.GroupPartition, OrderedText.After(after), "~");
        List<Entity> groups = await RangeScan.FirstAsync(_table, rest, GroupsAtOnce, cancellation);
        int removed = 0;
        foreach (Entity group in groups)
        {
            int here = await ClearGroupAsync(group, maxItems, cancellation);
            removed += here;
            if (here >= MaxRemoved(maxItems))
            {
                // There may be more in it: the next step begins with it.
                return removed;
            }

            after = group.Key.Row;
        }

        Entity next = new Entity(CursorKey).With(AfterName, groups.Count == GroupsAtOnce ? after : null);
        await _table.WriteAsync([new PutEntity(next)], cancellation);
        return removed;
    }

    private async ValueTask TouchAsync(LogGroup group, CancellationToken cancellation)
    {
        DateTimeOffset now = _time.GetUtcNow();
        if (_touched.TryGetValue(group, out DateTimeOffset touched) && now - touched < _touchedFor)
        {
            return;
        }

        await WriteAsync([new PutEntity(LogRows.ToGroup(group, now))], cancellation);
        if (_touched.Count >= MaxTouched)
        {
            _touched.Clear();
        }

        _touched[group] = now;
    }

    private async ValueTask WriteAsync(List<EntityWrite> writes, CancellationToken cancellation)
    {
        if (writes.Count > 0)
        {
            await _retry.RunAsync<bool>(async () => (await _table.WriteAsync(writes, cancellation)).Succeeded ? true : Attempt.Again, cancellation);
        }
    }

    private async ValueTask<Page<LogEvent>> ReadExecutionAsync(
        LogGroup group, string execution, LogFilter filter, PageRequest page, CancellationToken cancellation)
    {
        List<LogEvent> items = [];
        long bytes = 0;
        string? last = page.Cursor;
        string partition = LogRows.PartitionOf(group, LogRows.ShardOf(execution));
        while (true)
        {
            int wanted = Math.Min(page.MaxItems + 1 - items.Count, MaxScanned);
            List<Entity> rows = await FirstAsync(LogRows.Events(partition, execution, last, filter.From, filter.Before), wanted, cancellation);
            foreach (Entity row in rows)
            {
                if (items.Count == page.MaxItems || bytes >= page.MaxBytes)
                {
                    return new Page<LogEvent>(items, last);
                }

                items.Add(LogRows.Read(row));
                bytes += items[^1].Text.Length;
                last = row.Key.Row;
            }

            if (rows.Count < wanted)
            {
                return new Page<LogEvent>(items, null);
            }
        }
    }

    /// <summary>The first entities of a range; every attempt is of one range alone, as a page may take many.</summary>
    private ValueTask<List<Entity>> FirstAsync(EntityRange range, int maxItems, CancellationToken cancellation) =>
        _retry.RunAsync<List<Entity>>(async () => await RangeScan.FirstAsync(_table, range, maxItems, cancellation), cancellation);

    private Task<Entity?> FindAsync(EntityKey key, CancellationToken cancellation) =>
        _retry.RunAsync<Entity?>(async () => await _table.FindAsync(key, cancellation), cancellation).AsTask();

    private async ValueTask<Page<LogEvent>> ReadGroupAsync(LogGroup group, LogFilter filter, PageRequest page, CancellationToken cancellation)
    {
        List<EntityKey> places = [];
        for (int shard = 0; shard < LogRows.Shards; shard++)
        {
            EntityRange range = LogRows.Places(LogRows.PartitionOf(group, shard), page.Cursor, filter.From, filter.Before);
            places.AddRange((await FirstAsync(range, page.MaxItems + 1, cancellation)).Select(row => row.Key));
        }

        places.Sort((left, right) => string.CompareOrdinal(left.Row, right.Row));
        List<LogEvent> items = [];
        long bytes = 0;
        int seen = 0;
        foreach (EntityKey[] some in places.Take(page.MaxItems).Chunk(ReadsAtOnce))
        {
            Entity?[] rows = await Task.WhenAll(some.Select(place => FindAsync(LogRows.ContentOf(place), cancellation)));
            foreach (Entity? row in rows)
            {
                if (bytes >= page.MaxBytes)
                {
                    return new Page<LogEvent>(items, places[seen - 1].Row);
                }

                seen++;
                if (row is not null)
                {
                    items.Add(LogRows.Read(row));
                    bytes += items[^1].Text.Length;
                }
            }
        }

        return new Page<LogEvent>(items, places.Count > seen ? places[seen - 1].Row : null);
    }

    /// <summary>Events that one step removes from a partition: they are small, and there are more of them than of anything else.</summary>
    private static int MaxRemoved(int maxItems) => Math.Min(10 * maxItems, TableRules.MaxPageItems);

    /// <summary>Removes old events of a group, and the group where it has none left; answers how many events it was.</summary>
    private async ValueTask<int> ClearGroupAsync(Entity row, int maxItems, CancellationToken cancellation)
    {
        LogGroup group = LogRows.ReadGroup(row);
        DateTimeOffset cutoff = _time.GetUtcNow() - _maxAge;
        int removed = 0;
        bool isEmpty = true;
        for (int shard = 0; shard < LogRows.Shards; shard++)
        {
            string partition = LogRows.PartitionOf(group, shard);
            List<Entity> old = await RangeScan.FirstAsync(_table, LogRows.Places(partition, null, null, cutoff), MaxRemoved(maxItems), cancellation);
            foreach (Entity[] some in old.Chunk(TableRules.MaxWrites / 2))
            {
                EntityWrite[] deletes =
                    [.. some.SelectMany(place => new[] { new DeleteEntity(place.Key, null), new DeleteEntity(LogRows.ContentOf(place.Key), null) })];
                removed += (await _table.WriteAsync(deletes, cancellation)).Succeeded ? some.Length : 0;
            }

            isEmpty = isEmpty && (await RangeScan.FirstAsync(_table, LogRows.Places(partition, null, null, null), 1, cancellation)).Count == 0;
        }

        if (isEmpty && row.ETag is { } version && row.Get<DateTimeOffset>(LogRows.Touched) <= cutoff)
        {
            await _table.WriteAsync([new DeleteEntity(row.Key, version)], cancellation);
        }

        return removed;
    }
}
