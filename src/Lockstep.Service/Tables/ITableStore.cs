using Lockstep.Json;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Tables;

/// <summary>Keeps tables with their items. An item is found by the text of its key, which is the same for equal keys.</summary>
public interface ITableStore
{
    /// <summary>Creates a table; false when it was there, which leaves it as it is.</summary>
    ValueTask<bool> CreateAsync(TableRecord table, CancellationToken cancellation);

    /// <summary>Finds a table; null when there is none.</summary>
    ValueTask<TableRecord?> FindAsync(TablePlace place, CancellationToken cancellation);

    /// <summary>Deletes a table with its items; true when it was there.</summary>
    ValueTask<bool> DeleteAsync(TablePlace place, CancellationToken cancellation);

    /// <summary>Lists tables by name.</summary>
    ValueTask<Page<TableRecord>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation);

    /// <summary>Tables that the tenant has; its quota is checked against it.</summary>
    ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation);

    /// <summary>Finds an item; null when there is none, or no table.</summary>
    ValueTask<JsonObject?> FindItemAsync(TablePlace place, string key, CancellationToken cancellation);

    /// <summary>Lists items in the order of the texts of their keys.</summary>
    ValueTask<Page<JsonObject>> ListItemsAsync(TablePlace place, PageRequest page, CancellationToken cancellation);

    /// <summary>
    /// Changes one item, with nobody in between who reads or writes it, durable when it answers. The same change again is answered as the first time and changes
    /// nothing, for as long as <paramref name="rememberedSince"/> says.
    /// </summary>
    /// <param name="place">The table.</param>
    /// <param name="key">The text of the key.</param>
    /// <param name="changeId">Names the change: the same when it is repeated.</param>
    /// <param name="maxItems">Items at most in the table.</param>
    /// <param name="now">When it happens.</param>
    /// <param name="rememberedSince">Older changes may be forgotten.</param>
    /// <param name="change">Says what becomes of the item; gets null when there is none. Neither throws nor waits.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<ItemChangeOutcome> ChangeItemAsync(
        TablePlace place,
        string key,
        string changeId,
        int maxItems,
        DateTimeOffset now,
        DateTimeOffset rememberedSince,
        Func<JsonObject?, ItemChange> change,
        CancellationToken cancellation);
}
