using System.Globalization;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Tests.Memory;

/// <summary>Versions and aliases without a database, of machines without one.</summary>
internal sealed class MemoryVersionStore(MemoryStateMachineStore machines) : IStateMachineVersionStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(TenantId, string), Released> _released = [];

    public async ValueTask<Result<PublishOutcome>> PublishAsync(NewStateMachineVersion version, CancellationToken cancellation)
    {
        if (await machines.FindAsync(version.Tenant, version.StateMachineName, cancellation) is not { } machine)
        {
            return StateMachineUseCases.DoesNotExist(version.StateMachineName);
        }

        lock (_gate)
        {
            Released released = Of(machine);
            if (version.ExpectedRevisionId is { } expected && expected != machine.RevisionId)
            {
                return VersionErrors.OtherRevision(machine.Name, machine.RevisionId, expected);
            }

            if (released.Versions.Find(known => known.RevisionId == machine.RevisionId) is { } published)
            {
                return new PublishOutcome(published, Created: false);
            }

            if (released.Versions.Count >= version.MaxVersions)
            {
                return VersionErrors.TooManyVersions(machine.Name, version.MaxVersions);
            }

            var added = new StateMachineVersion(
                machine.Tenant, machine.Name, ++released.LastVersion, machine.RevisionId, version.Description, version.CreatedAt);
            released.Versions.Insert(0, added);
            return new PublishOutcome(added, Created: true);
        }
    }

    public async ValueTask<StateMachineVersion?> FindVersionAsync(
        TenantId tenant, string stateMachineName, long number, CancellationToken cancellation) =>
        (await FindAsync(tenant, stateMachineName, cancellation))?.Versions.Find(version => version.Number == number);

    public async ValueTask<Page<StateMachineVersion>> ListVersionsAsync(
        TenantId tenant, string stateMachineName, PageRequest page, CancellationToken cancellation)
    {
        long before = page.Cursor is null ? long.MaxValue : long.Parse(page.Cursor, CultureInfo.InvariantCulture);
        StateMachineVersion[] rest = [.. (await FindAsync(tenant, stateMachineName, cancellation))?.Versions.Where(version => version.Number < before) ?? []];
        StateMachineVersion[] taken = [.. rest.Take(page.MaxItems)];
        return new Page<StateMachineVersion>(taken, rest.Length > taken.Length ? taken[^1].Number.ToString(CultureInfo.InvariantCulture) : null);
    }

    public async ValueTask<Result<Accepted>> DeleteVersionAsync(
        TenantId tenant, string stateMachineName, long number, DateTimeOffset now, CancellationToken cancellation)
    {
        Released? released = await FindAsync(tenant, stateMachineName, cancellation);
        if (released?.Aliases.Values.FirstOrDefault(alias => alias.RoutesTo(number)) is { } user)
        {
            return VersionErrors.VersionInUse(stateMachineName, number, user.Name);
        }

        released?.Versions.RemoveAll(version => version.Number == number);
        return default(Accepted);
    }

    public async ValueTask<Result<StateMachineAlias>> CreateAliasAsync(StateMachineAlias alias, int maxAliases, CancellationToken cancellation)
    {
        if (await FindAsync(alias.Tenant, alias.StateMachineName, cancellation) is not { } released)
        {
            return StateMachineUseCases.DoesNotExist(alias.StateMachineName);
        }

        return released.Aliases.ContainsKey(alias.Name) ? VersionErrors.AliasTaken(alias.StateMachineName, alias.Name)
            : Missing(released, alias) is { } missing ? missing
            : released.Aliases.Count >= maxAliases ? VersionErrors.TooManyAliases(alias.StateMachineName, maxAliases)
            : released.Aliases[alias.Name] = alias;
    }

    public async ValueTask<StateMachineAlias?> FindAliasAsync(
        TenantId tenant, string stateMachineName, string name, CancellationToken cancellation) =>
        (await FindAsync(tenant, stateMachineName, cancellation))?.Aliases.GetValueOrDefault(name);

    public async ValueTask<Page<StateMachineAlias>> ListAliasesAsync(
        TenantId tenant, string stateMachineName, long? version, PageRequest page, CancellationToken cancellation) => MemoryPages.ByName(
            (await FindAsync(tenant, stateMachineName, cancellation))?.Aliases.Values.Where(alias => version is not { } number || alias.RoutesTo(number)) ?? [],
            alias => alias.Name,
            page);

    public async ValueTask<Result<StateMachineAlias>> UpdateAliasAsync(
        StateMachineAlias alias, string? expectedRevisionId, CancellationToken cancellation)
    {
        Released? released = await FindAsync(alias.Tenant, alias.StateMachineName, cancellation);
        if (released?.Aliases.GetValueOrDefault(alias.Name) is not { } current)
        {
            return VersionErrors.NoAlias(alias.StateMachineName, alias.Name);
        }

        return expectedRevisionId is not null && expectedRevisionId != current.RevisionId ? VersionErrors.AliasChanged(alias.StateMachineName, alias.Name)
            : Missing(released, alias) is { } missing ? missing
            : released.Aliases[alias.Name] = alias;
    }

    public async ValueTask<bool> DeleteAliasAsync(
        TenantId tenant, string stateMachineName, string name, string? expectedRevisionId, CancellationToken cancellation)
    {
        Released? released = await FindAsync(tenant, stateMachineName, cancellation);
        return released?.Aliases.GetValueOrDefault(name) is { } current
            && (expectedRevisionId is null || expectedRevisionId == current.RevisionId)
            && released.Aliases.Remove(name);
    }

    private static ServiceError? Missing(Released released, StateMachineAlias alias)
    {
        foreach (AliasRoute route in alias.Routes)
        {
            if (released.Versions.TrueForAll(version => version.Number != route.Version))
            {
                return VersionErrors.NoVersion(alias.StateMachineName, route.Version);
            }
        }

        return null;
    }

    private async ValueTask<Released?> FindAsync(TenantId tenant, string name, CancellationToken cancellation)
    {
        StateMachineRecord? machine = await machines.FindAsync(tenant, name, cancellation);
        lock (_gate)
        {
            return machine is null ? null : Of(machine);
        }
    }

    private Released Of(StateMachineRecord machine)
    {
        if (!_released.TryGetValue((machine.Tenant, machine.Name), out Released? released) || released.CreatedAt != machine.CreatedAt)
        {
            _released[(machine.Tenant, machine.Name)] = released = new Released(machine.CreatedAt);
        }

        return released;
    }

    private sealed class Released(DateTimeOffset createdAt)
    {
        public DateTimeOffset CreatedAt => createdAt;

        public long LastVersion { get; set; }

        public List<StateMachineVersion> Versions { get; } = [];

        public Dictionary<string, StateMachineAlias> Aliases { get; } = new(StringComparer.Ordinal);
    }
}
