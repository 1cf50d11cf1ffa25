using System.Globalization;
using Lockstep.Asl.Compiled;
using Lockstep.Embedded.Executions;
using Lockstep.Embedded.Storage;
using Lockstep.Engine;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Naming;
using Lockstep.Service.Paging;

namespace Lockstep.Embedded.MapRuns;

/// <summary>
/// Reads the children of map runs. Their index is ordered within a status, and whether they were redriven, so whatever is asked for is a merge of a few
/// lists, none of which is longer than the page.
/// </summary>
internal sealed class MapRunChildren(DriverRuntime runtime, ArnFormat arns)
{
    private const string Of = $"""
        SELECT {ExecutionRow.Columns} FROM executions e JOIN revisions r ON r.no = e.revision
        WHERE e.kind = 2 AND e.parent = ?1 AND e.status = ?2 AND (e.redrives > 0) = ?3
        """;

    private const string Ascending = $"{Of} AND e.no > ?4 ORDER BY e.no LIMIT ?5";
    private const string Descending = $"{Of} AND e.no < ?4 ORDER BY e.no DESC LIMIT ?5";
    private const string DescendingEndedBefore = $"{Of} AND e.no < ?4 AND e.stopped <= ?6 ORDER BY e.no DESC LIMIT ?5";
    private const string DescendingEndedAfter = $"{Of} AND e.no < ?4 AND e.stopped > ?6 ORDER BY e.no DESC LIMIT ?5";

    private static readonly ExecutionStatus[] _all = Enum.GetValues<ExecutionStatus>();

    /// <summary>The next children that have not succeeded, in the order of starting, which a redrive does not change.</summary>
    public PastChildrenAnswer FindPast(ExecutionRow run, PastChildrenRequest request)
    {
        long after = request.Cursor is null ? 0 : long.Parse(request.Cursor, CultureInfo.InvariantCulture);
        List<ExecutionRow> found = runtime.Store.Read((run, after, request.MaxChildren), static (connection, query) =>
        {
            List<ExecutionRow> rows = [];
            foreach (ExecutionStatus status in (ExecutionStatus[])[ExecutionStatus.Running, .. MapRunChildFilter.Unsuccessful])
            {
                Add(rows, query.run, connection, Ascending, status, null, query.after, query.MaxChildren, null);
            }

            return rows;
        });
        found.Sort(static (left, right) => left.Number.CompareTo(right.Number));
        bool more = found.Count >= request.MaxChildren;
        return new PastChildrenAnswer(
            [.. found.Take(request.MaxChildren).Select(row => new UnsuccessfulChild(
                MapRunNames.IndexOf(row.Key), request.HasBatches ? ItemsIn(row) : 1, NestedExecutionReport.NameOf(row.Status)))],
            more ? found[request.MaxChildren - 1].Number.ToString(CultureInfo.InvariantCulture) : null);
    }

    /// <summary>A page of children, the newest first.</summary>
    public Page<ExecutionRecord> List(ExecutionRow run, MapRunChildFilter filter, PageRequest page)
    {
        long before = page.Cursor is null ? long.MaxValue : long.Parse(page.Cursor, CultureInfo.InvariantCulture);
        DateTimeOffset? redriven = run.Status == ExecutionStatus.Running ? run.RedrivenAt : null;
        List<ExecutionRow> found = filter.IsPendingRedrive && redriven is null
            ? []
            : runtime.Store.Read((run, filter, before, Most: page.MaxItems + 1, redriven), static (connection, query) =>
            {
                List<ExecutionRow> rows = [];
                bool pends = query.filter.IsPendingRedrive;
                foreach (ExecutionStatus status in pends ? MapRunChildFilter.Unsuccessful : query.filter.Status is { } one ? [one] : _all)
                {
                    bool divides = query.redriven is not null && (pends || query.filter.Status is not null) && MapRunChildFilter.Unsuccessful.Contains(status);
                    string sql = !divides ? Descending : pends ? DescendingEndedBefore : DescendingEndedAfter;
                    Add(rows, query.run, connection, sql, status, query.filter.IsRedriven, query.before, query.Most, divides ? query.redriven : null);
                }

                return rows;
            });
        found.Sort(static (left, right) => right.Number.CompareTo(left.Number));
        bool hasBatches = runtime.Machines.Get(run.RevisionNumber).Compiled.States[run.Part.MapState] is CompiledMap { Distributed.Batcher: not null };
        return new Page<ExecutionRecord>(
            [.. found.Take(page.MaxItems).Select(row => row.ToRecord(arns) with
            {
                ItemCount = hasBatches ? ItemsIn(row) : 1,
                IsPendingRedrive = MapRunChildFilter.IsPending(row.Status, row.StoppedAt, redriven),
            })],
            found.Count > page.MaxItems ? found[page.MaxItems - 1].Number.ToString(CultureInfo.InvariantCulture) : null);
    }

    private static void Add(
        List<ExecutionRow> rows, ExecutionRow run, SqliteConnection connection, string sql, ExecutionStatus status, bool? isRedriven, long from, int most,
        DateTimeOffset? redriven)
    {
        foreach (bool redrivenBefore in isRedriven is { } only ? [only] : (bool[])[false, true])
        {
            SqliteStatement bound = connection.Prepare(sql)
                .Bind(1, run.Number).Bind(2, (long)status).Bind(3, redrivenBefore ? 1L : 0L).Bind(4, from).Bind(5, (long)most);
            using SqliteStatement found = redriven is { } time ? bound.Bind(6, StoredTime.ToStored(time)) : bound;
            while (found.Step())
            {
                rows.Add(ExecutionRow.Read(run.Key.Tenant, found));
            }
        }
    }

    private long ItemsIn(ExecutionRow child) =>
        MapRunChildFilter.ItemsOfBatch(runtime.Reader.Find(child.Number)?.Input is string input ? JsonValue.Parse(input) : null);
}
