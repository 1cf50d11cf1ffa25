using Lockstep.Azure.Ledger;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Json;
using Lockstep.Service.Paging;
using Lockstep.Service.Tables;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Items;

/// <summary>
/// Tables that tasks work on: table <c>items</c>, where each has a row in its tenant's partition and a partition of its own for its items
/// (<see cref="ItemRows"/>). A change is one transaction: the item by its version, the answer under the change's id, and the head where the count
/// changes.
/// </summary>
public sealed class ItemTableStore : ITableStore, ILeavesLitter
{
    /// <summary>Changes that are forgotten at once.</summary>
    private const int ForgottenAtOnce = TableRules.MaxWrites / 2;

    /// <summary>Items that one page of a scan brings: each may be large.</summary>
    private const int MaxScanned = 100;

    private readonly ITable _table;
    private readonly NamedPartitions _tables;
    private readonly Litter _litter;
    private readonly StorageRetry _retry;

    /// <summary>Tables in the deployment's tables.</summary>
    public ItemTableStore(ITables tables, StorageRetry retry, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(tables);
        _table = tables[TableName.Items];
        _litter = NamedPartitions.LitterOf(_table, retry, time);
        _tables = new NamedPartitions(_table, "t", _litter, retry);
        _retry = retry;
    }

    /// <inheritdoc/>
    public ValueTask<bool> CreateAsync(TableRecord table, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(table);
        return _tables.CreateAsync(
            table.Place.Tenant, table.Place.Name, table.CreatedAt, row => ItemRows.Describe(row, table), ItemRows.Begin, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<TableRecord?> FindAsync(TablePlace place, CancellationToken cancellation) =>
        await _tables.FindAsync(place.Tenant, place.Name, cancellation) is { } row ? ItemRows.Read(place, row) : null;

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(TablePlace place, CancellationToken cancellation) => _tables.DeleteAsync(place.Tenant, place.Name, cancellation);

    /// <inheritdoc/>
    public ValueTask<Page<TableRecord>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) => _tables.ListAsync(
        tenant, page, row => ItemRows.Read(new TablePlace(tenant, NamedPartitions.NameOf(row)), row), table => table.Place.Name, cancellation);

    /// <inheritdoc/>
    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) => _tables.CountAsync(tenant, cancellation);

    /// <inheritdoc/>
    public ValueTask<JsonObject?> FindItemAsync(TablePlace place, string key, CancellationToken cancellation) => _retry.RunAsync<JsonObject?>(
        async () => await PartitionOfAsync(place, cancellation) is { } partition
            && await _table.FindAsync(ItemRows.Item(partition, key), cancellation) is { } row
                ? ItemRows.ReadItem(row)
                : null,
        cancellation);

    /// <inheritdoc/>
    public ValueTask<Page<JsonObject>> ListItemsAsync(TablePlace place, PageRequest page, CancellationToken cancellation) => _retry.RunAsync<Page<JsonObject>>(
        async () =>
        {
            List<JsonObject> items = [];
            if (await PartitionOfAsync(place, cancellation) is not { } partition)
            {
                return new Page<JsonObject>(items, null);
            }

            string? last = page.Cursor;
            long bytes = 0;
            EntityRange rest = ItemRows.ItemsAfter(partition, page.Cursor);
            await foreach (Entity row in RangeScan.AllAsync(_table, rest, Math.Min(page.MaxItems + 1, MaxScanned), cancellation))
            {
                if (items.Count == page.MaxItems || bytes >= page.MaxBytes)
                {
                    return new Page<JsonObject>(items, last);
                }

                last = row.Key.Row;
                JsonObject item = ItemRows.ReadItem(row);
                bytes += item.Utf8Length;
                items.Add(item);
            }

            return new Page<JsonObject>(items, null);
        },
        cancellation);

    /// <inheritdoc/>
    public ValueTask<ItemChangeOutcome> ChangeItemAsync(
        TablePlace place,
        string key,
        string changeId,
        int maxItems,
        DateTimeOffset now,
        DateTimeOffset rememberedSince,
        Func<JsonObject?, ItemChange> change,
        CancellationToken cancellation)
    {
        bool forgets = ForgetsAt(changeId);
        return _retry.RunAsync<ItemChangeOutcome>(
            async () =>
            {
                if (await PartitionOfAsync(place, cancellation) is not { } partition)
                {
                    return NoTable;
                }

                if (forgets)
                {
                    forgets = false;
                    await ForgetAsync(partition, rememberedSince, cancellation);
                }

                Entity? before = await _table.FindAsync(ItemRows.Item(partition, key), cancellation);
                ItemChange decided = change(before is null ? null : ItemRows.ReadItem(before));
                ItemChangeOutcome? outcome = decided.Accepted
                    ? await TryAsync(partition, key, changeId, maxItems, now, before, decided, cancellation)
                    : new ItemChangeOutcome(ItemChangeStatus.Refused, decided.Answer);
                if (outcome is { Status: ItemChangeStatus.Done })
                {
                    return outcome;
                }

                // The change may have been made before: by an attempt whose answer got lost, or by the call that this one repeats.
                return await _table.FindAsync(ItemRows.Answer(partition, changeId), cancellation) is { } known
                    ? new ItemChangeOutcome(ItemChangeStatus.Done, ItemRows.ReadAnswer(known))
                    : outcome ?? (Attempt<ItemChangeOutcome>)Attempt.Again;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<int> ClearAsync(int maxItems, CancellationToken cancellation) => _litter.ClearAsync(
        maxItems, (partition, token) => NamedPartitions.RemoveAsync(_table, partition, token), cancellation);

    private static ItemChangeOutcome NoTable => new(ItemChangeStatus.NoTable, JsonObject.Empty);

    /// <summary>One change in sixteen looks for those that may be forgotten.</summary>
    private static bool ForgetsAt(string changeId) => LedgerKeys.Digest(changeId)[0] == '0';

    /// <summary>Makes a change; null when somebody came in between.</summary>
    private async ValueTask<ItemChangeOutcome?> TryAsync(
        string partition,
        string key,
        string changeId,
        int maxItems,
        DateTimeOffset now,
        Entity? before,
        ItemChange decided,
        CancellationToken cancellation)
    {
        List<EntityWrite> writes = [.. ItemRows.Remember(partition, changeId, decided.Answer, now)];
        if (ItemRows.Change(ItemRows.Item(partition, key), before, decided.Item) is { } changed)
        {
            writes.Add(changed);
        }

        // Where no item is there before and after, the head says that the table still is.
        int added = (decided.Item is null ? 0 : 1) - (before is null ? 0 : 1);
        if (added != 0 || before is null)
        {
            if (await _table.FindAsync(new EntityKey(partition, NamedPartitions.HeadRow), cancellation) is not { } head)
            {
                return NoTable;
            }

            long items = ItemRows.CountOf(head) + added;
            if (added > 0 && items > maxItems)
            {
                return new ItemChangeOutcome(ItemChangeStatus.Full, JsonObject.Empty);
            }

            writes.Add(ItemRows.Count(head, items));
        }

        return (await _table.WriteAsync(writes, cancellation)).Succeeded ? new ItemChangeOutcome(ItemChangeStatus.Done, decided.Answer) : null;
    }

    private async ValueTask ForgetAsync(string partition, DateTimeOffset rememberedSince, CancellationToken cancellation)
    {
        List<Entity> old = await RangeScan.FirstAsync(_table, ItemRows.ChangesBefore(partition, rememberedSince), ForgottenAtOnce, cancellation);
        if (old.Count > 0)
        {
            // Refused when somebody else forgets them at the same moment.
            await _table.WriteAsync([.. old.SelectMany(ItemRows.Forget)], cancellation);
        }
    }

    private async ValueTask<string?> PartitionOfAsync(TablePlace place, CancellationToken cancellation) =>
        await _tables.TryFindAsync(place.Tenant, place.Name, cancellation) is { } row ? NamedPartitions.PartitionOf(row) : null;
}
