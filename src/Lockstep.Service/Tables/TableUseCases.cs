using System.Buffers;
using System.Globalization;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Tables;

/// <summary>Tables of a tenant, for whoever holds its key; tasks work on their items.</summary>
/// <param name="store">Keeps them.</param>
/// <param name="pages">Seals page tokens.</param>
/// <param name="limits">The limits in force.</param>
/// <param name="time">The clock.</param>
public sealed class TableUseCases(ITableStore store, PageTokens pages, ServiceLimits limits, TimeProvider time)
{
    private const int MinNameLength = 3;
    private const int MaxNameLength = 255;

    /// <summary>How long a change is remembered, so that one which a crash makes the platform repeat is recognised.</summary>
    private static readonly TimeSpan RememberedFor = TimeSpan.FromDays(4);

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <summary>Creates a table; the same again changes nothing, and another key under the name is a conflict.</summary>
    public async ValueTask<Result<CreateTableOutcome>> CreateAsync(
        TablePlace place, KeyAttribute partitionKey, KeyAttribute? sortKey, CancellationToken cancellation)
    {
        if (CheckName(place.Name) is { } badName)
        {
            return badName;
        }

        if ((CheckKey("/partitionKey", partitionKey) ?? (sortKey is null ? null : CheckKey("/sortKey", sortKey))) is { } badKey)
        {
            return badKey;
        }

        if (sortKey?.Name == partitionKey.Name)
        {
            return new ServiceError(ErrorCodes.Validation, "Both attributes of a key need different names.") { Target = "/sortKey/name" };
        }

        var table = new TableRecord(place, partitionKey, sortKey, time.GetUtcNow());
        TableRecord? existing = await store.FindAsync(place, cancellation);
        if (existing is null && await store.CountAsync(place.Tenant, cancellation) >= limits.MaxTables)
        {
            return new ServiceError(
                ErrorCodes.TableLimitExceeded,
                string.Create(CultureInfo.InvariantCulture, $"The tenant has {limits.MaxTables} tables, which is its limit. Delete one first."));
        }

        if (existing is null && await store.CreateAsync(table, cancellation))
        {
            return new CreateTableOutcome(table, Created: true);
        }

        existing ??= await store.FindAsync(place, cancellation) ?? table;
        return existing.PartitionKey == partitionKey && existing.SortKey == sortKey
            ? new CreateTableOutcome(existing, Created: false)
            : new ServiceError(ErrorCodes.Conflict, $"There is a table named \"{place.Name}\" with another key. Delete it first, or choose another name.") { Target = "name" };
    }

    /// <summary>Finds a table.</summary>
    public async ValueTask<Result<TableRecord>> DescribeAsync(TablePlace place, CancellationToken cancellation) =>
        CheckName(place.Name) is { } badName ? badName
        : await store.FindAsync(place, cancellation) is { } found ? found
        : Absent(place);

    /// <summary>Lists tables by name.</summary>
    public ValueTask<Result<Page<TableRecord>>> ListAsync(TenantId tenant, ListRequest asked, CancellationToken cancellation) =>
        pages.ListAsync(tenant, "tables", asked, page => store.ListAsync(tenant, page, cancellation));

    /// <summary>Deletes a table with its items; one that is not there counts as deleted.</summary>
    public async ValueTask<Result<Accepted>> DeleteAsync(TablePlace place, CancellationToken cancellation)
    {
        if (CheckName(place.Name) is { } badName)
        {
            return badName;
        }

        await store.DeleteAsync(place, cancellation);
        return default(Accepted);
    }

    /// <summary>Lists the items of a table.</summary>
    public async ValueTask<Result<Page<JsonObject>>> ListItemsAsync(TablePlace place, ListRequest asked, CancellationToken cancellation)
    {
        Result<TableRecord> table = await DescribeAsync(place, cancellation);
        if (!table.Succeeded)
        {
            return table.Error;
        }

        string query = $"items\n{place.Name}";
        return await pages.ListAsync(place.Tenant, query, asked, page => store.ListItemsAsync(place, page, cancellation));
    }

    /// <summary>Finds an item; null when there is none.</summary>
    public ValueTask<JsonObject?> FindItemAsync(TablePlace place, string key, CancellationToken cancellation) =>
        store.FindItemAsync(place, key, cancellation);

    /// <summary>Changes an item (<see cref="ITableStore.ChangeItemAsync"/>).</summary>
    public ValueTask<ItemChangeOutcome> ChangeItemAsync(
        TablePlace place, string key, string changeId, Func<JsonObject?, ItemChange> change, CancellationToken cancellation)
    {
        DateTimeOffset now = time.GetUtcNow();
        return store.ChangeItemAsync(place, key, changeId, limits.MaxTableItems, now, now - RememberedFor, change, cancellation);
    }

    private static ServiceError? CheckName(string name) =>
        name.Length is < MinNameLength or > MaxNameLength || name.AsSpan().ContainsAnyExcept(NameCharacters)
            ? new ServiceError(
                ErrorCodes.InvalidName,
                string.Create(CultureInfo.InvariantCulture, $"The name of a table has {MinNameLength} to {MaxNameLength} letters, digits, hyphens, underscores and full stops."))
            {
                Target = "name",
            }
            : null;

    private static ServiceError? CheckKey(string target, KeyAttribute key) =>
        key.Name.Length is < 1 or > MaxNameLength || key.Type is not ("S" or "N" or "B")
            ? new ServiceError(
                ErrorCodes.Validation,
                string.Create(CultureInfo.InvariantCulture, $"An attribute of a key has a name of 1 to {MaxNameLength} characters and the type S, N or B."))
            {
                Target = target,
            }
            : null;

    private static ServiceError Absent(TablePlace place) =>
        new(ErrorCodes.TableDoesNotExist, $"There is no table named \"{place.Name}\".") { Target = "name" };
}

/// <summary>How a creation was answered.</summary>
/// <param name="Table">The table.</param>
/// <param name="Created">True when it is new.</param>
public sealed record CreateTableOutcome(TableRecord Table, bool Created);
