using System.Diagnostics;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Activities;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.Service.Telemetry;
using Lockstep.TestKit.Drivers;
using Lockstep.TestKit.Telemetry;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>
/// What every driver tells of executions: the same spans with the same ids, and the same counts. The ids are compared with those that follow from history
/// and commands, so two drivers that keep this contract tell the same of the same run.
/// </summary>
public abstract class TelemetryContract : HarnessContract
{
    /// <summary>What the caller of the tests sends.</summary>
    protected const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string Secret = "s3cr3t-of-the-payload";
    private const int Items = 25;

    private const string Child = """{"StartAt":"K","States":{"K":{"Type":"Pass","End":true}}}""";

    private const string Everything = """
        {"StartAt":"A","States":{
         "A":{"Type":"Pass","Next":"M"},
         "M":{"Type":"Map","ItemsPath":"$.items","ItemProcessor":{"StartAt":"T","States":{
           "T":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","TimeoutSeconds":30,"End":true}}},"ResultPath":"$.mapped","Next":"P"},
         "P":{"Type":"Parallel","Branches":[
           {"StartAt":"B","States":{"B":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:slow","End":true}}},
           {"StartAt":"N","States":{"N":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2",
             "Parameters":{"StateMachineArn":"arn:aws:states:local:000000000001:stateMachine:child","Name":"kid","Input":{}},"End":true}}}],"End":true}}}
        """;

    [Fact]
    public async Task A_callers_trace_holds_request_execution_states_calls_and_the_nested_execution()
    {
        await using IDriverHarness harness = await OpenAsync();
        using var recorder = TelemetryRecorder.Of(harness.Telemetry);
        await RunEverythingAsync(harness, recorder);
    }

    [Fact]
    public async Task Counts_are_those_of_what_has_happened()
    {
        await using IDriverHarness harness = await OpenAsync();
        using var recorder = TelemetryRecorder.Of(harness.Telemetry);
        ExecutionRecord ended = await RunEverythingAsync(harness, recorder);

        AssertCounts(recorder, ended);
        Assert.Equal(4, recorder.Sum(TelemetryNames.EventsPublished, "000000000001"));
        Assert.Equal(Items + 1, Count(recorder, TelemetryNames.CallDuration, "function", "answered"));
        Assert.Equal(1, Count(recorder, TelemetryNames.CallDuration, "states:startExecution", "answered"));
    }

    [Fact]
    public async Task A_caller_that_does_not_sample_gets_no_spans_and_callees_are_told_so()
    {
        await using IDriverHarness harness = await OpenAsync();
        using var recorder = TelemetryRecorder.Of(harness.Telemetry);
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Tasks(1));
        await harness.EndAsync(await harness.StartAsync(machine, "one", traceParent: TraceParent[..^2] + "00"));

        Assert.Empty(recorder.Spans);
        Assert.Equal(1, recorder.Sum(TelemetryNames.ExecutionsEnded, "succeeded"));
        TaskInvocation call = Assert.Single(harness.Targets.Calls);
        Assert.EndsWith("-00", call.Trace?.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("00-" + TraceId, call.Trace?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_execution_joins_the_trace_that_an_X_Ray_header_names_and_shows_the_header()
    {
        const string header = "Self=1-0-1;Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
        await using IDriverHarness harness = await OpenAsync();
        using var recorder = TelemetryRecorder.Of(harness.Telemetry);
        await harness.CreateMachineAsync("m", Machines.Tasks(1));
        ExecutionKey key = HarnessSteps.Value(await harness.Service.Executions.StartAsync(
            HarnessSteps.Anna, "m", "one", null, null, CancellationToken.None, TraceParent, header)).Execution.Key;
        ExecutionRecord ended = await harness.EndAsync(key);

        Assert.Equal((ExecutionStatus.Succeeded, header), (ended.Status, ended.TraceHeader));
        Activity span = Single(recorder, "execution m");
        Assert.Equal(("5759e988bd862e3fe1be46a994272793", "53995c3f42cd8ad8"), (span.TraceId.ToHexString(), span.ParentSpanId.ToHexString()));
        Assert.StartsWith("00-5759e988bd862e3fe1be46a994272793-", Assert.Single(harness.Targets.Calls).Trace?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_caller_an_execution_has_a_trace_of_its_own()
    {
        await using IDriverHarness harness = await OpenAsync();
        using var recorder = TelemetryRecorder.Of(harness.Telemetry);
        ExecutionKey key = await harness.RunAsync(Machines.Tasks(1));
        await harness.EndAsync(key);

        ExecutionTrace trace = await TraceOfAsync(harness, key, null);
        Assert.Equal(trace.Execution.ToString(), Single(recorder, "execution m").Id);
        Assert.Equal(default, Single(recorder, "execution m").ParentSpanId);
        Assert.Equal(Single(recorder, "call function").Id, Assert.Single(harness.Targets.Calls).Trace?.ToString());
        Assert.Single(recorder.Spans.Select(span => span.TraceId).Distinct());
    }

    [Fact]
    public async Task Attempts_retries_failures_and_timeouts_are_counted()
    {
        await using IDriverHarness harness = await OpenAsync();
        using var recorder = TelemetryRecorder.Of(harness.Telemetry);
        harness.Targets.Answer = (call, _) => ValueTask.FromResult<TaskOutcome>(
            call.Attempt == 0 && call.Resource.Service is not "sqs" ? new TaskRefused("Flaky", "not yet") : new TaskAnswered(call.Parameters));
        ExecutionKey key = await harness.RunAsync("""
            {"StartAt":"T","States":{
             "T":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","TimeoutSeconds":30,
               "Retry":[{"ErrorEquals":["Flaky"],"IntervalSeconds":2}],"Next":"C"},
             "C":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Parameters":{"MessageBody.$":"$$.Task.Token"},"TimeoutSeconds":5,
               "Catch":[{"ErrorEquals":["States.Timeout"],"Next":"F"}],"End":true},
             "F":{"Type":"Fail"}}}
            """);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(ExecutionStatus.Failed, (await harness.EndAsync(key)).Status);

        Assert.Equal(2, recorder.Sum(TelemetryNames.TasksCalled, "function"));
        Assert.Equal(1, recorder.Sum(TelemetryNames.TasksCalled, "sqs:sendMessage"));
        Assert.Equal(1, recorder.Sum(TelemetryNames.TasksFailed, "function"));
        Assert.Equal(1, recorder.Sum(TelemetryNames.TasksFailed, "sqs:sendMessage"));
        Assert.Equal(1, recorder.Sum(TelemetryNames.Retries, "m"));
        Assert.Equal(1, recorder.Sum(TelemetryNames.Timeouts, "task"));
        Assert.Equal(1, recorder.Sum(TelemetryNames.ExecutionsEnded, "failed", "standard"));
        Assert.Equal([0L, 1L], recorder.Spans.Where(span => span.DisplayName == "call function").Select(AttemptOf).Order());
        Assert.Equal("caught", Single(recorder, "state C").GetTagItem(TelemetryNames.StateOutcome));
        Assert.Contains(recorder.Measurements, item => item.Name == TelemetryNames.TimerLateness.Name && item.Value == 0);
    }

    [Fact]
    public async Task Of_a_worker_that_takes_a_task_is_told_how_long_it_has_waited()
    {
        await using IDriverHarness harness = await OpenAsync();
        using var recorder = TelemetryRecorder.Of(harness.Telemetry);
        await harness.Ports.Activities.CreateAsync(
            new ActivityRecord(HarnessSteps.Anna, "work", harness.Service.Arns.Activity(HarnessSteps.Anna, "work"), harness.Time.GetUtcNow()),
            CancellationToken.None);
        await harness.RunAsync(Machines.Activity);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(7));
        Assert.NotNull(await TakeAsync(harness));
        await harness.RunUntilIdleAsync();

        Assert.Equal(7, recorder.Sum(TelemetryNames.ActivityQueueWait, "m"));
    }

    [Fact]
    public async Task A_run_of_hours_is_cut_once_and_its_whole_is_linked_to_the_cut()
    {
        await using IDriverHarness harness = await OpenAsync();
        using var recorder = TelemetryRecorder.Of(harness.Telemetry);
        StateMachineRecord machine = await harness.CreateMachineAsync(
            "m", """{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":7200,"Next":"X"},"X":{"Type":"Wait","Seconds":7200,"End":true}}}""");
        ExecutionKey key = await harness.StartAsync(machine, "one", traceParent: TraceParent);
        await harness.AdvanceAsync(TimeSpan.FromHours(2));
        ExecutionTrace trace = await TraceOfAsync(harness, key, TraceParent);
        Activity cut = Single(recorder, "execution m");
        Assert.Equal((trace.Execution.ToString(), "running"), (cut.Id, cut.GetTagItem(TelemetryNames.ExecutionStatus)));
        Assert.Equal(ExecutionTelemetry.LongRun, cut.Duration);

        await harness.AdvanceAsync(TimeSpan.FromHours(2));
        await harness.EndAsync(key);
        Activity whole = Assert.Single(recorder.Spans, span => span.DisplayName == "execution m" && span != cut);
        Assert.Equal((trace.Whole.ToString(), TimeSpan.FromHours(4)), (whole.Id, whole.Duration));
        Assert.Equal(cut.SpanId, Assert.Single(whole.Links).Context.SpanId);
        Assert.Equal(4 * 3_600, recorder.Sum(TelemetryNames.ExecutionDuration));
    }

    [Fact]
    public async Task A_turn_that_ends_a_thousand_visits_tells_of_all()
    {
        await using IDriverHarness harness = await OpenAsync();
        using var recorder = TelemetryRecorder.Of(harness.Telemetry);
        await harness.EndAsync(await harness.RunAsync(Machines.Passes(1_000)));

        Assert.Equal(1_000, recorder.Spans.Where(span => span.DisplayName.StartsWith("state S", StringComparison.Ordinal)).Select(span => span.Id).Distinct().Count());
        Assert.Equal(1_001, recorder.Spans.Count);
        Assert.Equal(1_000, recorder.Sum(TelemetryNames.Transitions));
    }

    [Fact]
    public async Task Express_executions_are_told_by_how_they_were_started()
    {
        await using IDriverHarness harness = await OpenAsync();
        using var recorder = TelemetryRecorder.Of(harness.Telemetry);
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Tasks(1), WorkflowType.Express);
        Value(await harness.StartSyncAsync(machine, traceParent: TraceParent));
        await harness.WaitForEndAsync(await harness.StartAsync(machine, "async", traceParent: TraceParent));

        Assert.Equal(1, recorder.Sum(TelemetryNames.ExpressRuns, "sync"));
        Assert.Equal(1, recorder.Sum(TelemetryNames.ExpressRuns, "async"));
        Assert.Equal(2, recorder.Sum(TelemetryNames.ExecutionsStarted, "express"));
        Assert.Equal(2, recorder.Sum(TelemetryNames.ExecutionsEnded, "express", "succeeded"));
        Assert.All(recorder.Spans, span => Assert.Equal(TraceId, span.TraceId.ToHexString()));
        Assert.Equal(6, recorder.Spans.Count);
        Assert.All(
            recorder.Spans.Where(span => span.DisplayName == "execution m"), span => Assert.Equal("b7ad6b7169203331", span.ParentSpanId.ToHexString()));
    }

    [Fact]
    public async Task Neither_payloads_nor_errors_nor_tokens_are_told_and_names_only_from_the_list()
    {
        await using IDriverHarness harness = await OpenAsync();
        using var recorder = TelemetryRecorder.Of(harness.Telemetry);
        harness.Targets.Answer = (call, _) => ValueTask.FromResult<TaskOutcome>(
            call.Resource.Service == "sqs" ? new TaskAnswered(call.Parameters) : new TaskRefused(Secret, Secret));
        ExecutionKey key = await harness.RunAsync(
            """
            {"StartAt":"C","States":{
             "C":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Parameters":{"MessageBody.$":"$$.Task.Token","MessageAttributes.$":"$"},"Next":"T"},
             "T":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","Catch":[{"ErrorEquals":["States.ALL"],"Next":"F"}],"End":true},
             "F":{"Type":"Fail","ErrorPath":"$.Error","CausePath":"$.Cause"}}}
            """,
            $$"""{"password":"{{Secret}}"}""");
        string? token = Assert.Single(harness.Targets.Calls).TaskToken;
        Assert.NotNull(token);
        Assert.True((await harness.ReportAsync(token, new TaskSuccessReport(JsonString.Of(Secret)))).Succeeded);
        Assert.Equal(Secret, (await harness.EndAsync(key)).Error);
        recorder.Collect();

        Assert.All(Texts(recorder), text => Assert.DoesNotContain(Secret, text, StringComparison.Ordinal));
        Assert.All(Texts(recorder), text => Assert.DoesNotContain(token, text, StringComparison.Ordinal));
        Assert.All(recorder.Spans, span => Assert.Empty(span.Events));
        Dictionary<string, MetricDefinition> known = TelemetryNames.Metrics.ToDictionary(metric => metric.Name);
        Assert.All(recorder.Measurements, item => Assert.Equal(known[item.Name].Dimensions.Order(), item.Tags.Keys.Order()));
        Assert.All(recorder.Spans, span => Assert.Subset(
            TelemetryNames.Spans.Single(item => item.Name.Split(' ')[0] == span.DisplayName.Split(' ')[0]).Attributes.ToHashSet(),
            span.TagObjects.Select(tag => tag.Key).ToHashSet()));
    }

    /// <summary>Runs an execution with states of every shape under a caller's trace, and compares every span with what follows from history.</summary>
    protected static async Task<ExecutionRecord> RunEverythingAsync(IDriverHarness harness, TelemetryRecorder recorder)
    {
        harness.ServeNestedExecutions();
        await harness.CreateMachineAsync("child", Child);
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Everything);
        Activity? request = harness.Telemetry.BeginRequest("POST", "/v1/state-machines/{name}/executions", TraceParent);
        Assert.NotNull(request);
        string items = string.Join(',', Enumerable.Range(0, Items));
        ExecutionKey key = await harness.StartAsync(machine, "one", $$"""{"items":[{{items}}]}""", request.Id);
        harness.Telemetry.RequestEnded(request, "POST", "/v1/state-machines/{name}/executions", 201, TimeSpan.Zero);
        await harness.AdvanceAsync(TimeSpan.FromMinutes(10));
        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal(ExecutionStatus.Succeeded, ended.Status);

        ExecutionTrace trace = await TraceOfAsync(harness, key, request.Id);
        Assert.All(recorder.Spans, span => Assert.Equal(TraceId, span.TraceId.ToHexString()));
        Assert.Equal(TraceContext.Of(request)?.SpanId, trace.Parent?.SpanId);
        AssertSpan(Single(recorder, "execution m"), trace.Execution, request.SpanId.ToHexString());

        // States: each visit once, under the execution or the state around it.
        IReadOnlyList<HistoryEvent> history = await harness.HistoryAsync(key);
        Dictionary<string, long> around = new(StringComparer.Ordinal) { ["T"] = EnteredAt(history, "M"), ["B"] = EnteredAt(history, "P"), ["N"] = EnteredAt(history, "P") };
        (string Name, string Id, string Parent)[] states =
        [
            .. history.Where(item => item.Details is StateEnteredDetails).Select(item =>
            {
                string name = ((StateEnteredDetails)(item.Details ?? throw new InvalidOperationException())).Name;
                return ("state " + name, trace.State(item.Id).ToString(), TextOf(trace.State(around.GetValueOrDefault(name))));
            }),
        ];
        Assert.Equal(
            states.Order(),
            recorder.Spans.Where(span => span.DisplayName.StartsWith("state", StringComparison.Ordinal) && span.DisplayName != "state K")
                .Select(span => (span.DisplayName, span.Id ?? "", span.ParentSpanId.ToHexString())).Order());
        Assert.Equal(
            Enumerable.Range(0, Items),
            recorder.Spans.Where(span => span.DisplayName == "state T").Select(span => (int)(span.GetTagItem(TelemetryNames.StateIndex) ?? -1)).Order());

        // Calls: the callee was handed the id of the span, whoever made the call and however often.
        Activity[] calls = [.. recorder.Spans.Where(span => span.DisplayName.StartsWith("call", StringComparison.Ordinal))];
        Assert.Equal(harness.Targets.Calls.Select(call => call.Trace?.ToString()).Distinct().Order(), calls.Select(span => span.Id).Distinct().Order());
        Assert.All(harness.Targets.Calls, call => Assert.Equal(trace.Call(call.Task), call.Trace));
        Assert.Equal(Items + 2, calls.Select(span => span.ParentSpanId).Distinct().Count());
        Assert.Subset(
            states.Where(state => state.Name is "state T" or "state B" or "state N").Select(state => state.Id[36..52]).ToHashSet(),
            calls.Select(span => span.ParentSpanId.ToHexString()).ToHashSet());

        // The nested execution: under the call that started it.
        Activity nested = calls.First(span => span.DisplayName == "call states:startExecution");
        ExecutionTrace below = await TraceOfAsync(harness, new ExecutionKey(HarnessSteps.Anna, "child:kid"), nested.Id);
        AssertSpan(Single(recorder, "execution child"), below.Execution, nested.SpanId.ToHexString());
        Assert.Equal(Single(recorder, "execution child").SpanId, Single(recorder, "state K").ParentSpanId);
        return ended;
    }

    /// <summary>The counts that no repetition may change.</summary>
    protected static void AssertCounts(TelemetryRecorder recorder, ExecutionRecord ended)
    {
        Assert.Equal(1, recorder.Sum(TelemetryNames.ExecutionsStarted, "m", "standard"));
        Assert.Equal(1, recorder.Sum(TelemetryNames.ExecutionsStarted, "child", "standard"));
        Assert.Equal(1, recorder.Sum(TelemetryNames.ExecutionsEnded, "m", "succeeded"));
        Assert.Equal(1, recorder.Sum(TelemetryNames.ExecutionsEnded, "child", "succeeded"));
        Assert.Equal(ended.Transitions, recorder.Sum(TelemetryNames.Transitions, "m"));
        Assert.Equal(Items + 1, recorder.Sum(TelemetryNames.TasksCalled, "m", "function"));
        Assert.Equal(1, recorder.Sum(TelemetryNames.TasksCalled, "m", "states:startExecution"));
        Assert.Equal(0, recorder.Sum(TelemetryNames.TasksFailed));
    }

    private static async Task<ExecutionTrace> TraceOfAsync(IDriverHarness harness, ExecutionKey key, string? traceParent) => ExecutionTrace.Of(
        new TracedExecution(key, (await harness.DescribeAsync(key)).Arn, harness.Incarnation, traceParent, IsExpress: false));

    private static async Task<object?> TakeAsync(IDriverHarness harness) =>
        await harness.Ports.Activities.PollAsync(HarnessSteps.Anna, "work", "worker", TimeSpan.Zero, CancellationToken.None);

    private static void AssertSpan(Activity span, TraceContext self, string parent) =>
        Assert.Equal((self.ToString(), parent), (span.Id ?? "", span.ParentSpanId.ToHexString()));

    private static Activity Single(TelemetryRecorder recorder, string name) => Assert.Single(recorder.Spans, span => span.DisplayName == name);

    private static long EnteredAt(IReadOnlyList<HistoryEvent> history, string state) =>
        history.First(item => item.Details is StateEnteredDetails entered && entered.Name == state).Id;

    private static string TextOf(TraceContext span) => span.ToString()[36..52];

    private static long AttemptOf(Activity span) => Convert.ToInt64(span.GetTagItem(TelemetryNames.TaskAttempt), System.Globalization.CultureInfo.InvariantCulture);

    private static int Count(TelemetryRecorder recorder, MetricDefinition metric, params string[] values) =>
        recorder.Measurements.Count(item => item.Name == metric.Name && values.All(item.Tags.Values.Contains));

    private static T Value<T>(Service.Errors.Result<T> result)
        where T : notnull => HarnessSteps.Value(result);

    private static IEnumerable<string> Texts(TelemetryRecorder recorder) =>
    [
        .. recorder.Spans.SelectMany(span => span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Append(span.DisplayName).Append(span.StatusDescription ?? "")),
        .. recorder.Measurements.SelectMany(item => item.Tags.Values),
    ];
}
