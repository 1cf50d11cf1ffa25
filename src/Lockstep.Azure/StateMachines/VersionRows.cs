using System.Globalization;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.StateMachines;

/// <summary>
/// How versions and aliases are written down, in the partition of their machine. The machine's own row has the <see cref="Release"/>: an id under which
/// its versions and aliases stand, and how many there are; so they are gone in the moment in which that row is. <c>v|id|number counted down</c>: a
/// version. <c>a|id|alias</c>: an alias. <c>p|name|revision</c>: which version a revision has; while it is there, retention leaves the revision.
/// <c>d|id</c>: the versions and aliases of a machine that is gone, to be cleared away.
/// </summary>
internal static class VersionRows
{
    /// <summary>Kind of the rows of versions.</summary>
    public const string Version = "v";

    /// <summary>Kind of the rows of aliases.</summary>
    public const string Alias = "a";

    /// <summary>Kind of the rows that say which version a revision has.</summary>
    public const string Pin = "p";

    /// <summary>Kind of the rows that say what is to be cleared away.</summary>
    public const string Dropped = "d";

    private const string ReleaseName = "release";
    private const string LastVersionName = "lastVersion";
    private const string VersionsName = "versions";
    private const string AliasesName = "aliases";

    private const string NameName = "name";
    private const string NumberName = "number";
    private const string RevisionName = "revision";
    private const string DescriptionName = "description";
    private const string CreatedName = "created";
    private const string UpdatedName = "updated";
    private const string Version1Name = "version1";
    private const string Weight1Name = "weight1";
    private const string Version2Name = "version2";
    private const string Weight2Name = "weight2";

    /// <summary>What a machine's row says of its versions and aliases; null when there never was one.</summary>
    public static Release? ReleaseOf(Entity machine) => machine.TryGet<string>(ReleaseName, out string? id)
        ? new Release(id, machine.Get<long>(LastVersionName), machine.Get<long>(VersionsName), machine.Get<long>(AliasesName))
        : null;

    /// <summary>The machine's row with what it says of its versions and aliases.</summary>
    public static Entity With(Entity machine, Release? release) => release is null ? machine : machine
        .With(ReleaseName, release.Id)
        .With(LastVersionName, release.LastVersion)
        .With(VersionsName, release.Versions)
        .With(AliasesName, release.Aliases);

    /// <summary>Where a version is. The number is counted down, so that the newest comes first.</summary>
    public static EntityKey VersionKey(TenantId tenant, string releaseId, long number) => new(
        tenant.Value, string.Join(KeyText.Separator, Version, releaseId, (long.MaxValue - number).ToString("D19", CultureInfo.InvariantCulture)));

    /// <summary>Where an alias is.</summary>
    public static EntityKey AliasKey(TenantId tenant, string releaseId, string name) =>
        new(tenant.Value, string.Join(KeyText.Separator, Alias, releaseId, KeyText.OfName(name)));

    /// <summary>Where it stands which version a revision has.</summary>
    public static EntityKey PinKey(TenantId tenant, string machine, string revisionId) =>
        new(tenant.Value, string.Join(KeyText.Separator, Pin, KeyText.OfName(machine), KeyText.OfName(revisionId)));

    /// <summary>The rows of a kind that stand under an id.</summary>
    public static EntityRange RangeOf(TenantId tenant, string kind, string releaseId) =>
        RangeScan.OfPrefix(tenant.Value, $"{kind}{KeyText.Separator}{releaseId}");

    /// <summary>The row of a version.</summary>
    public static Entity ToEntity(string releaseId, StateMachineVersion version) =>
        new Entity(VersionKey(version.Tenant, releaseId, version.Number))
            .With(NameName, version.StateMachineName).With(NumberName, version.Number).With(RevisionName, version.RevisionId)
            .With(DescriptionName, version.Description).With(CreatedName, version.CreatedAt);

    /// <summary>The row that says which version a revision has.</summary>
    public static Entity ToPin(StateMachineVersion version) =>
        new Entity(PinKey(version.Tenant, version.StateMachineName, version.RevisionId)).With(NumberName, version.Number);

    /// <summary>The number in a row of a version, or of one that says which version a revision has.</summary>
    public static long NumberOf(Entity row) => row.Get<long>(NumberName);

    /// <summary>Reads a version.</summary>
    public static StateMachineVersion ReadVersion(TenantId tenant, Entity row) => new(
        tenant, row.Get<string>(NameName), NumberOf(row), row.Get<string>(RevisionName),
        row.TryGet<string>(DescriptionName, out string? description) ? description : null, row.Get<DateTimeOffset>(CreatedName));

    /// <summary>The row of an alias.</summary>
    public static Entity ToEntity(string releaseId, StateMachineAlias alias)
    {
        AliasRoute? second = alias.Routes.Length > 1 ? alias.Routes[1] : null;
        return new Entity(AliasKey(alias.Tenant, releaseId, alias.Name))
            .With(NameName, alias.Name).With(RevisionName, alias.RevisionId).With(DescriptionName, alias.Description)
            .With(Version1Name, alias.Routes[0].Version).With(Weight1Name, (long)alias.Routes[0].Weight)
            .With(Version2Name, second?.Version).With(Weight2Name, (long?)second?.Weight)
            .With(CreatedName, alias.CreatedAt).With(UpdatedName, alias.UpdatedAt);
    }

    /// <summary>Reads an alias.</summary>
    public static StateMachineAlias ReadAlias(TenantId tenant, string machine, Entity row)
    {
        var first = new AliasRoute(row.Get<long>(Version1Name), (int)row.Get<long>(Weight1Name));
        return new StateMachineAlias(
            tenant,
            machine,
            row.Get<string>(NameName),
            row.Get<string>(RevisionName),
            row.TryGet<string>(DescriptionName, out string? description) ? description : null,
            row.TryGet(Version2Name, out long second) ? [first, new AliasRoute(second, (int)row.Get<long>(Weight2Name))] : [first],
            row.Get<DateTimeOffset>(CreatedName),
            row.Get<DateTimeOffset>(UpdatedName));
    }

    /// <summary>The row that says that versions and aliases are to be cleared away.</summary>
    public static Entity ToDropped(TenantId tenant, string releaseId) =>
        new Entity(new EntityKey(tenant.Value, $"{Dropped}{KeyText.Separator}{releaseId}")).With(ReleaseName, releaseId);

    /// <summary>The id under which what is to be cleared away stands.</summary>
    public static string ReleaseIdOf(Entity dropped) => dropped.Get<string>(ReleaseName);
}

/// <summary>What a machine's row says of its versions and aliases.</summary>
/// <param name="Id">Drawn when the first version was published; the rows stand under it.</param>
/// <param name="LastVersion">The number that was given out last.</param>
/// <param name="Versions">How many there are.</param>
/// <param name="Aliases">How many there are.</param>
internal sealed record Release(string Id, long LastVersion, long Versions, long Aliases);
