using Lockstep.Embedded.Storage;

namespace Lockstep.Embedded.Retention;

/// <summary>
/// Removes execution events that are old. The newest of each tenant stays whatever its age, because the numbers of a tenant's events are never used twice.
/// </summary>
internal sealed class EventRemoval(Store store, int maxRows)
{
    private const string TenantAfter = "SELECT no FROM tenants WHERE no > ?1 ORDER BY no LIMIT 1";
    private const string Due = """
        SELECT count(*) FROM (SELECT seq, time FROM execution_events WHERE tenant = ?1 ORDER BY seq LIMIT ?3)
        WHERE time <= ?2 AND seq < (SELECT max(seq) FROM execution_events WHERE tenant = ?1)
        """;

    private const string Remove = """
        DELETE FROM execution_events WHERE tenant = ?1
        AND seq IN (SELECT seq FROM execution_events WHERE tenant = ?1 ORDER BY seq LIMIT ?3)
        AND time <= ?2 AND seq < (SELECT max(seq) FROM execution_events WHERE tenant = ?1)
        """;

    /// <summary>The tenant after another; null after the last.</summary>
    public long? NextTenant(long after) =>
        store.Read(after, static (connection, after) => connection.Prepare(TenantAfter).Bind(1, after).ReadScalar());

    /// <summary>Removes the first of a tenant's events, as many as one step may; false when none of them is old.</summary>
    public async Task<bool> RemoveAsync(long tenant, DateTimeOffset cutoff)
    {
        long stored = StoredTime.ToStored(cutoff);
        bool isDue = store.Read((tenant, stored, maxRows), static (connection, query) => connection.Prepare(Due)
            .Bind(1, query.tenant).Bind(2, query.stored).Bind(3, (long)query.maxRows).ReadScalar() > 0);
        return isDue && await store.WriteAsync(context => context.Prepare(Remove)
            .Bind(1, tenant).Bind(2, stored).Bind(3, (long)maxRows).ExecuteChanges()) == maxRows;
    }
}
