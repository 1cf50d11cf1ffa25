using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.StateMachines;

/// <summary>
/// Clears the versions and aliases of a machine that is gone away. Nobody sees them any more; what they leave behind is noted: each of their revisions is
/// out of force from now on. Cut off anywhere, it is done again from what is left.
/// </summary>
internal sealed class VersionClearing(ITable table)
{
    /// <summary>Each version takes three rows of a transaction of 100.</summary>
    private const int VersionsAtOnce = 30;

    private const int AliasesAtOnce = 100;

    /// <summary>Transactions of one call; what is left then is left to retention.</summary>
    private const int MaxTransactions = 50;

    /// <summary>Clears away what stands under an id. True when nothing is left of it.</summary>
    public async ValueTask<bool> ClearAsync(TenantId tenant, string releaseId, DateTimeOffset now, CancellationToken cancellation)
    {
        for (int made = 0; made < MaxTransactions; made++)
        {
            List<EntityWrite> writes = [];
            EntityRange versions = VersionRows.RangeOf(tenant, VersionRows.Version, releaseId);
            foreach (Entity row in await RangeScan.FirstAsync(table, versions, VersionsAtOnce, cancellation))
            {
                StateMachineVersion version = VersionRows.ReadVersion(tenant, row);
                writes.Add(new DeleteEntity(row.Key, null));
                writes.Add(new DeleteEntity(VersionRows.PinKey(tenant, version.StateMachineName, version.RevisionId), null));
                writes.Add(new PutEntity(MachineRows.ToOutOfForce(tenant, version.StateMachineName, version.RevisionId, now)));
            }

            if (writes.Count == 0)
            {
                EntityRange aliases = VersionRows.RangeOf(tenant, VersionRows.Alias, releaseId);
                writes.AddRange((await RangeScan.FirstAsync(table, aliases, AliasesAtOnce, cancellation)).Select(row => new DeleteEntity(row.Key, null)));
            }

            if (writes.Count == 0)
            {
                // Refused when somebody else was at it as well, and has finished.
                await table.WriteAsync([new DeleteEntity(VersionRows.ToDropped(tenant, releaseId).Key, null)], cancellation);
                return true;
            }

            // Refused when somebody else was at it as well: look at what is left.
            await table.WriteAsync(writes, cancellation);
        }

        return false;
    }
}
