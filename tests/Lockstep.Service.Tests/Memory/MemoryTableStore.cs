using Lockstep.Json;
using Lockstep.Service.Paging;
using Lockstep.Service.Tables;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Tests.Memory;

/// <summary>Tables in memory, for what is done with tables as such; nothing here changes items.</summary>
internal sealed class MemoryTableStore : ITableStore
{
    private readonly Dictionary<TablePlace, TableRecord> _tables = [];

    public ValueTask<bool> CreateAsync(TableRecord table, CancellationToken cancellation) => new(_tables.TryAdd(table.Place, table));

    public ValueTask<TableRecord?> FindAsync(TablePlace place, CancellationToken cancellation) => new(_tables.GetValueOrDefault(place));

    public ValueTask<bool> DeleteAsync(TablePlace place, CancellationToken cancellation) => new(_tables.Remove(place));

    public ValueTask<Page<TableRecord>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) =>
        new(MemoryPages.ByName(_tables.Values.Where(table => table.Place.Tenant == tenant), table => table.Place.Name, page));

    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) => new(_tables.Keys.Count(place => place.Tenant == tenant));

    public ValueTask<JsonObject?> FindItemAsync(TablePlace place, string key, CancellationToken cancellation) => new((JsonObject?)null);

    public ValueTask<Page<JsonObject>> ListItemsAsync(TablePlace place, PageRequest page, CancellationToken cancellation) => new(new Page<JsonObject>([], null));

    public ValueTask<ItemChangeOutcome> ChangeItemAsync(
        TablePlace place,
        string key,
        string changeId,
        int maxItems,
        DateTimeOffset now,
        DateTimeOffset rememberedSince,
        Func<JsonObject?, ItemChange> change,
        CancellationToken cancellation) => throw new NotSupportedException("No test changes items here.");
}
