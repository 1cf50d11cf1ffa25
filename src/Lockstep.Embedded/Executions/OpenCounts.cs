using System.Collections.Concurrent;
using Lockstep.Embedded.Storage;
using Lockstep.Service.Tenancy;

namespace Lockstep.Embedded.Executions;

/// <summary>How many executions of each tenant are open: counted once at the start of the process, then kept with each commit.</summary>
internal sealed class OpenCounts
{
    private const string Tenants = "SELECT no FROM tenants";
    private const string Count = "SELECT count(*) FROM executions WHERE tenant = ?1 AND status = 0 AND kind = 0";

    private readonly ConcurrentDictionary<long, StrongCount> _counts = new();

    /// <summary>Counts what the store has.</summary>
    public void Recover(Store store) => store.Read(this, static (connection, counts) =>
    {
        using SqliteStatement tenants = connection.Prepare(Tenants);
        while (tenants.Step())
        {
            counts.Add(tenants.Int64(0), connection.Prepare(Count).Bind(1, tenants.Int64(0)).ReadScalar() ?? 0);
        }

        return true;
    });

    /// <summary>Open executions of a tenant.</summary>
    public long Of(long tenantNumber) => _counts.TryGetValue(tenantNumber, out StrongCount? count) ? Interlocked.Read(ref count.Value) : 0;

    /// <summary>Open executions of every tenant that has any, lowest number first, so that the same ones stay told by name.</summary>
    public IEnumerable<(TenantId Tenant, long Open)> ByTenant(Store store) => _counts
        .Select(entry => (Number: entry.Key, Open: Interlocked.Read(ref entry.Value.Value)))
        .Where(entry => entry.Open != 0)
        .OrderBy(entry => entry.Number)
        .Select(entry => (store.Read((store, entry.Number), static (connection, query) => query.store.TenantOf(connection, query.Number)), entry.Open));

    /// <summary>An execution has started, durably, and not ended in the same turn.</summary>
    public void Opened(long tenantNumber) => Add(tenantNumber, 1);

    /// <summary>An execution has ended, durably.</summary>
    public void Closed(long tenantNumber) => Add(tenantNumber, -1);

    private void Add(long tenantNumber, long change) =>
        Interlocked.Add(ref _counts.GetOrAdd(tenantNumber, static _ => new StrongCount()).Value, change);

    private sealed class StrongCount
    {
        public long Value;
    }
}
