using Lockstep.Azure.Listings;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Service.Errors;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Retention;

/// <summary>
/// Removes what is older than it has to be: executions that ended long ago, with history, tasks, bodies and places in lists; then revisions of machines
/// that no execution can need any more; and at each step what nothing has any more: content of objects, messages and items. A step looks at a bounded number of rows and notes where it is; it may be cut off anywhere, and several may
/// step at the same time. Whatever is still needed stays, and is looked at again in the next round.
/// </summary>
/// <param name="tables">The deployment's tables.</param>
/// <param name="blobs">The container of bodies.</param>
/// <param name="litter">Stores that have what nothing has any more.</param>
/// <param name="tenants">Whose things to look at.</param>
/// <param name="time">The clock.</param>
/// <param name="options">How long to keep things.</param>
/// <param name="warn">Hears of an execution or revision that cannot be removed because of a defect; the others are.</param>
public sealed class RetentionSweep(
    ITables tables,
    IBlobs blobs,
    IReadOnlyList<ILeavesLitter> litter,
    ITenantStore tenants,
    TimeProvider time,
    RetentionOptions options,
    Action<string, Exception> warn)
{
    private const string TenantName = "tenant";
    private const string PhaseName = "phase";
    private const string AfterName = "after";

    /// <summary>The phases before are the partitions of the lists.</summary>
    private const int RevisionPhase = ExecutionListings.Shards;

    /// <summary>Versions and aliases of machines that are gone, which the call that deleted the machine did not come to clear away.</summary>
    private const int VersionPhase = RevisionPhase + 1;

    /// <summary>From here on come the lists of parts of map runs, of each partition one.</summary>
    private const int PartPhase = VersionPhase + 1;

    private const int LastPhase = PartPhase + ExecutionListings.Shards - 1;

    private static readonly EntityKey CursorKey = new("platform|retention", "at");

    /// <summary>
    /// Has the orchestrations of executions that are removed. They are forgotten before the name is free, because an execution that gets it is run under
    /// the same id. Null where nothing is orchestrated.
    /// </summary>
    public IOrchestrations? Orchestrations { get; init; }

    private readonly ITable _cursors = tables[TableName.Tenants];
    private readonly ExecutionListings _listings = new(tables);
    private readonly ExecutionRemoval _executions = new(tables, blobs);
    private readonly RevisionRemoval _revisions = new(tables, blobs);
    private readonly DroppedVersions _versions = new(tables);

    /// <summary>One step.</summary>
    /// <exception cref="StorageUnavailableException">The step is cut off; the next one takes it up.</exception>
    public async ValueTask<RetentionStep> StepAsync(CancellationToken cancellation)
    {
        foreach (ILeavesLitter store in litter)
        {
            await store.ClearAsync(options.MaxRows, cancellation);
        }

        Position? at = await ReadPositionAsync(cancellation) ?? await NextTenantAsync(null, cancellation);
        if (at is null)
        {
            return new RetentionStep(0, 0, IsRoundDone: true);
        }

        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset cutoff = now - options.MaxAge;
        List<Entity> rows = at.Phase switch
        {
            VersionPhase => await _versions.FindAsync(at.Tenant, at.After, options.MaxRows, cancellation),
            RevisionPhase => await _revisions.FindAsync(at.Tenant, at.After, options.MaxRows, cancellation),
            _ => await _listings.StartedByAsync(at.Tenant, ListOf(at.Phase), cutoff, at.After, options.MaxRows, cancellation),
        };
        int removed = 0;
        foreach (Entity row in rows)
        {
            removed += await TryRemoveAsync(at, row, cutoff, now, cancellation) ? 1 : 0;
        }

        Position? next = rows.Count == options.MaxRows
            ? at with { After = rows[^1].Key.Row }
            : at.Phase >= LastPhase ? await NextTenantAsync(at.Tenant, cancellation) : new Position(at.Tenant, at.Phase + 1, null);
        await WritePositionAsync(next, cancellation);
        return new RetentionStep(at.Phase is RevisionPhase or VersionPhase ? 0 : removed, at.Phase == RevisionPhase ? removed : 0, next is null);
    }

    private async ValueTask<bool> TryRemoveAsync(
        Position at, Entity row, DateTimeOffset cutoff, DateTimeOffset now, CancellationToken cancellation)
    {
        try
        {
            return at.Phase switch
            {
                VersionPhase => await _versions.ClearAsync(at.Tenant, row, now, cancellation),
                RevisionPhase => await _revisions.RemoveAsync(at.Tenant, row, cutoff, cancellation),
                _ => await _executions.RemoveAsync(ListingRow.Read(at.Tenant, row), cutoff, now, Orchestrations, cancellation),
            };
        }
        catch (Exception defect) when (defect is not (OperationCanceledException or StorageUnavailableException))
        {
            // One that nobody can remove does not keep the sweep from the others.
            warn($"Retention met a defect at {row.Key}", defect);
            return false;
        }
    }

    private static int ListOf(int phase) => phase < RevisionPhase ? phase : phase - PartPhase + ExecutionListings.Shards;

    private async ValueTask<Position?> NextTenantAsync(TenantId? after, CancellationToken cancellation)
    {
        Page<TenantRecord> next = await tenants.ListAsync(new PageRequest(1, after?.Value), cancellation);
        return next.Items is [var tenant] ? new Position(tenant.Tenant, 0, null) : null;
    }

    private async ValueTask<Position?> ReadPositionAsync(CancellationToken cancellation)
    {
        Entity? row = await _cursors.FindAsync(CursorKey, cancellation);
        return row is not null && row.TryGet<string>(TenantName, out string? digits) && TenantId.TryParse(digits, out TenantId tenant)
            ? new Position(tenant, (int)row.Get<long>(PhaseName), row.TryGet<string>(AfterName, out string? after) ? after : null)
            : null;
    }

    /// <summary>A row without tenant begins a new round.</summary>
    private async ValueTask WritePositionAsync(Position? next, CancellationToken cancellation) => await _cursors.WriteAsync(
        [new PutEntity(new Entity(CursorKey).With(TenantName, next?.Tenant.Value).With(PhaseName, (long)(next?.Phase ?? 0)).With(AfterName, next?.After))],
        cancellation);

    /// <summary>Where a round is: the tenant, the partition of its lists or its revisions, and the last row seen there.</summary>
    private sealed record Position(TenantId Tenant, int Phase, string? After);
}
