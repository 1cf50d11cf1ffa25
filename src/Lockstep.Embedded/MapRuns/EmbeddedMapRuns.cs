using System.Globalization;
using Lockstep.Asl.Compiled;
using Lockstep.Embedded.Executions;
using Lockstep.Embedded.Express;
using Lockstep.Embedded.StateMachines;
using Lockstep.Embedded.Storage;
using Lockstep.Engine;
using Lockstep.Engine.MapRuns;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;

namespace Lockstep.Embedded.MapRuns;

/// <summary>
/// Map runs and their children are rows of <c>executions</c> like any other: the same actors, commits and recovery serve them. What they run is a part
/// of the revision that the execution of the Map state pins.
/// </summary>
internal sealed class EmbeddedMapRuns(DriverRuntime runtime, EmbeddedDriver driver, ExpressRuns express, ArnFormat arns) : IMapRunDriver
{
    private readonly MapRunRedrives _redrives = new(runtime, driver, express);
    private readonly MapRunChildren _children = new(runtime, arns);

    private const string HasChild = "SELECT 1 FROM executions WHERE parent = ?1 AND parent_task = ?2";
    private const string Shown = """
        SELECT e.no, e.id, e.status, e.started, e.stopped, m.progress, p.id, p.type, e.redrives, e.redriven FROM executions e
        JOIN map_runs m ON m.execution = e.no JOIN executions p ON p.no = e.parent
        """;

    private const string ById = $"{Shown} WHERE e.tenant = ?1 AND e.id = ?2 AND e.kind = 1";
    private const string ByParent = $"{Shown} WHERE e.parent = ?1 AND e.kind = 1 AND e.no < ?2 ORDER BY e.no DESC LIMIT ?3";

    /// <inheritdoc/>
    public async ValueTask<Result<Accepted>> StartRunAsync(
        ExecutionKey execution, CommandId task, MapRunRequest request, string? traceParent, CancellationToken cancellation)
    {
        if (FindRow(execution) is not { } parent)
        {
            return DriverErrors.NoParent(execution);
        }

        ExecutionKey key = MapRunNames.OfRun(execution, request.Label, request.Name);
        var link = new ParentLink(parent.Number, task, Waits: true);
        if (request.Redrives > 0 && await RedriveAsync(key, link) is { } redriven)
        {
            return redriven;
        }

        MachineRevision revision = runtime.Machines.Get(parent.RevisionNumber);
        return await StartAsync(
            new StartRequest(key.Tenant, revision.Record, request.Name, request.Json)
            {
                Key = key,
                ExecutionArn = request.Arn,
                StateMachineArn = arns.StateMachine(key.Tenant, revision.Record.Name),
                Part = new ExecutionPart(ExecutionKind.MapRun, request.MapState),
                TraceParent = traceParent,
            },
            WorkflowType.Standard,
            revision,
            link);
    }

    /// <inheritdoc/>
    public async ValueTask<Result<Accepted>> StartChildAsync(
        ExecutionKey run, CommandId task, MapChildRequest request, string? traceParent, CancellationToken cancellation)
    {
        if (FindRow(run) is not { } parent)
        {
            return DriverErrors.NoParent(run);
        }

        MachineRevision revision = runtime.Machines.Get(parent.RevisionNumber);
        WorkflowType type = ChildTypeOf(revision, parent.Part);
        string name = MapRunNames.OfChild(run, request.Index);
        string machine = MapRunNames.LabelledMachineOf(run);
        string? runId = type == WorkflowType.Express ? name : null;
        ExecutionKey key = ExecutionKey.Of(run.Tenant, machine, name, runId);
        var link = new ParentLink(parent.Number, task, Waits: true);
        if (request.IsRedriven && await RedriveAsync(key, link) is { } redriven)
        {
            return redriven;
        }

        if (request.IsStored)
        {
            return DriverErrors.NotRedrivable("Execution is no longer stored");
        }

        return await StartAsync(
            new StartRequest(run.Tenant, revision.Record, name, request.Input)
            {
                Key = key,
                ExecutionArn = arns.Execution(run.Tenant, machine, name, runId),
                StateMachineArn = arns.StateMachine(run.Tenant, machine),
                StateMachineName = machine,
                Part = new ExecutionPart(ExecutionKind.MapChild, parent.Part.MapState),
                TraceParent = traceParent,
            },
            type,
            revision,
            link);
    }

    /// <inheritdoc/>
    public ValueTask<ExecutionRecord?> FindChildAsync(ExecutionKey run, long index, CancellationToken cancellation)
    {
        string name = MapRunNames.OfChild(run, index);
        string machine = MapRunNames.LabelledMachineOf(run);
        return ValueTask.FromResult(
            runtime.Reader.Find(ExecutionKey.Of(run.Tenant, machine, name, expressRunId: null))
            ?? runtime.Reader.Find(ExecutionKey.Of(run.Tenant, machine, name, name)));
    }

    /// <inheritdoc/>
    public ValueTask<PastChildrenAnswer?> FindPastChildrenAsync(ExecutionKey run, PastChildrenRequest request, CancellationToken cancellation) =>
        ValueTask.FromResult(FindRow(run) is { } row ? _children.FindPast(row, request) : null);

    /// <inheritdoc/>
    public ValueTask<Page<ExecutionRecord>?> ListChildrenAsync(ExecutionKey run, MapRunChildFilter filter, PageRequest page, CancellationToken cancellation) =>
        ValueTask.FromResult(FindRow(run) is { Part.Kind: ExecutionKind.MapRun } row ? _children.List(row, filter, page) : null);

    /// <inheritdoc/>
    public ValueTask<MapRunRecord?> FindAsync(ExecutionKey run, CancellationToken cancellation) => ValueTask.FromResult(Find(run));

    /// <inheritdoc/>
    public ValueTask<Page<MapRunRecord>?> ListAsync(ExecutionKey execution, PageRequest page, CancellationToken cancellation)
    {
        if (ExecutionRow.FindNumber(runtime.Store, execution) is not long parent)
        {
            return ValueTask.FromResult<Page<MapRunRecord>?>(null);
        }

        long before = page.Cursor is null ? long.MaxValue : long.Parse(page.Cursor, CultureInfo.InvariantCulture);
        List<(long Number, MapRunRecord Record)> found = runtime.Store.Read(
            (Runs: this, execution.Tenant, parent, before, page.MaxItems), static (connection, query) =>
            {
                List<(long, MapRunRecord)> runs = [];
                using SqliteStatement rows = connection.Prepare(ByParent)
                    .Bind(1, query.parent).Bind(2, query.before).Bind(3, (long)query.MaxItems + 1);
                while (rows.Step())
                {
                    runs.Add((rows.Int64(0), query.Runs.Read(query.Tenant, rows)));
                }

                return runs;
            });
        bool more = found.Count > page.MaxItems;
        return ValueTask.FromResult<Page<MapRunRecord>?>(new Page<MapRunRecord>(
            [.. found.Take(page.MaxItems).Select(run => run.Record)],
            more ? found[page.MaxItems - 1].Number.ToString(CultureInfo.InvariantCulture) : null));
    }

    /// <inheritdoc/>
    public async ValueTask<Result<MapRunRecord>> UpdateAsync(ExecutionKey run, MapRunChange change, CancellationToken cancellation)
    {
        if (Find(run) is null)
        {
            return MapRunUseCases.DoesNotExist();
        }

        MailAnswer answer = await driver.SendAsync(run, ack => new UpdateMapRunMail(change) { Ack = ack });
        return answer switch
        {
            MailAnswer.Accepted when Find(run) is { } updated => updated,
            MailAnswer.Quarantined => DriverErrors.Quarantined(run),
            _ => MapRunUseCases.HasEnded(),
        };
    }

    private async ValueTask<Result<Accepted>?> RedriveAsync(ExecutionKey key, ParentLink parent) =>
        runtime.Committer.IsOverloaded ? EmbeddedDriver.Overloaded : await _redrives.RedriveAsync(key, parent);

    private async ValueTask<Result<Accepted>> StartAsync(StartRequest request, WorkflowType type, MachineRevision revision, ParentLink parent)
    {
        if (runtime.Committer.IsOverloaded)
        {
            return EmbeddedDriver.Overloaded;
        }

        // The task may have started it before a crash.
        bool started = runtime.Store.Read(parent, static (connection, parent) =>
            connection.Prepare(HasChild).Bind(1, parent.Execution).Bind(2, parent.Task.Ordinal).ReadScalar() is not null);
        if (started)
        {
            return default(Accepted);
        }

        Result<StartOutcome> outcome = await driver.StartPartAsync(request, type, revision, parent);
        return outcome.Succeeded ? default(Accepted) : outcome.Error;
    }

    private static WorkflowType ChildTypeOf(MachineRevision revision, ExecutionPart part) =>
        revision.Compiled.States[part.MapState] is CompiledMap { ChildType: Asl.WorkflowType.Express } ? WorkflowType.Express : WorkflowType.Standard;

    private ExecutionRow? FindRow(ExecutionKey key) => runtime.Store.NumberOf(key.Tenant) is not long tenant
        ? null
        : runtime.Store.Read((runtime.Store, tenant, key.Id), static (connection, query) =>
            ExecutionRow.ReadOne(query.Store, connection, connection.Prepare(ExecutionRow.ById).Bind(1, query.tenant).Bind(2, query.Id)));

    private MapRunRecord? Find(ExecutionKey run) => runtime.Store.NumberOf(run.Tenant) is not long tenant
        ? null
        : runtime.Store.Read((Runs: this, run, tenant), static (connection, query) =>
        {
            using SqliteStatement rows = connection.Prepare(ById).Bind(1, query.tenant).Bind(2, query.run.Id);
            return rows.Step() ? query.Runs.Read(query.run.Tenant, rows) : null;
        });

    private MapRunRecord Read(Service.Tenancy.TenantId tenant, SqliteStatement rows)
    {
        var key = new ExecutionKey(tenant, rows.Text(1));
        string[] parent = rows.Text(6).Split(':');
        return new MapRunRecord
        {
            Key = key,
            Arn = MapRunNames.ArnOf(arns.Region, key),
            Status = (ExecutionStatus)rows.Int64(2),
            StartedAt = StoredTime.FromStored(rows.Int64(3)),
            StoppedAt = rows.NullableInt64(4) is long stopped ? StoredTime.FromStored(stopped) : null,
            RedriveCount = (int)rows.Int64(8),
            RedrivenAt = rows.NullableInt64(9) is long redriven ? StoredTime.FromStored(redriven) : null,
            Progress = MapRunRows.Read(rows.Blob(5)),
            ExecutionArn = arns.Execution(tenant, parent[0], parent[1], parent.Length > 2 ? parent[2] : null),
            StateMachineArn = arns.StateMachine(tenant, parent[0]),
        };
    }
}
