using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Executions;
using Lockstep.Service.Targets;
using Lockstep.TestKit.Drivers;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What every driver makes of the states that wait, branch, repeat and loop, at the sizes that are promised.</summary>
public abstract class StateContract : HarnessContract
{
    private const string Year = """{"seconds":31536000}""";

    // A string of so many characters has two bytes more as JSON.
    private const int LongestText = 262_144 - 2;

    [Fact]
    public async Task Every_type_of_state_runs_within_one_execution()
    {
        await using IDriverHarness harness = await OpenAsync();
        DateTimeOffset start = harness.Time.GetUtcNow();
        ExecutionKey key = await harness.RunAsync(
            """
            {"StartAt":"Set","States":{
            "Set":{"Type":"Pass","Parameters":{"items":[3,1,2],"until.$":"$.until"},"Next":"Ask"},
            "Ask":{"Type":"Choice","Choices":[{"Variable":"$.items[0]","NumericEquals":3,"Next":"Both"}],"Default":"Bad"},
            "Bad":{"Type":"Fail","Error":"Bad"},
            "Both":{"Type":"Parallel","ResultPath":"$.both","Next":"Each","Branches":[
              {"StartAt":"Sleep","States":{"Sleep":{"Type":"Wait","Seconds":10,"Next":"Left"},"Left":{"Type":"Pass","Result":"left","End":true}}},
              {"StartAt":"Call","States":{"Call":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","InputPath":"$.items","End":true}}}]},
            "Each":{"Type":"Map","ItemsPath":"$.items","ResultPath":"$.each","Next":"Until","ItemProcessor":{"StartAt":"T","States":{
              "T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","Next":"D"},"D":{"Type":"Wait","Seconds":5,"End":true}}}},
            "Until":{"Type":"Wait","TimestampPath":"$.until","Next":"Done"},
            "Done":{"Type":"Succeed"}}}
            """,
            $$"""{"until":"{{start.AddMinutes(1):yyyy-MM-ddTHH:mm:ssZ}}"}""");
        await harness.AdvanceAsync(TimeSpan.FromSeconds(59));
        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(key)).Status);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(1));

        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, TimeSpan.FromMinutes(1)), (ended.Status, ended.StoppedAt - ended.StartedAt));
        var output = (JsonObject)JsonValue.Parse(ended.Output ?? "");
        Assert.Equal("""["left",[3,1,2]]""", output["both"]?.ToString());
        Assert.Equal("[3,1,2]", output["each"]?.ToString());
        AssertContiguous(await harness.HistoryAsync(key));
    }

    [Fact]
    public async Task Failing_branch_fails_its_state_and_a_catcher_takes_it_on()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(
            """
            {"StartAt":"P","States":{"P":{"Type":"Parallel","Catch":[{"ErrorEquals":["Broken"],"ResultPath":"$.why","Next":"End"}],"Next":"Bad","Branches":[
              {"StartAt":"Sleep","States":{"Sleep":{"Type":"Wait","Seconds":1000,"End":true}}},
              {"StartAt":"F","States":{"F":{"Type":"Fail","Error":"Broken","Cause":"c"}}}]},
            "Bad":{"Type":"Fail"},"End":{"Type":"Pass","End":true}}}
            """);
        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, """{"why":{"Error":"Broken","Cause":"c"}}"""), (ended.Status, ended.Output));
        IReadOnlyList<HistoryEvent> history = await harness.HistoryAsync(key);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(2_000));
        Assert.Equal(history, await harness.HistoryAsync(key));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(86_400)]
    [InlineData(60 * 86_400)]
    public async Task Wait_ends_when_it_is_due_and_not_before(long seconds)
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Wait, $$"""{"seconds":{{seconds}}}""");
        await harness.AdvanceAsync(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(key)).Status);
        await harness.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, TimeSpan.FromSeconds(seconds)), (ended.Status, ended.StoppedAt - ended.StartedAt));
    }

    [Fact]
    public async Task Wait_of_a_year_ends_after_a_year()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Wait, Year);
        await harness.AdvanceAsync(TimeSpan.FromDays(365) - TimeSpan.FromSeconds(1));
        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(key)).Status);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(1));
        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, TimeSpan.FromDays(365)), (ended.Status, ended.StoppedAt - ended.StartedAt));
    }

    [Fact]
    public async Task Machines_own_timeout_ends_the_execution_as_timed_out()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync("""{"StartAt":"W","TimeoutSeconds":10,"States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}""");
        await harness.AdvanceAsync(TimeSpan.FromSeconds(9));
        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(key)).Status);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(1));
        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal((ExecutionStatus.TimedOut, TimeSpan.FromSeconds(10)), (ended.Status, ended.StoppedAt - ended.StartedAt));
        Assert.Equal(HistoryEventType.ExecutionTimedOut, (await harness.HistoryAsync(key))[^1].Type);
    }

    [Fact]
    public async Task Loop_of_two_thousand_transitions_ends()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(
            """
            {"StartAt":"Add","States":{
            "Add":{"Type":"Pass","Parameters":{"n.$":"States.MathAdd($.n, 1)"},"Next":"More"},
            "More":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericLessThan":1000,"Next":"Add"}],"Default":"Done"},
            "Done":{"Type":"Succeed"}}}
            """,
            """{"n":0}""");
        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, """{"n":1000}""", 2_001), (ended.Status, ended.Output, ended.Transitions));
        IReadOnlyList<HistoryEvent> history = await harness.HistoryAsync(key);
        Assert.Equal((2 * 2_001) + 2, history.Count);
        AssertContiguous(history);
    }

    [Fact]
    public async Task Map_of_five_hundred_items_has_ten_under_way_and_keeps_their_order()
    {
        await using IDriverHarness harness = await OpenAsync();
        int underWay = 0, most = 0;
        CallGate gate = harness.Targets.NewGate();
        harness.Targets.Answer = async (call, cancellation) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref underWay));
            await gate.PassAsync(cancellation);
            Interlocked.Decrement(ref underWay);
            return new TaskAnswered(call.Parameters);
        };
        string items = $"[{string.Join(',', Enumerable.Range(0, 500))}]";
        ExecutionKey key = await harness.RunAsync(
            """
            {"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":10,"End":true,"ItemProcessor":{"StartAt":"T","States":{
            "T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","End":true}}}}}}
            """,
            items);
        Assert.Equal(10, harness.Targets.Calls.Count);
        gate.Open();
        ExecutionRecord ended = await harness.EndAsync(key);

        Assert.Equal((ExecutionStatus.Succeeded, items), (ended.Status, ended.Output));
        Assert.Equal(10, most);
        Assert.Equal(500, harness.Targets.Calls.Select(call => call.IdempotencyKey).Distinct().Count());
        AssertContiguous(await harness.HistoryAsync(key));
    }

    [Fact]
    public async Task Payloads_of_256_KiB_pass_through_input_result_and_output()
    {
        await using IDriverHarness harness = await OpenAsync();
        string input = $"\"{new string('x', LongestText)}\"";
        string result = $"\"{new string('y', LongestText)}\"";
        harness.Targets.Answer = (_, _) => ValueTask.FromResult<TaskOutcome>(new TaskAnswered(JsonValue.Parse(result)));
        ExecutionKey key = await harness.RunAsync(Machines.Tasks(2), input);
        ExecutionRecord ended = await harness.EndAsync(key);

        Assert.Equal((input, result), (ended.Input, ended.Output));
        Assert.Equal([input, result], harness.Targets.Calls.Select(call => call.Parameters.ToString()));
        Assert.Equal(result, ((OutputDetails?)(await harness.HistoryAsync(key))[^1].Details)?.Output.ToString());
    }

    [Fact]
    public async Task Result_beyond_256_KiB_fails_its_task()
    {
        await using IDriverHarness harness = await OpenAsync();
        JsonValue result = JsonString.Of(new string('y', LongestText + 1));
        harness.Targets.Answer = (_, _) => ValueTask.FromResult<TaskOutcome>(new TaskAnswered(result));
        ExecutionRecord ended = await harness.EndAsync(await harness.RunAsync(Machines.Tasks(1)));
        Assert.Equal((ExecutionStatus.Failed, "States.DataLimitExceeded"), (ended.Status, ended.Error));
    }

    [Fact]
    public async Task Jsonata_states_run_with_variables_and_keep_them_over_a_wait()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(
            """
            {"StartAt":"Set","QueryLanguage":"JSONata","States":{
            "Set":{"Type":"Pass","Assign":{"list":"{% [1..3].($ * $states.input.by) %}"},"Next":"Sleep"},
            "Sleep":{"Type":"Wait","Seconds":"{% $states.input.by %}","Output":{"slept":"{% $states.input.by %}"},"Next":"Each"},
            "Each":{"Type":"Map","Items":"{% $list %}","ItemSelector":{"v":"{% $states.context.Map.Item.Value %}"},"ItemProcessor":{"StartAt":"Call","States":{
              "Call":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","Arguments":{"x":"{% $states.input.v %}"},
                "Output":"{% $states.result.x + 1 %}","End":true}}},
              "Assign":{"sum":"{% $sum($states.result) %}"},"Next":"Ask"},
            "Ask":{"Type":"Choice","Choices":[{"Condition":"{% $sum = 63 %}","Output":"{% $states.input %}","Next":"Done"}]},
            "Done":{"Type":"Succeed","Output":{"all":"{% $states.input %}","sum":"{% $sum %}","machine":"{% $states.context.StateMachine.Name %}"}}}}
            """,
            """{"by":10}""");
        await harness.AdvanceAsync(TimeSpan.FromSeconds(9));
        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(key)).Status);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(1));

        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal(
            (ExecutionStatus.Succeeded, $$"""{"all":[11,21,31],"sum":63,"machine":"{{ended.StateMachineName}}"}"""), (ended.Status, ended.Output));
        Assert.Equal(["{\"x\":10}", "{\"x\":20}", "{\"x\":30}"], harness.Targets.Calls.Select(call => call.Parameters.ToString()).Order());
        AssertContiguous(await harness.HistoryAsync(key));
    }

    [Fact]
    public async Task Jsonata_expression_that_fails_has_its_event_and_is_caught()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(
            """
            {"StartAt":"Call","QueryLanguage":"JSONata","States":{
            "Call":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","Output":"{% $states.result.missing %}",
              "Catch":[{"ErrorEquals":["States.QueryEvaluationError"],"Output":{"why":"{% $states.errorOutput.Error %}"},"Next":"Done"}],"Next":"Done"},
            "Done":{"Type":"Succeed"}}}
            """);

        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, """{"why":"States.QueryEvaluationError"}"""), (ended.Status, ended.Output));
        IReadOnlyList<HistoryEvent> history = await harness.HistoryAsync(key);
        var failed = Assert.IsType<EvaluationFailedDetails>(Assert.Single(history, item => item.Type == HistoryEventType.EvaluationFailed).Details);
        Assert.Equal(("Call", "Output"), (failed.State, failed.Location));
        AssertContiguous(history);
    }

    /// <summary>Event ids ascend from 1 without a gap, and each event follows one before it.</summary>
    public static void AssertContiguous(IReadOnlyList<HistoryEvent> history)
    {
        Assert.Equal(Enumerable.Range(1, history.Count).Select(id => (long)id), history.Select(item => item.Id));
        Assert.All(history, item => Assert.InRange(item.PreviousEventId, 0, item.Id - 1));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen && Interlocked.CompareExchange(ref target, value, seen) is int now && now != seen)
        {
            seen = now;
        }
    }
}
