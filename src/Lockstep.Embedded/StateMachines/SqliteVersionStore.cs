using System.Globalization;
using Lockstep.Embedded.Committing;
using Lockstep.Embedded.Storage;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Embedded.StateMachines;

/// <summary>
/// Versions and aliases in SQLite. Every change looks and writes within one write of the committer, so whatever it has looked at holds. A machine that is
/// deleted takes its versions and aliases along (<see cref="SqliteStateMachineStore"/>).
/// </summary>
internal sealed class SqliteVersionStore(Store store) : IStateMachineVersionStore
{
    private const string Existing =
        "SELECT m.no, m.revision, r.id, m.last_version FROM machines m JOIN revisions r ON r.no = m.revision WHERE m.tenant = ?1 AND m.name = ?2";

    private const string VersionColumns = "v.number, r.id, v.description, v.created";
    private const string FindVersion = $"""
        SELECT {VersionColumns} FROM machines m JOIN versions v ON v.machine = m.no JOIN revisions r ON r.no = v.revision
        WHERE m.tenant = ?1 AND m.name = ?2 AND v.number = ?3
        """;

    private const string ListVersions = $"""
        SELECT {VersionColumns} FROM machines m JOIN versions v ON v.machine = m.no JOIN revisions r ON r.no = v.revision
        WHERE m.tenant = ?1 AND m.name = ?2 AND v.number < ?3 ORDER BY v.number DESC LIMIT ?4
        """;

    private const string VersionOfRevision =
        $"SELECT {VersionColumns} FROM versions v JOIN revisions r ON r.no = v.revision WHERE v.machine = ?1 AND v.revision = ?2";

    private const string CountVersions = "SELECT count(*) FROM versions WHERE machine = ?1";
    private const string HasVersion = "SELECT number FROM versions WHERE machine = ?1 AND number = ?2";
    private const string InsertVersion = "INSERT INTO versions(machine, number, revision, description, created) VALUES(?1, ?2, ?3, ?4, ?5)";
    private const string SetLastVersion = "UPDATE machines SET last_version = ?2 WHERE no = ?1";
    private const string NoteRevision = """
        INSERT OR REPLACE INTO unused_revisions(revision, since)
        SELECT v.revision, ?3 FROM versions v JOIN machines m ON m.no = v.machine
        WHERE v.machine = ?1 AND v.number = ?2 AND v.revision IS NOT m.revision
        """;

    private const string RemoveVersion = "DELETE FROM versions WHERE machine = ?1 AND number = ?2";

    private const string AliasColumns = "a.name, a.id, a.description, a.version1, a.weight1, a.version2, a.weight2, a.created, a.updated";
    private const string FindAlias =
        $"SELECT {AliasColumns} FROM machines m JOIN aliases a ON a.machine = m.no WHERE m.tenant = ?1 AND m.name = ?2 AND a.name = ?3";

    private const string ListAliases = $"""
        SELECT {AliasColumns} FROM machines m JOIN aliases a ON a.machine = m.no
        WHERE m.tenant = ?1 AND m.name = ?2 AND a.name > ?3 AND (?4 IS NULL OR a.version1 = ?4 OR a.version2 = ?4) ORDER BY a.name LIMIT ?5
        """;

    private const string AliasOfVersion = "SELECT name FROM aliases WHERE machine = ?1 AND (version1 = ?2 OR version2 = ?2) ORDER BY name LIMIT 1";
    private const string AliasRevision = "SELECT id FROM aliases WHERE machine = ?1 AND name = ?2";
    private const string CountAliases = "SELECT count(*) FROM aliases WHERE machine = ?1";
    private const string PutAlias = """
        INSERT INTO aliases(machine, name, id, description, version1, weight1, version2, weight2, created, updated)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        ON CONFLICT(machine, name) DO UPDATE SET id = ?3, description = ?4, version1 = ?5, weight1 = ?6, version2 = ?7, weight2 = ?8, updated = ?10
        """;

    private const string RemoveAlias = "DELETE FROM aliases WHERE machine = ?1 AND name = ?2";

    /// <inheritdoc/>
    public async ValueTask<Result<PublishOutcome>> PublishAsync(NewStateMachineVersion version, CancellationToken cancellation) =>
        await WriteAsync<PublishOutcome>(version.Tenant, version.StateMachineName, (context, machine) =>
        {
            if (version.ExpectedRevisionId is { } expected && expected != machine.RevisionId)
            {
                return VersionErrors.OtherRevision(version.StateMachineName, machine.RevisionId, expected);
            }

            using (SqliteStatement rows = context.Prepare(VersionOfRevision).Bind(1, machine.Number).Bind(2, machine.RevisionNumber))
            {
                if (rows.Step())
                {
                    return new PublishOutcome(ReadVersion(version.Tenant, version.StateMachineName, rows), Created: false);
                }
            }

            if (context.Prepare(CountVersions).Bind(1, machine.Number).ReadScalar() >= version.MaxVersions)
            {
                return VersionErrors.TooManyVersions(version.StateMachineName, version.MaxVersions);
            }

            long number = machine.LastVersion + 1;
            context.Prepare(InsertVersion)
                .Bind(1, machine.Number).Bind(2, number).Bind(3, machine.RevisionNumber).Bind(4, version.Description)
                .Bind(5, StoredTime.ToStored(version.CreatedAt)).Execute();
            context.Prepare(SetLastVersion).Bind(1, machine.Number).Bind(2, number).Execute();
            return new PublishOutcome(
                new StateMachineVersion(
                    version.Tenant, version.StateMachineName, number, machine.RevisionId, version.Description, version.CreatedAt),
                Created: true);
        });

    /// <inheritdoc/>
    public ValueTask<StateMachineVersion?> FindVersionAsync(TenantId tenant, string stateMachineName, long number, CancellationToken cancellation) =>
        ValueTask.FromResult(store.NumberOf(tenant) is not long owner
            ? null
            : store.Read((tenant, owner, stateMachineName, number), static (connection, query) =>
            {
                using SqliteStatement rows = connection.Prepare(FindVersion).Bind(1, query.owner).Bind(2, query.stateMachineName).Bind(3, query.number);
                return rows.Step() ? ReadVersion(query.tenant, query.stateMachineName, rows) : null;
            }));

    /// <inheritdoc/>
    public ValueTask<Page<StateMachineVersion>> ListVersionsAsync(
        TenantId tenant, string stateMachineName, PageRequest page, CancellationToken cancellation)
    {
        long before = page.Cursor is null ? long.MaxValue : long.Parse(page.Cursor, CultureInfo.InvariantCulture);
        return ValueTask.FromResult(ReadPage(
            tenant,
            page.MaxItems,
            (connection, owner) => connection.Prepare(ListVersions)
                .Bind(1, owner).Bind(2, stateMachineName).Bind(3, before).Bind(4, (long)page.MaxItems + 1),
            rows => ReadVersion(tenant, stateMachineName, rows),
            version => version.Number.ToString(CultureInfo.InvariantCulture)));
    }

    /// <inheritdoc/>
    public async ValueTask<Result<Accepted>> DeleteVersionAsync(
        TenantId tenant, string stateMachineName, long number, DateTimeOffset now, CancellationToken cancellation)
    {
        Result<Accepted> deleted = await WriteAsync<Accepted>(tenant, stateMachineName, (context, machine) =>
        {
            using (SqliteStatement rows = context.Prepare(AliasOfVersion).Bind(1, machine.Number).Bind(2, number))
            {
                if (rows.Step())
                {
                    return VersionErrors.VersionInUse(stateMachineName, number, rows.Text(0));
                }
            }

            context.Prepare(NoteRevision).Bind(1, machine.Number).Bind(2, number).Bind(3, StoredTime.ToStored(now)).Execute();
            context.Prepare(RemoveVersion).Bind(1, machine.Number).Bind(2, number).Execute();
            return default(Accepted);
        });
        return deleted is { Succeeded: false, Error.Code: ErrorCodes.StateMachineDoesNotExist } ? default(Accepted) : deleted;
    }

    /// <inheritdoc/>
    public async ValueTask<Result<StateMachineAlias>> CreateAliasAsync(StateMachineAlias alias, int maxAliases, CancellationToken cancellation) =>
        await WriteAsync<StateMachineAlias>(alias.Tenant, alias.StateMachineName, (context, machine) =>
        {
            if (RevisionOf(context, machine.Number, alias.Name) is not null)
            {
                return VersionErrors.AliasTaken(alias.StateMachineName, alias.Name);
            }

            if (MissingVersion(context, machine.Number, alias) is { } missing)
            {
                return missing;
            }

            if (context.Prepare(CountAliases).Bind(1, machine.Number).ReadScalar() >= maxAliases)
            {
                return VersionErrors.TooManyAliases(alias.StateMachineName, maxAliases);
            }

            return Put(context, machine.Number, alias);
        });

    /// <inheritdoc/>
    public ValueTask<StateMachineAlias?> FindAliasAsync(TenantId tenant, string stateMachineName, string name, CancellationToken cancellation) =>
        ValueTask.FromResult(store.NumberOf(tenant) is not long owner
            ? null
            : store.Read((tenant, owner, stateMachineName, name), static (connection, query) =>
            {
                using SqliteStatement rows = connection.Prepare(FindAlias).Bind(1, query.owner).Bind(2, query.stateMachineName).Bind(3, query.name);
                return rows.Step() ? ReadAlias(query.tenant, query.stateMachineName, rows) : null;
            }));

    /// <inheritdoc/>
    public ValueTask<Page<StateMachineAlias>> ListAliasesAsync(
        TenantId tenant, string stateMachineName, long? version, PageRequest page, CancellationToken cancellation) => ValueTask.FromResult(ReadPage(
            tenant,
            page.MaxItems,
            (connection, owner) => connection.Prepare(ListAliases)
                .Bind(1, owner).Bind(2, stateMachineName).Bind(3, page.Cursor ?? "").Bind(4, version).Bind(5, (long)page.MaxItems + 1),
            rows => ReadAlias(tenant, stateMachineName, rows),
            alias => alias.Name));

    /// <inheritdoc/>
    public async ValueTask<Result<StateMachineAlias>> UpdateAliasAsync(
        StateMachineAlias alias, string? expectedRevisionId, CancellationToken cancellation) =>
        await WriteAsync<StateMachineAlias>(alias.Tenant, alias.StateMachineName, (context, machine) =>
        {
            if (RevisionOf(context, machine.Number, alias.Name) is not { } revision)
            {
                return VersionErrors.NoAlias(alias.StateMachineName, alias.Name);
            }

            if (expectedRevisionId is not null && expectedRevisionId != revision)
            {
                return VersionErrors.AliasChanged(alias.StateMachineName, alias.Name);
            }

            return MissingVersion(context, machine.Number, alias) is { } missing ? missing : Put(context, machine.Number, alias);
        });

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAliasAsync(
        TenantId tenant, string stateMachineName, string name, string? expectedRevisionId, CancellationToken cancellation)
    {
        Result<Accepted> deleted = await WriteAsync<Accepted>(tenant, stateMachineName, (context, machine) =>
        {
            if (RevisionOf(context, machine.Number, name) is not { } revision || (expectedRevisionId is not null && expectedRevisionId != revision))
            {
                return VersionErrors.NoAlias(stateMachineName, name);
            }

            context.Prepare(RemoveAlias).Bind(1, machine.Number).Bind(2, name).Execute();
            return default(Accepted);
        });
        return deleted.Succeeded;
    }

    /// <summary>Looks at a machine and changes what belongs to it; StateMachineDoesNotExist when there is none.</summary>
    private async ValueTask<Result<T>> WriteAsync<T>(TenantId tenant, string machineName, Func<WriteContext, MachineRow, Result<T>> change)
        where T : notnull
    {
        if (store.NumberOf(tenant) is not long owner)
        {
            return StateMachineUseCases.DoesNotExist(machineName);
        }

        return await store.WriteAsync(context =>
        {
            MachineRow? machine = null;
            using (SqliteStatement rows = context.Prepare(Existing).Bind(1, owner).Bind(2, machineName))
            {
                machine = rows.Step() ? new MachineRow(rows.Int64(0), rows.Int64(1), rows.Text(2), rows.Int64(3)) : null;
            }

            return machine is null ? StateMachineUseCases.DoesNotExist(machineName) : change(context, machine);
        });
    }

    private Page<T> ReadPage<T>(
        TenantId tenant, int maxItems, Func<SqliteConnection, long, SqliteStatement> bind, Func<SqliteStatement, T> read, Func<T, string> cursorOf)
    {
        if (store.NumberOf(tenant) is not long owner)
        {
            return new Page<T>([], null);
        }

        return store.Read((owner, maxItems, bind, read, cursorOf), static (connection, query) =>
        {
            List<T> items = [];
            using SqliteStatement rows = query.bind(connection, query.owner);
            while (rows.Step())
            {
                if (items.Count == query.maxItems)
                {
                    return new Page<T>(items, query.cursorOf(items[^1]));
                }

                items.Add(query.read(rows));
            }

            return new Page<T>(items, null);
        });
    }

    private static string? RevisionOf(WriteContext context, long machine, string alias)
    {
        using SqliteStatement rows = context.Prepare(AliasRevision).Bind(1, machine).Bind(2, alias);
        return rows.Step() ? rows.Text(0) : null;
    }

    private static ServiceError? MissingVersion(WriteContext context, long machine, StateMachineAlias alias)
    {
        foreach (AliasRoute route in alias.Routes)
        {
            if (context.Prepare(HasVersion).Bind(1, machine).Bind(2, route.Version).ReadScalar() is null)
            {
                return VersionErrors.NoVersion(alias.StateMachineName, route.Version);
            }
        }

        return null;
    }

    private static StateMachineAlias Put(WriteContext context, long machine, StateMachineAlias alias)
    {
        AliasRoute? second = alias.Routes.Length > 1 ? alias.Routes[1] : null;
        context.Prepare(PutAlias)
            .Bind(1, machine).Bind(2, alias.Name).Bind(3, alias.RevisionId).Bind(4, alias.Description)
            .Bind(5, alias.Routes[0].Version).Bind(6, (long)alias.Routes[0].Weight).Bind(7, second?.Version).Bind(8, (long?)second?.Weight)
            .Bind(9, StoredTime.ToStored(alias.CreatedAt)).Bind(10, StoredTime.ToStored(alias.UpdatedAt)).Execute();
        return alias;
    }

    private static StateMachineVersion ReadVersion(TenantId tenant, string machine, SqliteStatement rows) =>
        new(tenant, machine, rows.Int64(0), rows.Text(1), rows.NullableText(2), StoredTime.FromStored(rows.Int64(3)));

    private static StateMachineAlias ReadAlias(TenantId tenant, string machine, SqliteStatement rows)
    {
        var first = new AliasRoute(rows.Int64(3), (int)rows.Int64(4));
        return new StateMachineAlias(
            tenant,
            machine,
            rows.Text(0),
            rows.Text(1),
            rows.NullableText(2),
            rows.NullableInt64(5) is long second ? [first, new AliasRoute(second, (int)rows.Int64(6))] : [first],
            StoredTime.FromStored(rows.Int64(7)),
            StoredTime.FromStored(rows.Int64(8)));
    }

    private sealed record MachineRow(long Number, long RevisionNumber, string RevisionId, long LastVersion);
}
