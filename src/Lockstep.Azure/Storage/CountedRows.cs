using System.Globalization;
using Lockstep.Azure.Ports;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Storage;

/// <summary>
/// The named things of one kind that tenants have: one partition a tenant, one row a thing, and one row that counts them. A row and the count
/// change in one transaction, so the count is exact, and a quota costs one point read.
/// </summary>
/// <param name="table">The table; it has no other use of the rows <c>c</c> and <c>{kind}|</c>.</param>
/// <param name="kind">First part of the rows.</param>
/// <param name="retry">How often to try.</param>
internal sealed class CountedRows(ITable table, string kind, StorageRetry retry)
{
    private const string CounterRow = "c";
    private const string CountName = "count";

    /// <summary>Position in a transaction of the change to the row.</summary>
    public const int RowIndex = 0;

    /// <summary>Position in a transaction of the change to the count. Refused there, somebody else has added or removed; try again.</summary>
    public const int CounterIndex = 1;

    /// <summary>Where a thing is.</summary>
    public EntityKey KeyOf(TenantId tenant, string name) => new(tenant.Value, $"{kind}{KeyText.Separator}{KeyText.OfName(name)}");

    /// <summary>Finds a thing.</summary>
    public ValueTask<Entity?> FindAsync(TenantId tenant, string name, CancellationToken cancellation) =>
        table.FindAsync(KeyOf(tenant, name), cancellation);

    /// <summary>Tries once to add a row, with whatever has to be written together with it.</summary>
    public async ValueTask<WriteOutcome> AddAsync(TenantId tenant, Entity row, IEnumerable<EntityWrite> together, CancellationToken cancellation)
    {
        EntityWrite count = await CountOnAsync(tenant, 1, cancellation);
        return await table.WriteAsync([new InsertEntity(row), count, .. together], cancellation);
    }

    /// <summary>Tries once to remove a row as it was read, with whatever has to be written together with it.</summary>
    public async ValueTask<WriteOutcome> RemoveAsync(TenantId tenant, Entity row, IEnumerable<EntityWrite> together, CancellationToken cancellation)
    {
        EntityWrite count = await CountOnAsync(tenant, -1, cancellation);
        return await table.WriteAsync([new DeleteEntity(row.Key, row.ETag), count, .. together], cancellation);
    }

    /// <summary>Removes a thing; true when it existed.</summary>
    public ValueTask<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation)
    {
        bool sent = false;
        return retry.RunAsync<bool>(
            async () =>
            {
                if (await FindAsync(tenant, name, cancellation) is not { } row)
                {
                    // Gone since this call tried to remove it: by this call, as far as anybody can tell.
                    return sent;
                }

                sent = true;
                return (await RemoveAsync(tenant, row, [], cancellation)).Succeeded ? true : Attempt.Again;
            },
            cancellation);
    }

    /// <summary>How many there are.</summary>
    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) => retry.RunAsync<int>(
        async () => await table.FindAsync(CounterKey(tenant), cancellation) is { } counter ? checked((int)counter.Get<long>(CountName)) : 0, cancellation);

    /// <summary>A page in the order of names; the cursor is the last name seen.</summary>
    public ValueTask<Page<T>> ListAsync<T>(
        TenantId tenant, PageRequest page, Func<Entity, T> read, Func<T, string> nameOf, CancellationToken cancellation)
    {
        EntityRange all = RangeScan.OfPrefix(tenant.Value, kind);
        EntityRange range = page.Cursor is { } last ? all with { FromRow = all.FromRow + KeyText.After(last) } : all;
        return retry.RunAsync<Page<T>>(
            async () =>
            {
                List<Entity> found = await RangeScan.FirstAsync(table, range, page.MaxItems + 1, cancellation);
                T[] items = [.. found.Take(page.MaxItems).Select(read)];
                return new Page<T>(items, found.Count > page.MaxItems ? nameOf(items[^1]) : null);
            },
            cancellation);
    }

    private static EntityKey CounterKey(TenantId tenant) => new(tenant.Value, CounterRow);

    private async ValueTask<EntityWrite> CountOnAsync(TenantId tenant, int by, CancellationToken cancellation)
    {
        EntityKey key = CounterKey(tenant);
        if (await table.FindAsync(key, cancellation) is not { ETag: { } version } counter)
        {
            return by > 0
                ? new InsertEntity(new Entity(key).With(CountName, (long)by))
                : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{key} is missing although there is something to count."));
        }

        return new ReplaceEntity(counter.With(CountName, counter.Get<long>(CountName) + by), version);
    }
}
