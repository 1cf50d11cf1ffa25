using System.Collections.Concurrent;
using Lockstep.Asl.Compiled;
using Lockstep.Embedded.Storage;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Embedded.StateMachines;

/// <summary>
/// Compiled revisions, found by number or by name and id. A revision never changes, so nothing here is ever stale; when the cache is
/// full it starts over, and executions that run keep what they hold.
/// </summary>
internal sealed class MachineCache(Store store, int maxMachines, Func<StateMachineRecord, CompiledMachine> compile)
{
    private const string Columns = "m.name, r.id, r.definition, r.role, r.type, r.created, r.updated, r.tags, r.logging, m.tenant, m.no, r.no";
    private const string ByNumber = $"SELECT {Columns} FROM revisions r JOIN machines m ON m.no = r.machine WHERE r.no = ?1";
    private const string ById =
        $"SELECT {Columns} FROM machines m JOIN revisions r ON r.machine = m.no WHERE m.tenant = ?1 AND m.name = ?2 AND r.id = ?3";

    private readonly ConcurrentDictionary<long, MachineRevision> _byNumber = new();
    private readonly ConcurrentDictionary<(TenantId Tenant, string Name, string RevisionId), MachineRevision> _byId = new();

    /// <summary>The revision with a number.</summary>
    public MachineRevision Get(long revisionNumber) => _byNumber.TryGetValue(revisionNumber, out MachineRevision? known)
        ? known
        : Add(store.Read((this, revisionNumber), static (connection, query) =>
            query.Item1.ReadOne(connection, connection.Prepare(ByNumber).Bind(1, query.revisionNumber))))
            ?? throw new InvalidOperationException($"Revision {revisionNumber} is not in the store.");

    /// <summary>The revision that a record is; null when it is not in the store.</summary>
    public MachineRevision? Find(StateMachineRecord machine)
    {
        if (_byId.TryGetValue((machine.Tenant, machine.Name, machine.RevisionId), out MachineRevision? known))
        {
            return known;
        }

        return store.NumberOf(machine.Tenant) is not long tenant
            ? null
            : Add(store.Read((this, tenant, machine), static (connection, query) => query.Item1.ReadOne(
                connection,
                connection.Prepare(ById).Bind(1, query.tenant).Bind(2, query.machine.Name).Bind(3, query.machine.RevisionId))));
    }

    private MachineRevision? ReadOne(SqliteConnection connection, SqliteStatement bound)
    {
        using SqliteStatement rows = bound;
        if (!rows.Step())
        {
            return null;
        }

        long tenantNumber = rows.Int64(9);
        StateMachineRecord record = SqliteStateMachineStore.ReadRow(store.TenantOf(connection, tenantNumber), rows);
        return new MachineRevision(tenantNumber, rows.Int64(10), rows.Int64(11), record, compile(record));
    }

    private MachineRevision? Add(MachineRevision? revision)
    {
        if (revision is not null)
        {
            if (_byNumber.Count >= maxMachines)
            {
                _byNumber.Clear();
                _byId.Clear();
            }

            _byNumber[revision.RevisionNumber] = revision;
            _byId[(revision.Record.Tenant, revision.Record.Name, revision.Record.RevisionId)] = revision;
        }

        return revision;
    }
}
