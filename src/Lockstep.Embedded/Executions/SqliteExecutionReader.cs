using System.Globalization;
using Lockstep.Embedded.Journal;
using Lockstep.Embedded.Storage;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Engine.History;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Executions;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Telemetry;
using Lockstep.Service.Tenancy;

namespace Lockstep.Embedded.Executions;

/// <summary>
/// Reads executions from their rows and their journal. Numbers are given out in the order of starting, so the newest start has the
/// highest number, and lists need no index of times.
/// </summary>
internal sealed class SqliteExecutionReader(Store store, ArnFormat arns, OpenCounts openCounts) : IExecutionReader
{
    private const string FindMachine = "SELECT no FROM machines WHERE tenant = ?1 AND name = ?2";
    private const string OfMachine = $"""
        SELECT {ExecutionRow.Columns} FROM executions e JOIN revisions r ON r.no = e.revision
        WHERE e.machine = ?1 AND e.status = ?2 AND e.kind = 0 AND e.no < ?3 ORDER BY e.no DESC LIMIT ?4
        """;

    private const string OfVersion = $"""
        SELECT {ExecutionRow.Columns} FROM executions e JOIN revisions r ON r.no = e.revision
        WHERE e.machine = ?1 AND e.status = ?2 AND e.no < ?3 AND e.version = ?5 ORDER BY e.no DESC LIMIT ?4
        """;

    private const string OfAlias = $"""
        SELECT {ExecutionRow.Columns} FROM executions e JOIN revisions r ON r.no = e.revision
        WHERE e.machine = ?1 AND e.status = ?2 AND e.no < ?3 AND e.alias = ?5 ORDER BY e.no DESC LIMIT ?4
        """;

    private const string OfTenant = $"""
        SELECT {ExecutionRow.Columns} FROM executions e JOIN revisions r ON r.no = e.revision
        WHERE e.tenant = ?1 AND e.status = ?2 AND e.kind = 0 AND e.no < ?3 ORDER BY e.no DESC LIMIT ?4
        """;

    private const string FirstTurn = "SELECT turn FROM journal WHERE execution = ?1 ORDER BY first_event, rowid LIMIT 1";
    private const string LastTurn = "SELECT turn FROM journal WHERE execution = ?1 AND first_event <= ?2 ORDER BY first_event DESC, rowid DESC LIMIT 1";
    private const string ExpressBodies = "SELECT input, output, error, cause FROM express WHERE execution = ?1";

    /// <inheritdoc/>
    public ValueTask<ExecutionRecord?> FindAsync(ExecutionKey key, CancellationToken cancellation) => ValueTask.FromResult(Find(key));

    /// <summary>Finds an execution with input and result; null when there is none. A map run is not shown as an execution.</summary>
    public ExecutionRecord? Find(ExecutionKey key) => store.NumberOf(key.Tenant) is not long tenant
        ? null
        : store.Read((Reader: this, tenant, key.Id), static (connection, query) =>
        {
            ExecutionRow? row = ExecutionRow.ReadOne(
                query.Reader.Store, connection, connection.Prepare(ExecutionRow.ById).Bind(1, query.tenant).Bind(2, query.Id));
            return row is { Part.Kind: ExecutionKind.MapRun } ? null : query.Reader.Complete(connection, row);
        });

    /// <summary>Finds an execution by its number.</summary>
    public ExecutionRecord? Find(long number) => store.Read((Reader: this, number), static (connection, query) => query.Reader.Complete(
        connection,
        ExecutionRow.ReadOne(query.Reader.Store, connection, connection.Prepare(ExecutionRow.ByNumber).Bind(1, query.number))));

    /// <summary>Finds the child that a task has started; null when it has started none.</summary>
    public ExecutionRecord? FindChild(long parent, CommandId task) => store.Read((Reader: this, parent, task), static (connection, query) =>
        query.Reader.Complete(connection, ExecutionRow.ReadOne(
            query.Reader.Store, connection, connection.Prepare(ExecutionRow.ByParent).Bind(1, query.parent).Bind(2, query.task.Ordinal))));

    /// <inheritdoc/>
    public ValueTask<Page<ExecutionRecord>> ListAsync(TenantId tenant, ExecutionFilter filter, PageRequest page, CancellationToken cancellation)
    {
        long before = page.Cursor is null ? long.MaxValue : long.Parse(page.Cursor, CultureInfo.InvariantCulture);
        return ValueTask.FromResult(store.NumberOf(tenant) is not long number
            ? new Page<ExecutionRecord>([], null)
            : store.Read((Reader: this, tenant, number, filter, page.MaxItems, before), static (connection, query) =>
                query.Reader.List(connection, query.tenant, query.number, query.filter, query.MaxItems, query.before)));
    }

    /// <inheritdoc/>
    public ValueTask<Page<HistoryEvent>?> ReadHistoryAsync(ExecutionKey key, bool reverse, PageRequest page, CancellationToken cancellation) =>
        ValueTask.FromResult(ExecutionRow.FindNumber(store, key) is not long number
            ? null
            : store.Read((number, reverse, page), static (connection, query) => HistoryPages.Read(connection, query.number, query.reverse, query.page)));

    /// <inheritdoc/>
    public ValueTask<long> CountOpenAsync(TenantId tenant, CancellationToken cancellation) =>
        ValueTask.FromResult(store.NumberOf(tenant) is long number ? openCounts.Of(number) : 0);

    /// <summary>Adds input and result to a row.</summary>
    public ExecutionRecord? Complete(SqliteConnection connection, ExecutionRow? row)
    {
        if (row is null)
        {
            return null;
        }

        ExecutionRecord record = row.ToRecord(arns);
        return row.Type == WorkflowType.Express ? CompleteExpress(connection, row, record) : CompleteStandard(connection, row, record);
    }

    private Store Store => store;

    /// <summary>Adds input and result to a row as they were with a status.</summary>
    /// <param name="connection">A reader.</param>
    /// <param name="row">The row; null for none.</param>
    /// <param name="status">The status that the execution had.</param>
    /// <param name="lastEvent">The last history event at that time; 0 when that is not known, and the row's is meant.</param>
    public ExecutionRecord? CompleteAsOf(SqliteConnection connection, ExecutionRow? row, ExecutionStatus status, long lastEvent) =>
        row is { Type: WorkflowType.Standard } && lastEvent > 0
            ? WithResult(connection, row, WithInput(connection, row, row.ToRecord(arns)), status, lastEvent)
            : Complete(connection, row);

    private static ExecutionRecord CompleteStandard(SqliteConnection connection, ExecutionRow row, ExecutionRecord record) =>
        WithResult(connection, row, WithInput(connection, row, record), row.Status, long.MaxValue);

    private static ExecutionRecord WithInput(SqliteConnection connection, ExecutionRow row, ExecutionRecord record)
    {
        using SqliteStatement first = connection.Prepare(FirstTurn).Bind(1, row.Number);
        return first.Step() && TurnCodec.ReadStimulus(first.Blob(0)) is Started started
            ? record with { Input = started.Input.ToString(), TraceHeader = TraceOrigin.Read(started.Identity.TraceParent).Header }
            : record;
    }

    private static ExecutionRecord WithResult(SqliteConnection connection, ExecutionRow row, ExecutionRecord record, ExecutionStatus status, long lastEvent)
    {
        if (status == ExecutionStatus.Running)
        {
            return record;
        }

        using SqliteStatement last = connection.Prepare(LastTurn).Bind(1, row.Number).Bind(2, lastEvent);
        if (!last.Step())
        {
            return record;
        }

        int events = TurnCodec.ReadEventCount(last.Blob(0));
        return TurnCodec.ReadEvents(last.Blob(0), Math.Max(events - 1, 0), 1) switch
        {
            [{ Details: OutputDetails succeeded }] => record with { Output = succeeded.Output.ToString() },
            [{ Details: ErrorDetails failed }] => record with { Error = failed.Error, Cause = failed.Cause },
            _ => record,
        };
    }

    private static ExecutionRecord CompleteExpress(SqliteConnection connection, ExecutionRow row, ExecutionRecord record)
    {
        using SqliteStatement rows = connection.Prepare(ExpressBodies).Bind(1, row.Number);
        return rows.Step()
            ? record with
            {
                Input = rows.Text(0),
                Output = rows.NullableText(1),
                Error = rows.NullableText(2),
                Cause = rows.NullableText(3),
            }
            : record;
    }

    private Page<ExecutionRecord> List(
        SqliteConnection connection, TenantId tenant, long tenantNumber, ExecutionFilter filter, int maxItems, long before)
    {
        long owner = tenantNumber;
        string sql = OfTenant;
        if (filter.StateMachineName is not null)
        {
            if (connection.Prepare(FindMachine).Bind(1, tenantNumber).Bind(2, filter.StateMachineName).ReadScalar() is not long machine)
            {
                return new Page<ExecutionRecord>([], null);
            }

            owner = machine;
            sql = filter.Version is not null ? OfVersion : filter.Alias is not null ? OfAlias : OfMachine;
        }

        // The indices are ordered within a status, so all statuses are a merge of one list each.
        List<ExecutionRow> found = [];
        foreach (ExecutionStatus status in filter.Status is { } one ? [one] : Enum.GetValues<ExecutionStatus>())
        {
            SqliteStatement bound = connection.Prepare(sql).Bind(1, owner).Bind(2, (long)status).Bind(3, before).Bind(4, (long)maxItems + 1);
            using SqliteStatement rows = sql == OfVersion ? bound.Bind(5, filter.Version) : sql == OfAlias ? bound.Bind(5, filter.Alias) : bound;
            while (rows.Step())
            {
                found.Add(ExecutionRow.Read(tenant, rows));
            }
        }

        found.Sort(static (left, right) => right.Number.CompareTo(left.Number));
        bool more = found.Count > maxItems;
        List<ExecutionRecord> items = [.. found.Take(maxItems).Select(row => row.ToRecord(arns))];
        return new Page<ExecutionRecord>(items, more ? found[maxItems - 1].Number.ToString(CultureInfo.InvariantCulture) : null);
    }
}
