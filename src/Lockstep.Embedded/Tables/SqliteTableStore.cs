using Lockstep.Embedded.Committing;
using Lockstep.Embedded.Storage;
using Lockstep.Json;
using Lockstep.Service.Paging;
using Lockstep.Service.Tables;
using Lockstep.Service.Tenancy;

namespace Lockstep.Embedded.Tables;

/// <summary>Tables with their items in SQLite. A change reads and writes its item within one write of the committer, so nobody comes in between.</summary>
internal sealed class SqliteTableStore(Store store) : ITableStore
{
    /// <summary>Rows that one write removes at most, so that a large table holds nobody up.</summary>
    private const int RemovedPerWrite = 1_000;

    private const string Insert = """
        INSERT INTO item_tables(tenant, name, partition_name, partition_type, sort_name, sort_type, created, items)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, 0) ON CONFLICT DO NOTHING
        """;

    private const string Columns = "SELECT name, partition_name, partition_type, sort_name, sort_type, created FROM item_tables ";
    private const string Find = Columns + "WHERE tenant = ?1 AND name = ?2";
    private const string List = Columns + "WHERE tenant = ?1 AND name > ?2 ORDER BY name LIMIT ?3";
    private const string Count = "SELECT count(*) FROM item_tables WHERE tenant = ?1";
    private const string Number = "SELECT no, items FROM item_tables WHERE tenant = ?1 AND name = ?2";
    private const string Delete = "DELETE FROM item_tables WHERE no = ?1";
    private const string RemoveSome = "DELETE FROM items WHERE tbl = ?1 AND key IN (SELECT key FROM items WHERE tbl = ?1 LIMIT ?2)";
    private const string FindItem = "SELECT item FROM items WHERE tbl = ?1 AND key = ?2";
    private const string ListItems = "SELECT key, item FROM items WHERE tbl = ?1 AND key > ?2 ORDER BY key LIMIT ?3";
    private const string PutItem = "INSERT INTO items(tbl, key, item) VALUES(?1, ?2, ?3) ON CONFLICT(tbl, key) DO UPDATE SET item = excluded.item";
    private const string RemoveItem = "DELETE FROM items WHERE tbl = ?1 AND key = ?2";
    private const string SetItems = "UPDATE item_tables SET items = ?2 WHERE no = ?1";
    private const string Known = "SELECT answer FROM item_changes WHERE id = ?1";
    private const string Remember = "INSERT INTO item_changes(id, answer, at) VALUES(?1, ?2, ?3)";
    private const string Forget = "DELETE FROM item_changes WHERE id IN (SELECT id FROM item_changes WHERE at < ?1 ORDER BY at LIMIT ?2)";

    /// <inheritdoc/>
    public async ValueTask<bool> CreateAsync(TableRecord table, CancellationToken cancellation) => await store.WriteAsync(context =>
    {
        long tenant = Store.EnsureTenant(context, table.Place.Tenant, out _);
        return context.Prepare(Insert)
            .Bind(1, tenant).Bind(2, table.Place.Name)
            .Bind(3, table.PartitionKey.Name).Bind(4, table.PartitionKey.Type)
            .Bind(5, table.SortKey?.Name).Bind(6, table.SortKey?.Type)
            .Bind(7, StoredTime.ToStored(table.CreatedAt)).ExecuteChanges() > 0;
    });

    /// <inheritdoc/>
    public ValueTask<TableRecord?> FindAsync(TablePlace place, CancellationToken cancellation) => ValueTask.FromResult(
        store.NumberOf(place.Tenant) is not long tenant
            ? null
            : store.Read((tenant, place), static (connection, query) =>
            {
                using SqliteStatement rows = connection.Prepare(Find).Bind(1, query.tenant).Bind(2, query.place.Name);
                return rows.Step() ? ReadRow(query.place.Tenant, rows) : null;
            }));

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(TablePlace place, CancellationToken cancellation)
    {
        if (store.NumberOf(place.Tenant) is not long tenant)
        {
            return false;
        }

        // The table goes in the same write as the last of its items: whatever happens in between, no item is left without one.
        while (true)
        {
            bool? existed = await store.WriteAsync<bool?>(context =>
            {
                if (NumberOf(context.Prepare(Number), tenant, place) is not { } table)
                {
                    return false;
                }

                if (context.Prepare(RemoveSome).Bind(1, table.Number).Bind(2, (long)RemovedPerWrite).ExecuteChanges() == RemovedPerWrite)
                {
                    return null;
                }

                context.Prepare(Delete).Bind(1, table.Number).Execute();
                return true;
            });
            if (existed is bool known)
            {
                return known;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<Page<TableRecord>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) => ValueTask.FromResult(
        NamedPages.Read(store, store.NumberOf(tenant), page, List, rows => ReadRow(tenant, rows), table => table.Place.Name));

    /// <inheritdoc/>
    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) => ValueTask.FromResult(
        store.NumberOf(tenant) is long number
            ? (int)store.Read(number, static (connection, number) => connection.Prepare(Count).Bind(1, number).ReadScalar() ?? 0)
            : 0);

    /// <inheritdoc/>
    public ValueTask<JsonObject?> FindItemAsync(TablePlace place, string key, CancellationToken cancellation) => ValueTask.FromResult(
        store.NumberOf(place.Tenant) is not long tenant
            ? null
            : store.Read((tenant, place, key), static (connection, query) =>
                NumberOf(connection.Prepare(Number), query.tenant, query.place) is { } table
                    ? ReadItem(connection.Prepare(FindItem), table.Number, query.key)
                    : null));

    /// <inheritdoc/>
    public ValueTask<Page<JsonObject>> ListItemsAsync(TablePlace place, PageRequest page, CancellationToken cancellation) => ValueTask.FromResult(
        store.NumberOf(place.Tenant) is not long tenant
            ? new Page<JsonObject>([], null)
            : store.Read((tenant, place, page), static (connection, query) =>
            {
                List<JsonObject> items = [];
                if (NumberOf(connection.Prepare(Number), query.tenant, query.place) is not { } table)
                {
                    return new Page<JsonObject>(items, null);
                }

                string last = query.page.Cursor ?? "";
                long bytes = 0;
                using SqliteStatement rows = connection.Prepare(ListItems).Bind(1, table.Number).Bind(2, last).Bind(3, (long)query.page.MaxItems + 1);
                while (rows.Step())
                {
                    if (items.Count == query.page.MaxItems || bytes >= query.page.MaxBytes)
                    {
                        return new Page<JsonObject>(items, last);
                    }

                    last = rows.Text(0);
                    JsonObject item = Parse(rows.Text(1));
                    bytes += item.Utf8Length;
                    items.Add(item);
                }

                return new Page<JsonObject>(items, null);
            }));

    /// <inheritdoc/>
    public async ValueTask<ItemChangeOutcome> ChangeItemAsync(
        TablePlace place,
        string key,
        string changeId,
        int maxItems,
        DateTimeOffset now,
        DateTimeOffset rememberedSince,
        Func<JsonObject?, ItemChange> change,
        CancellationToken cancellation) =>
        store.NumberOf(place.Tenant) is long tenant
            ? await store.WriteAsync(context => NumberOf(context.Prepare(Number), tenant, place) is { } table
                ? Change(context, table, key, changeId, maxItems, now, rememberedSince, change)
                : new ItemChangeOutcome(ItemChangeStatus.NoTable, JsonObject.Empty))
            : new ItemChangeOutcome(ItemChangeStatus.NoTable, JsonObject.Empty);

    private static ItemChangeOutcome Change(
        WriteContext context,
        (long Number, long Items) table,
        string key,
        string changeId,
        int maxItems,
        DateTimeOffset now,
        DateTimeOffset rememberedSince,
        Func<JsonObject?, ItemChange> change)
    {
        using (SqliteStatement known = context.Prepare(Known).Bind(1, changeId))
        {
            if (known.Step())
            {
                return new ItemChangeOutcome(ItemChangeStatus.Done, Parse(known.Text(0)));
            }
        }

        JsonObject? before = ReadItem(context.Prepare(FindItem), table.Number, key);
        ItemChange decided = change(before);
        if (!decided.Accepted)
        {
            return new ItemChangeOutcome(ItemChangeStatus.Refused, decided.Answer);
        }

        long items = table.Items + (decided.Item is null ? 0 : 1) - (before is null ? 0 : 1);
        if (items > maxItems && items > table.Items)
        {
            return new ItemChangeOutcome(ItemChangeStatus.Full, JsonObject.Empty);
        }

        if (decided.Item is { } item)
        {
            context.Prepare(PutItem).Bind(1, table.Number).Bind(2, key).Bind(3, item.ToString()).Execute();
        }
        else
        {
            context.Prepare(RemoveItem).Bind(1, table.Number).Bind(2, key).Execute();
        }

        context.Prepare(SetItems).Bind(1, table.Number).Bind(2, items).Execute();
        context.Prepare(Forget).Bind(1, StoredTime.ToStored(rememberedSince)).Bind(2, 2L).Execute();
        context.Prepare(Remember).Bind(1, changeId).Bind(2, decided.Answer.ToString()).Bind(3, StoredTime.ToStored(now)).Execute();
        return new ItemChangeOutcome(ItemChangeStatus.Done, decided.Answer);
    }

    private static (long Number, long Items)? NumberOf(SqliteStatement statement, long tenant, TablePlace place)
    {
        using SqliteStatement rows = statement.Bind(1, tenant).Bind(2, place.Name);
        return rows.Step() ? (rows.Int64(0), rows.Int64(1)) : null;
    }

    private static JsonObject? ReadItem(SqliteStatement statement, long table, string key)
    {
        using SqliteStatement rows = statement.Bind(1, table).Bind(2, key);
        return rows.Step() ? Parse(rows.Text(0)) : null;
    }

    private static JsonObject Parse(string text) => JsonValue.Parse(text) as JsonObject ?? JsonObject.Empty;

    private static TableRecord ReadRow(TenantId tenant, SqliteStatement rows) => new(
        new TablePlace(tenant, rows.Text(0)),
        new KeyAttribute(rows.Text(1), rows.Text(2)),
        rows.IsNull(3) ? null : new KeyAttribute(rows.Text(3), rows.Text(4)),
        StoredTime.FromStored(rows.Int64(5)));
}
