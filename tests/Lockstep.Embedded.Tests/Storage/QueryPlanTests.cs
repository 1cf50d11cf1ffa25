using System.Reflection;
using Lockstep.Embedded.Hosting;
using Lockstep.Embedded.Storage;
using Lockstep.Embedded.Tests.Support;

namespace Lockstep.Embedded.Tests.Storage;

/// <summary>
/// No statement reads a whole table that grows with use: SQLite's planner, which has no statistics here, finds an index for each.
/// </summary>
public sealed class QueryPlanTests
{
    /// <summary>What is read whole: beginnings of statements, tables and indexes that hold only what is under way, single rows, and tenants and buses at the start.</summary>
    private static readonly string[] _whole =
    [
        "ActivityQueues.AllWaiting: SCAN activity_tasks",
        "ChildOutcomes.AllPending: SCAN child_outcomes",
        "ChildOutcomes.GivenUp: SCAN given_up",
        "ChildOutcomes.LeftByEnded: SCAN c USING INDEX executions_waited_for",
        "EmbeddedMapRuns.Shown: SCAN e USING INDEX executions_parent",
        "EventRemoval.Due: SCAN (subquery-1)",
        "ExecutionRemoval.Notes: SCAN removed_executions",
        "FileObjectStore.ListLitter: SCAN object_litter",
        "OpenCounts.Tenants: SCAN tenants USING COVERING INDEX sqlite_autoindex_tenants_1",
        "Sql.InsertExecution: SCAN CONSTANT ROW",
        "SqliteLogStore.Columns: SCAN log_events",
        "SqliteTableStore.Columns: SCAN item_tables",
        "SqliteTenantStore.LastTenant: SCAN tenants USING COVERING INDEX sqlite_autoindex_tenants_1",
        "StatusChangePump.Behind: SCAN c",
    ];

    [Fact]
    public async Task Statements_find_their_rows_by_an_index()
    {
        await using TestService service = await TestService.NewAsync();
        await service.CloseAsync();
        using SqliteConnection connection = SqliteConnection.Open(Path.Combine(service.Folder, "lockstep.db"), TimeSpan.Zero);
        List<string> scans = [];
        int statements = 0;
        foreach (FieldInfo field in typeof(EmbeddedHost).Assembly.GetTypes().SelectMany(type => type.GetFields(
            BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)))
        {
            if (field is { IsLiteral: true } && field.GetRawConstantValue() is string text && IsStatement(text))
            {
                statements++;
                string name = $"{field.DeclaringType?.Name}.{field.Name}";
                scans.AddRange(PlanOf(connection, text).Where(step => step.StartsWith("SCAN", StringComparison.Ordinal)).Select(step => $"{name}: {step}"));
            }
        }

        Assert.InRange(statements, 100, 1_000);
        Assert.Equal(string.Join('\n', _whole), string.Join('\n', scans.Order(StringComparer.Ordinal)));
    }

    private static bool IsStatement(string text) => text.TrimStart() is var start
        && (start.StartsWith("SELECT ", StringComparison.Ordinal) || start.StartsWith("UPDATE ", StringComparison.Ordinal)
            || start.StartsWith("DELETE ", StringComparison.Ordinal) || start.StartsWith("INSERT ", StringComparison.Ordinal));

    private static List<string> PlanOf(SqliteConnection connection, string statement)
    {
        List<string> plan = [];
        using SqliteStatement steps = connection.Prepare($"EXPLAIN QUERY PLAN {statement}");
        while (steps.Step())
        {
            plan.Add(steps.Text(3));
        }

        return plan;
    }
}
