using Lockstep.Azure.Ports;
using Lockstep.Azure.StateMachines;
using Lockstep.Azure.Storage;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Retention;

/// <summary>Finishes what the deletion of a machine has begun: clears its versions and aliases away, whatever their age.</summary>
internal sealed class DroppedVersions(ITables tables)
{
    private readonly ITable _table = tables[TableName.Machines];
    private readonly VersionClearing _clearing = new(tables[TableName.Machines]);

    /// <summary>Rows that say what is to be cleared away, after a row.</summary>
    public async ValueTask<List<Entity>> FindAsync(TenantId tenant, string? after, int maxItems, CancellationToken cancellation)
    {
        EntityRange all = RangeScan.OfPrefix(tenant.Value, VersionRows.Dropped);
        return await RangeScan.FirstAsync(_table, after is null ? all : all with { FromRow = after + "!" }, maxItems, cancellation);
    }

    /// <summary>Clears away what a row names. True when nothing is left of it.</summary>
    public ValueTask<bool> ClearAsync(TenantId tenant, Entity dropped, DateTimeOffset now, CancellationToken cancellation) =>
        _clearing.ClearAsync(tenant, VersionRows.ReleaseIdOf(dropped), now, cancellation);
}
