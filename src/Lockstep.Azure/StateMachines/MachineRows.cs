using System.Text;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Azure.Tags;
using Lockstep.Service.Logging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.StateMachines;

/// <summary>
/// How state machines are written down. Table <c>machines</c>, partition the tenant. <c>m|name</c>: what is in force, without definition.
/// <c>r|name|revision</c>: a revision, whole; never changed. <c>o|name|revision</c>: a revision that nothing but executions can need, since when;
/// retention looks at these. A definition over <see cref="MaxInlineBytes"/> is a blob.
/// </summary>
internal static class MachineRows
{
    /// <summary>Kind of the rows that say what is in force.</summary>
    public const string Machine = "m";

    /// <summary>Kind of the rows of revisions.</summary>
    public const string Revision = "r";

    /// <summary>Kind of the rows of revisions out of force.</summary>
    public const string OutOfForce = "o";

    /// <summary>Bytes of UTF-8 of a definition that stays in its row.</summary>
    public const int MaxInlineBytes = 32 * 1024;

    private const string NameName = "name";
    private const string RevisionName = "revision";
    private const string DefinitionName = "definition";
    private const string BlobName = "blob";
    private const string RoleName = "role";
    private const string TypeName = "type";
    private const string CreatedName = "created";
    private const string UpdatedName = "updated";
    private const string TagsName = "tags";
    private const string LoggingName = "logging";
    private const string SinceName = "since";
    private const string RemovingName = "removing";

    /// <summary>Loud about halves of surrogate pairs, which would otherwise come back as something else.</summary>
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Where it stands what is in force.</summary>
    public static EntityKey MachineKey(TenantId tenant, string name) => new(tenant.Value, $"{Machine}{KeyText.Separator}{KeyText.OfName(name)}");

    /// <summary>Where a revision is.</summary>
    public static EntityKey RevisionKey(TenantId tenant, string name, string revisionId) => KeyOf(Revision, tenant, name, revisionId);

    /// <summary>Where it is noted that a revision is out of force.</summary>
    public static EntityKey OutOfForceKey(TenantId tenant, string name, string revisionId) => KeyOf(OutOfForce, tenant, name, revisionId);

    /// <summary>The definition as it is stored.</summary>
    public static byte[] Encode(string definition) => Utf8.GetBytes(definition);

    /// <summary>The definition as it was sent.</summary>
    public static string Decode(ReadOnlyMemory<byte> definition) => Utf8.GetString(definition.Span);

    /// <summary>The blob of a definition that is too large for a row; null for one that is not.</summary>
    public static string? BlobOf(StateMachineRecord machine, byte[] definition) =>
        definition.Length > MaxInlineBytes ? BlobNameOf(machine.Tenant, machine.Name, machine.RevisionId) : null;

    /// <summary>The name that the blob of a revision has, if it has one.</summary>
    public static string BlobNameOf(TenantId tenant, string name, string revisionId) =>
        $"{tenant.Value}/m/{KeyText.OfBlobPart(name)}/{KeyText.OfBlobPart(revisionId)}";

    /// <summary>The row that puts a machine's revision in force.</summary>
    public static Entity ToMachine(EntityKey key, StateMachineRecord machine) => Describe(new Entity(key), machine);

    /// <summary>The row of a revision.</summary>
    public static Entity ToRevision(StateMachineRecord machine, byte[] definition, string? blob)
    {
        Entity row = Describe(new Entity(RevisionKey(machine.Tenant, machine.Name, machine.RevisionId)), machine);
        return blob is null ? row.With(DefinitionName, new ReadOnlyMemory<byte>(definition)) : row.With(BlobName, blob);
    }

    /// <summary>The row that says since when a revision is out of force.</summary>
    public static Entity ToOutOfForce(TenantId tenant, string name, string revisionId, DateTimeOffset since) =>
        new Entity(OutOfForceKey(tenant, name, revisionId)).With(NameName, name).With(RevisionName, revisionId).With(SinceName, since);

    /// <summary>Reads a row that says since when a revision is out of force.</summary>
    public static (string Name, string RevisionId, DateTimeOffset Since) ReadOutOfForce(Entity row) =>
        (row.Get<string>(NameName), row.Get<string>(RevisionName), row.Get<DateTimeOffset>(SinceName));

    /// <summary>The note of a revision that is removed from here on: nothing may come to need it any more.</summary>
    public static Entity ToBeingRemoved(Entity note) => note.With(RemovingName, true);

    /// <summary>Whether the revision of a note is being removed.</summary>
    public static bool IsBeingRemoved(Entity note) => note.TryGet<bool>(RemovingName, out bool removing) && removing;

    /// <summary>The id of the revision that a row names.</summary>
    public static string RevisionIdOf(Entity row) => row.Get<string>(RevisionName);

    /// <summary>The blob with a revision's definition; null when the row has it.</summary>
    public static string? BlobOf(Entity revision) => revision.TryGet<string>(BlobName, out string? blob) ? blob : null;

    /// <summary>The definition in a revision's row.</summary>
    public static ReadOnlyMemory<byte> DefinitionOf(Entity revision) => revision.Get<ReadOnlyMemory<byte>>(DefinitionName);

    /// <summary>Reads either kind of row; the definition, which one of them does not have, comes from outside.</summary>
    public static StateMachineRecord Read(TenantId tenant, Entity row, string definition) => new(
        tenant, row.Get<string>(NameName), RevisionIdOf(row), definition, row.Get<string>(RoleName), ReadType(row.Get<string>(TypeName)),
        row.Get<DateTimeOffset>(CreatedName), row.Get<DateTimeOffset>(UpdatedName))
    {
        Tags = TagBytes.Read(row.Get<ReadOnlyMemory<byte>>(TagsName)),
        Logging = LoggingConfiguration.Parse(row.TryGet<string>(LoggingName, out string? logging) ? logging : null),
    };

    private static EntityKey KeyOf(string kind, TenantId tenant, string name, string revisionId) =>
        new(tenant.Value, string.Join(KeyText.Separator, kind, KeyText.OfName(name), KeyText.OfName(revisionId)));

    private static Entity Describe(Entity row, StateMachineRecord machine) => row
        .With(NameName, machine.Name).With(RevisionName, machine.RevisionId).With(RoleName, machine.RoleArn).With(TypeName, machine.Type.ToString())
        .With(CreatedName, machine.CreatedAt).With(UpdatedName, machine.UpdatedAt).With(TagsName, TagBytes.Of(machine.Tags))
        .With(LoggingName, machine.Logging == LoggingConfiguration.Off ? null : machine.Logging.ToText());

    private static WorkflowType ReadType(string text) => text switch
    {
        nameof(WorkflowType.Standard) => WorkflowType.Standard,
        nameof(WorkflowType.Express) => WorkflowType.Express,
        _ => throw new InvalidOperationException($"A stored state machine has the type '{text}'."),
    };
}
