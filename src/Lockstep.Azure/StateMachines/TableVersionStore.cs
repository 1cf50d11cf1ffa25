using System.Globalization;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.StateMachines;

/// <summary>
/// Versions and aliases of state machines (<see cref="VersionRows"/> has the rows). Every change replaces the machine's row by the version that was
/// read, in one transaction with the rows that it is about; so changes of one machine come one after the other, and what was looked at holds.
/// </summary>
public sealed class TableVersionStore : IStateMachineVersionStore
{
    private const int PageItems = 100;

    private readonly ITable _table;
    private readonly StorageRetry _retry;

    /// <summary>Over the table <c>machines</c>.</summary>
    public TableVersionStore(ITables tables, StorageRetry retry)
    {
        _table = tables[TableName.Machines];
        _retry = retry;
    }

    /// <inheritdoc/>
    public ValueTask<Result<PublishOutcome>> PublishAsync(NewStateMachineVersion version, CancellationToken cancellation)
    {
        TenantId tenant = version.Tenant;
        string name = version.StateMachineName;
        StateMachineVersion? sent = null;
        return _retry.RunAsync<Result<PublishOutcome>>(
            async () =>
            {
                if (await FindMachineAsync(tenant, name, cancellation) is not { } machine)
                {
                    return Done<PublishOutcome>(StateMachineUseCases.DoesNotExist(name));
                }

                string revision = MachineRows.RevisionIdOf(machine);
                if (version.ExpectedRevisionId is { } expected && expected != revision)
                {
                    return Done<PublishOutcome>(VersionErrors.OtherRevision(name, revision, expected));
                }

                Release release = VersionRows.ReleaseOf(machine) ?? new Release(Guid.NewGuid().ToString("N"), 0, 0, 0);
                if (await _table.FindAsync(VersionRows.PinKey(tenant, name, revision), cancellation) is { } pin)
                {
                    Entity? row = await _table.FindAsync(VersionRows.VersionKey(tenant, release.Id, VersionRows.NumberOf(pin)), cancellation);
                    StateMachineVersion? found = row is null ? null : VersionRows.ReadVersion(tenant, row);
                    return found is null ? Attempt.Again : Done<PublishOutcome>(new PublishOutcome(found, Created: found == sent));
                }

                if (release.Versions >= version.MaxVersions)
                {
                    return Done<PublishOutcome>(VersionErrors.TooManyVersions(name, version.MaxVersions));
                }

                release = release with { LastVersion = release.LastVersion + 1, Versions = release.Versions + 1 };
                sent = new StateMachineVersion(tenant, name, release.LastVersion, revision, version.Description, version.CreatedAt);
                WriteOutcome written = await _table.WriteAsync(
                    [
                        Replace(machine, release),
                        new InsertEntity(VersionRows.ToEntity(release.Id, sent)),
                        new InsertEntity(VersionRows.ToPin(sent)),
                    ],
                    cancellation);
                return written.Succeeded ? Done<PublishOutcome>(new PublishOutcome(sent, Created: true)) : Attempt.Again;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<StateMachineVersion?> FindVersionAsync(TenantId tenant, string stateMachineName, long number, CancellationToken cancellation) =>
        _retry.RunAsync<StateMachineVersion?>(
            async () =>
            {
                Release? release = await FindReleaseAsync(tenant, stateMachineName, cancellation);
                Entity? row = release is null ? null : await _table.FindAsync(VersionRows.VersionKey(tenant, release.Id, number), cancellation);
                return row is null ? null : VersionRows.ReadVersion(tenant, row);
            },
            cancellation);

    /// <inheritdoc/>
    public ValueTask<Page<StateMachineVersion>> ListVersionsAsync(
        TenantId tenant, string stateMachineName, PageRequest page, CancellationToken cancellation) => _retry.RunAsync<Page<StateMachineVersion>>(
            async () =>
            {
                if (await FindReleaseAsync(tenant, stateMachineName, cancellation) is not { } release)
                {
                    return new Page<StateMachineVersion>([], null);
                }

                EntityRange range = VersionRows.RangeOf(tenant, VersionRows.Version, release.Id);
                if (page.Cursor is { } last)
                {
                    range = range with { FromRow = VersionRows.VersionKey(tenant, release.Id, long.Parse(last, CultureInfo.InvariantCulture) - 1).Row };
                }

                List<Entity> found = await RangeScan.FirstAsync(_table, range, page.MaxItems + 1, cancellation);
                StateMachineVersion[] items = [.. found.Take(page.MaxItems).Select(row => VersionRows.ReadVersion(tenant, row))];
                return new Page<StateMachineVersion>(
                    items, found.Count > page.MaxItems ? items[^1].Number.ToString(CultureInfo.InvariantCulture) : null);
            },
            cancellation);

    /// <inheritdoc/>
    public ValueTask<Result<Accepted>> DeleteVersionAsync(
        TenantId tenant, string stateMachineName, long number, DateTimeOffset now, CancellationToken cancellation) => _retry.RunAsync<Result<Accepted>>(
            async () =>
            {
                if (await FindMachineAsync(tenant, stateMachineName, cancellation) is not { } machine
                    || VersionRows.ReleaseOf(machine) is not { } release
                    || await _table.FindAsync(VersionRows.VersionKey(tenant, release.Id, number), cancellation) is not { } row)
                {
                    return Done<Accepted>(default(Accepted));
                }

                await foreach (StateMachineAlias alias in AliasesAsync(tenant, stateMachineName, release, after: null, cancellation))
                {
                    if (alias.RoutesTo(number))
                    {
                        return Done<Accepted>(VersionErrors.VersionInUse(stateMachineName, number, alias.Name));
                    }
                }

                string revision = VersionRows.ReadVersion(tenant, row).RevisionId;
                List<EntityWrite> writes =
                [
                    Replace(machine, release with { Versions = release.Versions - 1 }),
                    new DeleteEntity(row.Key, row.ETag),
                    new DeleteEntity(VersionRows.PinKey(tenant, stateMachineName, revision), null),
                ];
                if (revision != MachineRows.RevisionIdOf(machine))
                {
                    // Until now executions could be started with it, so its time out of force begins anew.
                    writes.Add(new PutEntity(MachineRows.ToOutOfForce(tenant, stateMachineName, revision, now)));
                }

                return (await _table.WriteAsync(writes, cancellation)).Succeeded ? Done<Accepted>(default(Accepted)) : Attempt.Again;
            },
            cancellation);

    /// <inheritdoc/>
    public ValueTask<Result<StateMachineAlias>> CreateAliasAsync(StateMachineAlias alias, int maxAliases, CancellationToken cancellation) =>
        _retry.RunAsync<Result<StateMachineAlias>>(
            async () =>
            {
                if (await FindMachineAsync(alias.Tenant, alias.StateMachineName, cancellation) is not { } machine)
                {
                    return Done<StateMachineAlias>(StateMachineUseCases.DoesNotExist(alias.StateMachineName));
                }

                if (VersionRows.ReleaseOf(machine) is not { } release)
                {
                    return Done<StateMachineAlias>(VersionErrors.NoVersion(alias.StateMachineName, alias.Routes[0].Version));
                }

                if (await FindAliasAsync(release, alias, cancellation) is { } existing)
                {
                    return Done(VersionRows.ReadAlias(alias.Tenant, alias.StateMachineName, existing).RevisionId == alias.RevisionId
                        ? alias
                        : (Result<StateMachineAlias>)VersionErrors.AliasTaken(alias.StateMachineName, alias.Name));
                }

                if (await MissingVersionAsync(release, alias, cancellation) is { } missing)
                {
                    return Done<StateMachineAlias>(missing);
                }

                if (release.Aliases >= maxAliases)
                {
                    return Done<StateMachineAlias>(VersionErrors.TooManyAliases(alias.StateMachineName, maxAliases));
                }

                WriteOutcome written = await _table.WriteAsync(
                    [
                        Replace(machine, release with { Aliases = release.Aliases + 1 }),
                        new InsertEntity(VersionRows.ToEntity(release.Id, alias)),
                    ],
                    cancellation);
                return written.Succeeded ? Done<StateMachineAlias>(alias) : Attempt.Again;
            },
            cancellation);

    /// <inheritdoc/>
    public ValueTask<StateMachineAlias?> FindAliasAsync(TenantId tenant, string stateMachineName, string name, CancellationToken cancellation) =>
        _retry.RunAsync<StateMachineAlias?>(
            async () =>
            {
                Release? release = await FindReleaseAsync(tenant, stateMachineName, cancellation);
                Entity? row = release is null ? null : await _table.FindAsync(VersionRows.AliasKey(tenant, release.Id, name), cancellation);
                return row is null ? null : VersionRows.ReadAlias(tenant, stateMachineName, row);
            },
            cancellation);

    /// <inheritdoc/>
    public ValueTask<Page<StateMachineAlias>> ListAliasesAsync(
        TenantId tenant, string stateMachineName, long? version, PageRequest page, CancellationToken cancellation) =>
        _retry.RunAsync<Page<StateMachineAlias>>(
            async () =>
            {
                List<StateMachineAlias> items = [];
                if (await FindReleaseAsync(tenant, stateMachineName, cancellation) is { } release)
                {
                    await foreach (StateMachineAlias alias in AliasesAsync(tenant, stateMachineName, release, page.Cursor, cancellation))
                    {
                        if (version is not long number || alias.RoutesTo(number))
                        {
                            if (items.Count == page.MaxItems)
                            {
                                return new Page<StateMachineAlias>(items, items[^1].Name);
                            }

                            items.Add(alias);
                        }
                    }
                }

                return new Page<StateMachineAlias>(items, null);
            },
            cancellation);

    /// <inheritdoc/>
    public ValueTask<Result<StateMachineAlias>> UpdateAliasAsync(
        StateMachineAlias alias, string? expectedRevisionId, CancellationToken cancellation) => _retry.RunAsync<Result<StateMachineAlias>>(
            async () =>
            {
                if (await FindMachineAsync(alias.Tenant, alias.StateMachineName, cancellation) is not { } machine)
                {
                    return Done<StateMachineAlias>(StateMachineUseCases.DoesNotExist(alias.StateMachineName));
                }

                if (VersionRows.ReleaseOf(machine) is not { } release
                    || await FindAliasAsync(release, alias, cancellation) is not { ETag: { } version } row)
                {
                    return Done<StateMachineAlias>(VersionErrors.NoAlias(alias.StateMachineName, alias.Name));
                }

                StateMachineAlias current = VersionRows.ReadAlias(alias.Tenant, alias.StateMachineName, row);
                if (current.RevisionId == alias.RevisionId)
                {
                    return Done<StateMachineAlias>(alias);
                }

                if (expectedRevisionId is not null && expectedRevisionId != current.RevisionId)
                {
                    return Done<StateMachineAlias>(VersionErrors.AliasChanged(alias.StateMachineName, alias.Name));
                }

                if (await MissingVersionAsync(release, alias, cancellation) is { } missing)
                {
                    return Done<StateMachineAlias>(missing);
                }

                WriteOutcome written = await _table.WriteAsync(
                    [Replace(machine, release), new ReplaceEntity(VersionRows.ToEntity(release.Id, alias), version)], cancellation);
                return written.Succeeded ? Done<StateMachineAlias>(alias) : Attempt.Again;
            },
            cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAliasAsync(
        TenantId tenant, string stateMachineName, string name, string? expectedRevisionId, CancellationToken cancellation)
    {
        bool sent = false;
        return _retry.RunAsync<bool>(
            async () =>
            {
                if (await FindMachineAsync(tenant, stateMachineName, cancellation) is not { } machine
                    || VersionRows.ReleaseOf(machine) is not { } release
                    || await _table.FindAsync(VersionRows.AliasKey(tenant, release.Id, name), cancellation) is not { } row)
                {
                    // Gone since this call tried to remove it: by this call, as far as anybody can tell.
                    return sent;
                }

                if (expectedRevisionId is not null && expectedRevisionId != VersionRows.ReadAlias(tenant, stateMachineName, row).RevisionId)
                {
                    return false;
                }

                sent = true;
                WriteOutcome written = await _table.WriteAsync(
                    [Replace(machine, release with { Aliases = release.Aliases - 1 }), new DeleteEntity(row.Key, row.ETag)], cancellation);
                return written.Succeeded ? true : Attempt.Again;
            },
            cancellation);
    }

    private static Attempt<Result<T>> Done<T>(Result<T> answer)
        where T : notnull => new(answer, true);

    private static ReplaceEntity Replace(Entity machine, Release release) => new(
        VersionRows.With(machine, release), machine.ETag ?? throw new InvalidOperationException("A machine that was read has no version."));

    private ValueTask<Entity?> FindMachineAsync(TenantId tenant, string name, CancellationToken cancellation) =>
        _table.FindAsync(MachineRows.MachineKey(tenant, name), cancellation);

    private async ValueTask<Release?> FindReleaseAsync(TenantId tenant, string name, CancellationToken cancellation) =>
        await FindMachineAsync(tenant, name, cancellation) is { } machine ? VersionRows.ReleaseOf(machine) : null;

    private ValueTask<Entity?> FindAliasAsync(Release release, StateMachineAlias alias, CancellationToken cancellation) =>
        _table.FindAsync(VersionRows.AliasKey(alias.Tenant, release.Id, alias.Name), cancellation);

    private async ValueTask<ServiceError?> MissingVersionAsync(Release release, StateMachineAlias alias, CancellationToken cancellation)
    {
        foreach (AliasRoute route in alias.Routes)
        {
            if (await _table.FindAsync(VersionRows.VersionKey(alias.Tenant, release.Id, route.Version), cancellation) is null)
            {
                return VersionErrors.NoVersion(alias.StateMachineName, route.Version);
            }
        }

        return null;
    }

    private async IAsyncEnumerable<StateMachineAlias> AliasesAsync(
        TenantId tenant,
        string machine,
        Release release,
        string? after,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        EntityRange all = VersionRows.RangeOf(tenant, VersionRows.Alias, release.Id);
        EntityRange range = after is null ? all : all with { FromRow = all.FromRow + KeyText.After(after) };
        await foreach (Entity row in RangeScan.AllAsync(_table, range, PageItems, cancellation))
        {
            yield return VersionRows.ReadAlias(tenant, machine, row);
        }
    }
}
