using Lockstep.Embedded.Storage;
using Lockstep.Engine;
using Lockstep.Service.Executions;
using Lockstep.Service.Naming;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Embedded.Executions;

/// <summary>The row of an execution. Input and output are not in it: they are in the journal, once.</summary>
internal sealed record ExecutionRow(
    long Number,
    long TenantNumber,
    ExecutionKey Key,
    long RevisionNumber,
    string RevisionId,
    WorkflowType Type,
    ExecutionStatus Status,
    DateTimeOffset StartedAt,
    DateTimeOffset? StoppedAt,
    long Transitions,
    bool Parked,
    ParentLink? Parent,
    string? Quarantine,
    ExecutionPart Part,
    long? Version,
    string? Alias,
    int Redrives,
    DateTimeOffset? RedrivenAt)
{
    /// <summary>The columns that <see cref="Read"/> expects, of <c>executions e</c> joined to <c>revisions r</c>.</summary>
    public const string Columns = """
        e.no, e.tenant, e.id, e.revision, r.id, e.type, e.status, e.started, e.stopped, e.transitions, e.parked,
        e.parent, e.parent_task, e.parent_waits, e.quarantine, e.kind, e.map_state, e.version, e.alias, e.redrives, e.redriven
        """;

    public const string ByNumber = $"SELECT {Columns} FROM executions e JOIN revisions r ON r.no = e.revision WHERE e.no = ?1";
    public const string ById = $"SELECT {Columns} FROM executions e JOIN revisions r ON r.no = e.revision WHERE e.tenant = ?1 AND e.id = ?2";
    public const string ByParent =
        $"SELECT {Columns} FROM executions e JOIN revisions r ON r.no = e.revision WHERE e.parent = ?1 AND e.parent_task = ?2";

    private const string NumberById = "SELECT no FROM executions WHERE tenant = ?1 AND id = ?2";

    /// <summary>Whether it has not ended.</summary>
    public bool IsOpen => Status == ExecutionStatus.Running;

    /// <summary>Reads the row that a bound statement yields; null when it yields none.</summary>
    public static ExecutionRow? ReadOne(Store store, SqliteConnection connection, SqliteStatement bound)
    {
        using SqliteStatement rows = bound;
        return rows.Step() ? Read(store.TenantOf(connection, rows.Int64(1)), rows) : null;
    }

    /// <summary>Reads the current row.</summary>
    public static ExecutionRow Read(TenantId tenant, SqliteStatement rows) => new(
        rows.Int64(0),
        rows.Int64(1),
        new ExecutionKey(tenant, rows.Text(2)),
        rows.Int64(3),
        rows.Text(4),
        (WorkflowType)rows.Int64(5),
        (ExecutionStatus)rows.Int64(6),
        StoredTime.FromStored(rows.Int64(7)),
        rows.NullableInt64(8) is long stopped ? StoredTime.FromStored(stopped) : null,
        rows.Int64(9),
        rows.Int64(10) != 0,
        rows.NullableInt64(11) is long parent ? new ParentLink(parent, new CommandId(rows.Int64(12)), rows.Int64(13) != 0) : null,
        rows.NullableText(14),
        new ExecutionPart((ExecutionKind)rows.Int64(15), (int)rows.Int64(16)),
        rows.NullableInt64(17),
        rows.NullableText(18),
        (int)rows.Int64(19),
        rows.NullableInt64(20) is long redriven ? StoredTime.FromStored(redriven) : null);

    /// <summary>The number of an execution; null when the tenant has none with that key.</summary>
    public static long? FindNumber(Store store, ExecutionKey key) => store.NumberOf(key.Tenant) is not long tenant
        ? null
        : store.Read((tenant, key.Id), static (connection, query) => connection.Prepare(NumberById).Bind(1, query.tenant).Bind(2, query.Id).ReadScalar());

    /// <summary>What DescribeExecution shows, without input and result.</summary>
    public ExecutionRecord ToRecord(ArnFormat arns)
    {
        // The id is machine:name, with a run id after it for Express; no name contains a colon.
        string[] parts = Key.Id.Split(':');
        return new ExecutionRecord
        {
            Key = Key,
            Arn = arns.Execution(Key.Tenant, parts[0], parts[1], parts.Length > 2 ? parts[2] : null),
            Name = parts[1],
            StateMachineName = parts[0],
            StateMachineArn = arns.StateMachine(Key.Tenant, parts[0]),
            Version = Version,
            Alias = Alias,
            RevisionId = RevisionId,
            Type = Type,
            Status = Status,
            StartedAt = StartedAt,
            StoppedAt = StoppedAt,
            Transitions = Transitions,
            RedriveCount = Redrives,
            RedrivenAt = RedrivenAt,
        };
    }
}

/// <summary>The task of another execution that started this one, by the number of that execution.</summary>
/// <param name="Execution">Number of the parent.</param>
/// <param name="Task">The task that called.</param>
/// <param name="Waits">Whether the task waits for this execution to end.</param>
internal sealed record ParentLink(long Execution, CommandId Task, bool Waits);
