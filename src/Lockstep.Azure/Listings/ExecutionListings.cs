using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Listings;

/// <summary>
/// What lists of executions show, and how many are open. A tenant has <see cref="Shards"/> partitions; an execution has a row for each list that
/// shows it, all in one of them, together with that partition's count of open ones. They change in one transaction, so the count is
/// always the number of rows that say running.
/// </summary>
internal sealed class ExecutionListings(ITables tables)
{
    /// <summary>Partitions of a tenant. Part of the stored form: executions are spread by a hash over exactly so many.</summary>
    public const int Shards = 8;

    /// <summary>Lists of one kind that a tenant has: a partition has one of executions, and behind all of those one of parts of map runs.</summary>
    public const int Lists = 2 * Shards;

    private const string Counter = "n";
    private const string Open = "Open";

    private readonly ITable _table = tables[TableName.Listings];

    /// <summary>Lists an execution as running; one that is listed already stays as it is.</summary>
    public async ValueTask OpenAsync(ExecutionRecord record, CancellationToken cancellation)
    {
        string partition = PartitionOf(record.Key);
        for (int attempt = 0; attempt < LedgerStore.MaxAttempts; attempt++)
        {
            // Parts of map runs are not counted: then the first write is a row already.
            EntityWrite[] counted = record.IsPartOfMapRun ? [] : [await CountAsync(partition, change: 1, cancellation)];
            WriteOutcome written = await _table.WriteAsync(
                [.. counted, .. ListingRow.RowsOf(record).Select(row => new InsertEntity(ListingRow.ToEntity(partition, row, record)))], cancellation);
            if (written.Succeeded || written.FailedIndex >= counted.Length)
            {
                return;
            }
        }

        throw LedgerStore.Contended(record.Key);
    }

    /// <summary>Lists an execution as ended; the record says how. One that was redriven since stays as it is.</summary>
    public ValueTask CloseAsync(ExecutionRecord record, CancellationToken cancellation) => MoveAsync(record, cancellation);

    /// <summary>Lists a redriven execution as running; one that has ended since, or was redriven again, stays as it is.</summary>
    public ValueTask ReopenAsync(ExecutionRecord record, CancellationToken cancellation) => MoveAsync(record, cancellation);

    private async ValueTask MoveAsync(ExecutionRecord record, CancellationToken cancellation)
    {
        string partition = PartitionOf(record.Key);
        ImmutableArray<string> after = ListingRow.RowsOf(record);
        for (int attempt = 0; attempt < LedgerStore.MaxAttempts; attempt++)
        {
            Entity? listed = await _table.FindAsync(new EntityKey(partition, after[0]), cancellation);
            ExecutionRecord? shown = listed is null ? null : ListingRow.Read(record.Key.Tenant, listed);
            bool isOlder = shown is null || shown.RedriveCount < record.RedriveCount
                || (shown.RedriveCount == record.RedriveCount && shown.Status == ExecutionStatus.Running && record.Status != ExecutionStatus.Running);
            if (!isOlder)
            {
                return;
            }

            // The lists of all executions have the same row before and after; those of one status have another one.
            List<EntityWrite> writes = [.. after.Skip(1).Select(row => new PutEntity(ListingRow.ToEntity(partition, row, record)))];
            Entity first = ListingRow.ToEntity(partition, after[0], record);
            if (listed?.ETag is { } version && shown is not null)
            {
                writes.Insert(0, new ReplaceEntity(first, version));
                writes.AddRange(ListingRow.RowsOf(shown).Except(after).Select(row => new DeleteEntity(new EntityKey(partition, row), null)));
            }
            else
            {
                // Nobody has listed it before, and nobody will list it as running, once this row is there.
                writes.Insert(0, new InsertEntity(first));
            }

            long change = OpenIn(record) - (shown is null ? 0 : OpenIn(shown));
            if (change != 0 && !record.IsPartOfMapRun)
            {
                writes.Add(await CountAsync(partition, change, cancellation));
            }

            if ((await _table.WriteAsync(writes, cancellation)).Succeeded)
            {
                return;
            }
        }

        throw LedgerStore.Contended(record.Key);
    }

    private static long OpenIn(ExecutionRecord record) => record.Status == ExecutionStatus.Running ? 1 : 0;

    /// <summary>Executions that are open: a point read for each partition, however many there are.</summary>
    public async ValueTask<long> CountOpenAsync(TenantId tenant, CancellationToken cancellation)
    {
        Entity?[] counters = await Task.WhenAll(Enumerable.Range(0, Shards)
            .Select(shard => _table.FindAsync(new EntityKey(PartitionOf(tenant, shard), Counter), cancellation).AsTask()));
        return counters.Sum(counter => counter?.Get<long>(Open) ?? 0);
    }

    /// <summary>
    /// Executions, newest start first: the first ones of each partition, merged. The cursor is the place of the last one seen, so what starts later
    /// does not move the pages.
    /// </summary>
    public async ValueTask<Page<ExecutionRecord>> ListAsync(
        TenantId tenant, ExecutionFilter filter, PageRequest page, CancellationToken cancellation)
    {
        string list = ListingRow.ListOf(filter);
        string from = page.Cursor is null ? list : $"{list}{page.Cursor}!";
        List<Entity>[] found = await Task.WhenAll(Enumerable.Range(0, Shards).Select(shard =>
            FirstAsync(new EntityRange(PartitionOf(tenant, shard), from, list + "~"), page.MaxItems + 1, cancellation)));
        Entity[] merged =
        [
            .. found.SelectMany(rows => rows).OrderBy(row => row.Key.Row, StringComparer.Ordinal).Take(page.MaxItems + 1),
        ];
        ExecutionRecord[] items = [.. merged.Take(page.MaxItems).Select(row => ListingRow.Read(tenant, row))];
        return new Page<ExecutionRecord>(items, merged.Length > page.MaxItems ? merged[page.MaxItems - 1].Key.Row[list.Length..] : null);
    }

    /// <summary>Rows of a list of all executions that started at a time or before it, the latest first.</summary>
    /// <param name="tenant">The owner.</param>
    /// <param name="list">The list, below <see cref="Lists"/>.</param>
    /// <param name="time">The time.</param>
    /// <param name="after">The row after which to go on; null for the first.</param>
    /// <param name="maxItems">Rows at most.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<List<Entity>> StartedByAsync(
        TenantId tenant, int list, DateTimeOffset time, string? after, int maxItems, CancellationToken cancellation) => FromAsync(
            tenant, list % Shards, list < Shards ? ListingRow.ListOf(new ExecutionFilter(null, null)) : ListingRow.ListOfParts(null), time, after, maxItems, cancellation);

    /// <summary>Rows of a list of running executions that started at a time or before it, the latest first.</summary>
    /// <param name="tenant">The owner.</param>
    /// <param name="list">The list, below <see cref="Lists"/>.</param>
    /// <param name="time">The time.</param>
    /// <param name="after">The row after which to go on; null for the first.</param>
    /// <param name="maxItems">Rows at most.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<List<Entity>> RunningAsync(
        TenantId tenant, int list, DateTimeOffset time, string? after, int maxItems, CancellationToken cancellation) => FromAsync(
            tenant,
            list % Shards,
            list < Shards ? ListingRow.ListOf(new ExecutionFilter(null, ExecutionStatus.Running)) : ListingRow.ListOfParts(ExecutionStatus.Running),
            time,
            after,
            maxItems,
            cancellation);

    /// <summary>Whether any execution of a machine is listed that started at a time or before it: a scan of one row in each partition.</summary>
    public async ValueTask<bool> AnyStartedByAsync(TenantId tenant, string machine, DateTimeOffset time, CancellationToken cancellation)
    {
        string list = ListingRow.ListOf(new ExecutionFilter(machine, null));
        List<Entity>[] found = await Task.WhenAll(Enumerable.Range(0, Shards).Select(shard => FirstAsync(
            new EntityRange(PartitionOf(tenant, shard), list + ListingRow.PlaceOf(time), list + "~"), 1, cancellation)));
        return found.Any(rows => rows.Count > 0);
    }

    /// <summary>Takes an ended execution off the lists; one that is not on them is no failure.</summary>
    public async ValueTask RemoveAsync(ExecutionRecord record, CancellationToken cancellation)
    {
        string partition = PartitionOf(record.Key);
        DeleteEntity[] deletes = [.. ListingRow.RowsOf(record).Select(row => new DeleteEntity(new EntityKey(partition, row), null))];
        if ((await _table.WriteAsync(deletes, cancellation)).Succeeded)
        {
            return;
        }

        foreach (DeleteEntity one in deletes)
        {
            await _table.WriteAsync([one], cancellation);
        }
    }

    private Task<List<Entity>> FromAsync(
        TenantId tenant, int shard, string list, DateTimeOffset time, string? after, int maxItems, CancellationToken cancellation)
    {
        string from = after is null ? list + ListingRow.PlaceOf(time) : after + "!";
        return FirstAsync(new EntityRange(PartitionOf(tenant, shard), from, list + "~"), maxItems, cancellation);
    }

    private async Task<List<Entity>> FirstAsync(EntityRange range, int maxItems, CancellationToken cancellation)
    {
        List<Entity> rows = [];
        string? continuation = null;
        do
        {
            EntityPage page = await _table.QueryAsync(range, Math.Min(maxItems - rows.Count, TableRules.MaxPageItems), continuation, cancellation);
            rows.AddRange(page.Items);
            continuation = page.Continuation;
        }
        while (continuation is not null && rows.Count < maxItems);
        return rows;
    }

    private async ValueTask<EntityWrite> CountAsync(string partition, long change, CancellationToken cancellation)
    {
        var key = new EntityKey(partition, Counter);
        Entity? counter = await _table.FindAsync(key, cancellation);
        Entity changed = new Entity(key).With(Open, (counter?.Get<long>(Open) ?? 0) + change);
        return counter?.ETag is { } version ? new ReplaceEntity(changed, version) : new InsertEntity(changed);
    }

    private static string PartitionOf(ExecutionKey key) => PartitionOf(
        key.Tenant, int.Parse(LedgerKeys.Digest(key.Id).AsSpan(0, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture) % Shards);

    /// <summary>A partition of the lists.</summary>
    public static string PartitionOf(TenantId tenant, int shard) => string.Create(CultureInfo.InvariantCulture, $"{tenant.Value}|s|{shard:D2}");
}
