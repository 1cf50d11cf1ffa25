using Lockstep.Azure.Listings;
using Lockstep.Azure.Ports;
using Lockstep.Azure.StateMachines;
using Lockstep.Azure.Storage;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Retention;

/// <summary>
/// Removes revisions that are out of force, that have no version, and that no execution can pin: whatever started later than a day after that has another one. The note is
/// marked first, from when on no redrive can choose the revision; then the blob goes, then revision and note in one transaction; so what is cut off is found again by its note.
/// </summary>
internal sealed class RevisionRemoval(ITables tables, IBlobs blobs)
{
    private readonly ITable _table = tables[TableName.Machines];
    private readonly ExecutionListings _listings = new(tables);

    /// <summary>Notes of revisions out of force, after a row.</summary>
    public async ValueTask<List<Entity>> FindAsync(TenantId tenant, string? after, int maxItems, CancellationToken cancellation)
    {
        EntityRange all = RangeScan.OfPrefix(tenant.Value, MachineRows.OutOfForce);
        return await RangeScan.FirstAsync(_table, after is null ? all : all with { FromRow = after + "!" }, maxItems, cancellation);
    }

    /// <summary>Removes a revision that has been out of force since before the cutoff, unless it is still needed. True when it is gone.</summary>
    public async ValueTask<bool> RemoveAsync(TenantId tenant, Entity note, DateTimeOffset cutoff, CancellationToken cancellation)
    {
        (string name, string revisionId, DateTimeOffset since) = MachineRows.ReadOutOfForce(note);
        if (MachineRows.IsBeingRemoved(note))
        {
            return await DeleteAsync(tenant, name, revisionId, note.Key, note.ETag, cancellation);
        }

        if (since > cutoff)
        {
            return false;
        }

        if (await _table.FindAsync(MachineRows.MachineKey(tenant, name), cancellation) is { } machine && MachineRows.RevisionIdOf(machine) == revisionId)
        {
            // It is in force: the call that put it there was repeated, and announced its blob once more than it had to.
            await _table.WriteAsync([new DeleteEntity(note.Key, note.ETag)], cancellation);
            return false;
        }

        if (await _table.FindAsync(VersionRows.PinKey(tenant, name, revisionId), cancellation) is not null)
        {
            // It has a version, through which it may be started; when that is deleted, its time out of force begins anew.
            return false;
        }

        if (await _listings.AnyStartedByAsync(tenant, name, since + RetentionOptions.ShortestAge, cancellation))
        {
            return false;
        }

        WriteOutcome marked = await _table.WriteAsync([new ReplaceEntity(MachineRows.ToBeingRemoved(note), VersionOf(note))], cancellation);

        // Refused when a redrive has chosen it since, or another round is at it.
        return marked.Succeeded && await DeleteAsync(tenant, name, revisionId, note.Key, marked.ETags[0], cancellation);
    }

    private static string VersionOf(Entity note) => note.ETag ?? throw new InvalidOperationException("A note that was read has no version.");

    private async ValueTask<bool> DeleteAsync(
        TenantId tenant, string name, string revisionId, EntityKey note, string? version, CancellationToken cancellation)
    {
        await blobs.DeleteAsync(MachineRows.BlobNameOf(tenant, name, revisionId), cancellation);
        var forget = new DeleteEntity(note, version);
        WriteOutcome both = await _table.WriteAsync(
            [forget, new DeleteEntity(MachineRows.RevisionKey(tenant, name, revisionId), null)], cancellation);
        if (both.Succeeded)
        {
            return true;
        }

        // Without a row there was only a blob, whose machine never came.
        return both is { Refusal: WriteRefusal.Missing, FailedIndex: 1 } && (await _table.WriteAsync([forget], cancellation)).Succeeded;
    }
}
