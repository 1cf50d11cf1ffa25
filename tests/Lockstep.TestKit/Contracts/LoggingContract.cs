using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Logging;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.TestKit.Drivers;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What every host logs of executions whose revision says so: each event of the level once, in the shape in which Step Functions logs it.</summary>
public abstract class LoggingContract : HarnessContract
{
    private const string Group = "/aws/vendedlogs/states/orders";

    private const string Fails = """
        {"StartAt":"T","States":{
          "T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","Next":"F"},
          "F":{"Type":"Fail","Error":"E","Cause":"C"}}}
        """;

    [Fact]
    public async Task Level_ALL_logs_every_event_of_history_with_its_data()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.StartAsync(await CreateAsync(harness, Machines.Tasks(2)), "one", """{"a":1}""");
        ExecutionRecord ended = await harness.EndAsync(key);

        LogEvent[] logged = await LoggedAsync(harness, key);
        Assert.Equal(Expected(ended, await harness.HistoryAsync(key), withData: true), logged);
        Assert.Contains("\"input\":\"{\\\"a\\\":1}\"", logged[0].Text, StringComparison.Ordinal);
        Assert.Equal(logged, await LoggedAsync(harness, null));
        Assert.Equal(Group, Assert.Single((await harness.Ports.Logs.ListGroupsAsync(HarnessSteps.Anna, new PageRequest(10, null), CancellationToken.None)).Items));
    }

    [Theory]
    [InlineData(LogLevel.Off, "")]
    [InlineData(LogLevel.Fatal, "ExecutionFailed")]
    [InlineData(LogLevel.Error, "FailStateEntered,ExecutionFailed")]
    public async Task Lower_levels_log_what_AWS_documents_for_them(LogLevel level, string types)
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.StartAsync(await CreateAsync(harness, Fails, level: level), "one");
        await harness.EndAsync(key);
        Assert.Equal(types, string.Join(',', (await LoggedAsync(harness, key)).Select(TypeOf)));
    }

    [Fact]
    public async Task Without_execution_data_no_payload_is_logged_but_error_and_cause_are()
    {
        await using IDriverHarness harness = await OpenAsync();
        harness.Targets.Answer = (_, _) => ValueTask.FromResult<TaskOutcome>(new TaskAnswered(JsonString.Of("sesame")));
        ExecutionKey key = await harness.StartAsync(await CreateAsync(harness, Fails, withData: false), "one", "\"sesame\"");
        await harness.EndAsync(key);

        LogEvent[] logged = await LoggedAsync(harness, key);
        Assert.Equal((await harness.HistoryAsync(key)).Count, logged.Length);
        Assert.All(logged, one => Assert.DoesNotContain("sesame", one.Text, StringComparison.Ordinal));
        Assert.Contains("\"error\":\"E\",\"cause\":\"C\"", logged[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Running_execution_logs_as_its_revision_says()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord machine = await CreateAsync(harness, Machines.Wait, level: LogLevel.Off);
        ExecutionKey before = await harness.StartAsync(machine, "before", """{"seconds":10}""");
        machine = HarnessSteps.Value(await harness.Ports.StateMachines.UpdateAsync(
            machine with { RevisionId = "later", Logging = Logging(LogLevel.All, true) }, null, CancellationToken.None));
        ExecutionKey after = await harness.StartAsync(machine, "after", """{"seconds":10}""");
        await harness.AdvanceAsync(TimeSpan.FromSeconds(10));
        await harness.EndAsync(before);
        await harness.EndAsync(after);

        Assert.Empty(await LoggedAsync(harness, before));
        Assert.Equal((await harness.HistoryAsync(after)).Count, (await LoggedAsync(harness, after)).Length);
    }

    [Fact]
    public async Task Redriven_execution_goes_on_in_its_log_and_counts_its_redrives()
    {
        await using IDriverHarness harness = await OpenAsync();
        harness.Targets.Answer = (_, _) => ValueTask.FromResult<TaskOutcome>(new TaskRefused("E", "C"));
        ExecutionKey key = await harness.StartAsync(await CreateAsync(harness, Machines.Tasks(1)), "one");
        int failed = (await harness.HistoryAsync(key)).Count;
        harness.Targets.Answer = (_, _) => ValueTask.FromResult<TaskOutcome>(new TaskAnswered(JsonObject.Empty));
        await harness.RedriveAsync(key);
        ExecutionRecord ended = await harness.EndAsync(key);

        LogEvent[] logged = await LoggedAsync(harness, key);
        Assert.Equal(ExecutionStatus.Succeeded, ended.Status);
        Assert.Equal((await harness.HistoryAsync(key)).Select(one => one.Id), logged.Select(one => one.Id));
        Assert.All(logged[..failed], one => Assert.Contains("\"redrive_count\":\"0\"", one.Text, StringComparison.Ordinal));
        Assert.All(logged[failed..], one => Assert.Contains("\"redrive_count\":\"1\"", one.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_lost_or_doubled_by_a_crash()
    {
        await using IDriverHarness harness = await OpenAsync();
        Assert.SkipUnless(harness.CanCrash, "This host cannot be made to crash.");
        StateMachineRecord machine = await CreateAsync(
            harness, """{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"W"},"W":{"Type":"Wait","Seconds":60,"Next":"B"},"B":{"Type":"Pass","End":true}}}""");
        ExecutionKey key = await harness.StartAsync(machine, "one");
        await harness.CrashAndRestartAsync();
        Assert.Equal((await harness.HistoryAsync(key)).Count, (await LoggedAsync(harness, key)).Length);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(60));
        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal(Expected(ended, await harness.HistoryAsync(key), withData: true), await LoggedAsync(harness, key));
    }

    [Fact]
    public async Task Express_executions_have_their_history_in_the_log()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord machine = await CreateAsync(harness, Machines.Tasks(2), type: WorkflowType.Express);
        ExecutionRecord sync = HarnessSteps.Value(await harness.StartSyncAsync(machine, """{"a":1}"""));
        LogEvent[] logged = await LoggedAsync(harness, sync.Key);
        Assert.Equal(Enumerable.Range(1, logged.Length).Select(id => (long)id), logged.Select(one => one.Id));
        Assert.Equal(["ExecutionStarted", "ExecutionSucceeded"], [TypeOf(logged[0]), TypeOf(logged[^1])]);
        Assert.Contains(sync.Arn, logged[0].Text, StringComparison.Ordinal);

        ExecutionKey key = HarnessSteps.Value(await harness.TryStartAsync(machine, "two", """{"a":1}""")).Execution.Key;
        await harness.WaitForEndAsync(key);
        Assert.Equal(logged.Select(TypeOf), (await LoggedAsync(harness, key)).Select(TypeOf));
    }

    [Fact]
    public async Task Long_express_execution_logs_as_it_goes_and_its_timeout()
    {
        await using IDriverHarness harness = await OpenAsync();
        string definition = Machines.Passes(ExpressLog.MaxWaiting).Replace("\"End\":true", "\"Next\":\"W\"", StringComparison.Ordinal);
        definition = definition[..^2] + ""","W":{"Type":"Wait","Seconds":1000,"End":true}}}""";
        StateMachineRecord machine = await CreateAsync(harness, definition, type: WorkflowType.Express);
        Task<Result<ExecutionRecord>> run = harness.StartSyncAsync(machine, longestRun: TimeSpan.FromSeconds(5));
        for (int step = 0; step < 10 && !run.IsCompleted; step++)
        {
            await harness.AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        ExecutionRecord ended = HarnessSteps.Value(await run);
        LogEvent[] logged = await LoggedAsync(harness, ended.Key);
        Assert.Equal(ExecutionStatus.TimedOut, ended.Status);
        Assert.Equal(Enumerable.Range(1, (2 * ExpressLog.MaxWaiting) + 3).Select(id => (long)id), logged.Select(one => one.Id));
        Assert.Equal("ExecutionTimedOut", TypeOf(logged[^1]));
        Assert.Contains("States.Timeout", logged[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_events_are_kept_for_90_days_and_then_gone_with_their_group()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.StartAsync(await CreateAsync(harness, Machines.Pass), "one");
        await harness.EndAsync(key);
        await harness.AdvanceAsync(TimeSpan.FromDays(90) - TimeSpan.FromMilliseconds(1));
        await harness.ExpireAsync();
        Assert.Equal(4, (await LoggedAsync(harness, key)).Length);

        await harness.AdvanceAsync(TimeSpan.FromMilliseconds(2));
        await harness.ExpireAsync();
        Assert.Empty(await LoggedAsync(harness, key));
        Assert.Empty((await harness.Ports.Logs.ListGroupsAsync(HarnessSteps.Anna, new PageRequest(10, null), CancellationToken.None)).Items);
    }

    private static async Task<StateMachineRecord> CreateAsync(
        IDriverHarness harness, string definition, LogLevel level = LogLevel.All, bool withData = true, WorkflowType type = WorkflowType.Standard) =>
        await harness.CreateMachineAsync("m", definition, type, logging: Logging(level, withData));

    private static LoggingConfiguration Logging(LogLevel level, bool withData) =>
        new(level, withData, $"arn:aws:logs:local:{HarnessSteps.Anna.Value}:log-group:{Group}:*");

    private static IEnumerable<LogEvent> Expected(ExecutionRecord execution, IReadOnlyList<HistoryEvent> history, bool withData) => history.Select(one =>
        new LogEvent(execution.Key.Id, one.Id, one.Timestamp, LogEventJson.Of(one, execution.Arn, 0, withData)));

    private static string TypeOf(LogEvent one) => ((JsonString?)((JsonObject)JsonValue.Parse(one.Text))["type"])?.Value ?? "";

    private static async Task<LogEvent[]> LoggedAsync(IDriverHarness harness, ExecutionKey? key)
    {
        List<LogEvent> all = [];
        string? cursor = null;
        do
        {
            Page<LogEvent> page = await harness.Ports.Logs.ReadAsync(
                new LogGroup(HarnessSteps.Anna, Group), new LogFilter(key?.Id, null, null), new PageRequest(7, cursor), CancellationToken.None);
            all.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return [.. all];
    }
}
