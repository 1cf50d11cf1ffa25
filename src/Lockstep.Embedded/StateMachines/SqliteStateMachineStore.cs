using System.Text.Json;
using Lockstep.Embedded.Committing;
using Lockstep.Embedded.Storage;
using Lockstep.Service.Errors;
using Lockstep.Service.Logging;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Embedded.StateMachines;

/// <summary>
/// State machines and their revisions in SQLite. Deleting or updating a machine takes its newest revision out of force and notes since when; it is
/// removed by retention, once no execution refers to it. Every start looks its machine up, so those in use are kept in memory.
/// </summary>
internal sealed class SqliteStateMachineStore(Store store, TimeProvider time) : IStateMachineStore
{
    /// <summary>Newest revisions in memory; beyond that the memory starts over.</summary>
    internal const int MaxInMemory = 256;

    private const string Columns = "m.name, r.id, r.definition, r.role, r.type, r.created, r.updated, r.tags, r.logging";

    private const string InsertName = "INSERT INTO machines(tenant, name) VALUES(?1, ?2) ON CONFLICT DO NOTHING";
    private const string FindName = "SELECT no FROM machines WHERE tenant = ?1 AND name = ?2";
    private const string NewestRevision =
        "SELECT m.no, r.id FROM machines m JOIN revisions r ON r.no = m.revision WHERE m.tenant = ?1 AND m.name = ?2";

    private const string PutRevision = """
        INSERT INTO revisions(machine, id, definition, role, type, created, updated, tags, logging) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        ON CONFLICT(machine, id) DO UPDATE SET definition = ?3, role = ?4, type = ?5, created = ?6, updated = ?7, tags = ?8, logging = ?9
        """;

    private const string PutInForce = "UPDATE machines SET revision = (SELECT no FROM revisions WHERE machine = ?1 AND id = ?2) WHERE no = ?1";
    private const string TakeOutOfForce = "UPDATE machines SET revision = NULL, last_version = 0 WHERE no = ?1";
    private const string NoteNewest = """
        INSERT OR REPLACE INTO unused_revisions(revision, since)
        SELECT m.revision, ?2 FROM machines m JOIN revisions r ON r.no = m.revision WHERE m.no = ?1 AND r.id IS NOT ?3
        """;

    private const string NoteVersions = "INSERT OR REPLACE INTO unused_revisions(revision, since) SELECT revision, ?2 FROM versions WHERE machine = ?1";
    private const string KeepRevision = """
        UPDATE unused_revisions SET since = max(since, ?4) WHERE revision = (
            SELECT r.no FROM machines m JOIN revisions r ON r.machine = m.no WHERE m.tenant = ?1 AND m.name = ?2 AND r.id = ?3)
        """;

    private const string RemoveVersions = "DELETE FROM versions WHERE machine = ?1";
    private const string RemoveAliases = "DELETE FROM aliases WHERE machine = ?1";
    private const string Find =
        $"SELECT {Columns} FROM machines m JOIN revisions r ON r.no = m.revision WHERE m.tenant = ?1 AND m.name = ?2";

    private const string FindRevision =
        $"SELECT {Columns} FROM machines m JOIN revisions r ON r.machine = m.no WHERE m.tenant = ?1 AND m.name = ?2 AND r.id = ?3";

    private const string List =
        $"SELECT {Columns} FROM machines m JOIN revisions r ON r.no = m.revision WHERE m.tenant = ?1 AND m.name > ?2 ORDER BY m.name LIMIT ?3";

    private const string Count = "SELECT count(*) FROM machines WHERE tenant = ?1 AND revision IS NOT NULL";

    private readonly RecentRows<(TenantId Tenant, string Name), StateMachineRecord> _recent = new(MaxInMemory);

    /// <inheritdoc/>
    public async ValueTask<Result<StateMachineRecord>> CreateAsync(StateMachineRecord machine, CancellationToken cancellation)
    {
        bool created = await store.WriteAsync(context =>
        {
            long tenant = Store.EnsureTenant(context, machine.Tenant, out _);
            if (Newest(context, tenant, machine.Name) is not null)
            {
                return false;
            }

            context.Prepare(InsertName).Bind(1, tenant).Bind(2, machine.Name).Execute();
            long number = context.Prepare(FindName).Bind(1, tenant).Bind(2, machine.Name).ReadScalar()
                ?? throw new InvalidOperationException("A machine that was just stored has no number.");
            Put(context, number, machine);
            return true;
        });
        _recent.Forget((machine.Tenant, machine.Name));
        return created
            ? machine
            : new ServiceError(ErrorCodes.StateMachineAlreadyExists, $"State machine '{machine.Name}' already exists.");
    }

    /// <inheritdoc/>
    public ValueTask<StateMachineRecord?> FindAsync(TenantId tenant, string name, CancellationToken cancellation) =>
        ValueTask.FromResult(_recent.Get((tenant, name), store, static (key, store) => ReadNewest(store, key.Tenant, key.Name)));

    /// <inheritdoc/>
    public ValueTask<StateMachineRecord?> FindRevisionAsync(TenantId tenant, string name, string revisionId, CancellationToken cancellation) =>
        ValueTask.FromResult(store.NumberOf(tenant) is not long number
            ? null
            : store.Read((tenant, number, name, revisionId), static (connection, query) =>
            {
                using SqliteStatement rows = connection.Prepare(FindRevision).Bind(1, query.number).Bind(2, query.name).Bind(3, query.revisionId);
                return rows.Step() ? ReadRow(query.tenant, rows) : null;
            }));

    /// <inheritdoc/>
    public async ValueTask<StateMachineRecord?> KeepRevisionAsync(TenantId tenant, string name, string revisionId, CancellationToken cancellation)
    {
        if (store.NumberOf(tenant) is long number)
        {
            long now = StoredTime.ToStored(time.GetUtcNow());
            await store.WriteAsync(context =>
                context.Prepare(KeepRevision).Bind(1, number).Bind(2, name).Bind(3, revisionId).Bind(4, now).ExecuteChanges());
        }

        return await FindRevisionAsync(tenant, name, revisionId, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<Result<StateMachineRecord>> UpdateAsync(
        StateMachineRecord machine, string? expectedRevisionId, CancellationToken cancellation)
    {
        ServiceError? refusal = await store.WriteAsync(context =>
        {
            long tenant = Store.EnsureTenant(context, machine.Tenant, out _);
            if (Newest(context, tenant, machine.Name) is not (long number, string newest))
            {
                return new ServiceError(ErrorCodes.StateMachineDoesNotExist, $"State machine '{machine.Name}' does not exist.");
            }

            if (expectedRevisionId is not null && expectedRevisionId != newest)
            {
                return new ServiceError(
                    ErrorCodes.PreconditionFailed, $"The newest revision of '{machine.Name}' is '{newest}', not '{expectedRevisionId}'.");
            }

            Put(context, number, machine);
            return null;
        });
        _recent.Forget((machine.Tenant, machine.Name));
        return refusal is null ? machine : refusal;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(TenantId tenant, string name, string? expectedRevisionId, CancellationToken cancellation)
    {
        if (store.NumberOf(tenant) is not long tenantNumber)
        {
            return false;
        }

        bool existed = await store.WriteAsync(context =>
            Newest(context, tenantNumber, name) is (long number, string newest)
            && (expectedRevisionId is null || expectedRevisionId == newest)
            && TakeAway(context, number, StoredTime.ToStored(time.GetUtcNow())));
        _recent.Forget((tenant, name));
        return existed;
    }

    /// <inheritdoc/>
    public ValueTask<Page<StateMachineRecord>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) => ValueTask.FromResult(
        NamedPages.Read(store, store.NumberOf(tenant), page, List, rows => ReadRow(tenant, rows), machine => machine.Name));

    /// <summary>Machines that the tenant has.</summary>
    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) => ValueTask.FromResult(
        store.NumberOf(tenant) is long number
            ? (int)store.Read(number, static (connection, number) => connection.Prepare(Count).Bind(1, number).ReadScalar() ?? 0)
            : 0);

    /// <summary>Reads the columns that <see cref="Columns"/> names.</summary>
    internal static StateMachineRecord ReadRow(TenantId tenant, SqliteStatement rows) => new(
        tenant,
        rows.Text(0),
        rows.Text(1),
        rows.Text(2),
        rows.Text(3),
        (WorkflowType)rows.Int64(4),
        StoredTime.FromStored(rows.Int64(5)),
        StoredTime.FromStored(rows.Int64(6)))
    {
        Tags = JsonSerializer.Deserialize<Dictionary<string, string>>(rows.Text(7)) ?? [],
        Logging = LoggingConfiguration.Parse(rows.NullableText(8)),
    };

    private static StateMachineRecord? ReadNewest(Store store, TenantId tenant, string name) => store.NumberOf(tenant) is not long number
        ? null
        : store.Read((tenant, number, name), static (connection, query) =>
        {
            using SqliteStatement rows = connection.Prepare(Find).Bind(1, query.number).Bind(2, query.name);
            return rows.Step() ? ReadRow(query.tenant, rows) : null;
        });

    private static bool TakeAway(WriteContext context, long number, long now)
    {
        context.Prepare(NoteNewest).Bind(1, number).Bind(2, now).BindNull(3).Execute();
        context.Prepare(NoteVersions).Bind(1, number).Bind(2, now).Execute();
        context.Prepare(RemoveAliases).Bind(1, number).Execute();
        context.Prepare(RemoveVersions).Bind(1, number).Execute();
        return context.Prepare(TakeOutOfForce).Bind(1, number).ExecuteChanges() > 0;
    }

    private static (long Number, string RevisionId)? Newest(WriteContext context, long tenantNumber, string name)
    {
        using SqliteStatement rows = context.Prepare(NewestRevision).Bind(1, tenantNumber).Bind(2, name);
        return rows.Step() ? (rows.Int64(0), rows.Text(1)) : null;
    }

    private static void Put(WriteContext context, long number, StateMachineRecord machine)
    {
        context.Prepare(PutRevision)
            .Bind(1, number).Bind(2, machine.RevisionId).Bind(3, machine.Definition).Bind(4, machine.RoleArn).Bind(5, (long)machine.Type)
            .Bind(6, StoredTime.ToStored(machine.CreatedAt)).Bind(7, StoredTime.ToStored(machine.UpdatedAt))
            .Bind(8, JsonSerializer.Serialize(machine.Tags))
            .Bind(9, machine.Logging == LoggingConfiguration.Off ? null : machine.Logging.ToText())
            .Execute();
        context.Prepare(NoteNewest).Bind(1, number).Bind(2, StoredTime.ToStored(machine.UpdatedAt)).Bind(3, machine.RevisionId).Execute();
        context.Prepare(PutInForce).Bind(1, number).Bind(2, machine.RevisionId).Execute();
    }
}
