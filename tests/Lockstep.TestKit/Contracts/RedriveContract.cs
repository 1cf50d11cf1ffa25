using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Activities;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Redrives;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.TestKit.Drivers;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What every driver does with redrives: executions that ended without success go on where they stopped.</summary>
public abstract class RedriveContract : HarnessContract
{
    private const string Two = """
        {"StartAt":"First","States":{
          "First":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:first","ResultPath":"$.first","Next":"Second"},
          "Second":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:second","ResultPath":"$.second","End":true}}}
        """;

    [Fact]
    public async Task Failed_state_is_tried_again_and_what_was_done_is_not()
    {
        await using IDriverHarness harness = await OpenAsync();
        Refuse(harness, "second", times: 1);
        ExecutionKey key = await harness.RunAsync(Two);
        ExecutionRecord failed = await harness.EndAsync(key);
        IReadOnlyList<HistoryEvent> before = await harness.HistoryAsync(key);
        await harness.AdvanceAsync(TimeSpan.FromMinutes(1));

        RedriveOutcome outcome = await harness.RedriveAsync(key);
        ExecutionRecord ended = await harness.EndAsync(key);
        IReadOnlyList<HistoryEvent> history = await harness.HistoryAsync(key);

        Assert.Equal((ExecutionStatus.Failed, 0, null), (failed.Status, failed.RedriveCount, failed.RedrivenAt));
        Assert.Equal((true, failed.StoppedAt?.AddMinutes(1)), (outcome.Created, outcome.RedrivenAt));
        Assert.Equal((ExecutionStatus.Succeeded, null, null), (ended.Status, ended.Error, ended.Cause));
        Assert.Equal("""{"first":"answer","second":"answer"}""", ended.Output);
        Assert.Equal((failed.StartedAt, failed.StoppedAt?.AddMinutes(1), 1), (ended.StartedAt, ended.StoppedAt, ended.RedriveCount));
        Assert.Equal((outcome.RedrivenAt, "{}", failed.RevisionId), (ended.RedrivenAt, ended.Input, ended.RevisionId));
        Assert.Equal(before, history.Take(before.Count));
        Assert.Equal(
            [
                HistoryEventType.ExecutionRedriven, HistoryEventType.LambdaFunctionScheduled, HistoryEventType.LambdaFunctionStarted,
                HistoryEventType.LambdaFunctionSucceeded, HistoryEventType.TaskStateExited, HistoryEventType.ExecutionSucceeded,
            ],
            history.Skip(before.Count).Select(item => item.Type));
        Assert.Equal(new ExecutionRedrivenDetails(1), history[before.Count].Details);
        StateContract.AssertContiguous(history);
        Assert.Equal(3, harness.Targets.Calls.Select(call => call.IdempotencyKey).Distinct().Count());
        Assert.Equal(3, ended.Transitions);
        Assert.Equal(0, await harness.Ports.Executions.CountOpenAsync(HarnessSteps.Anna, CancellationToken.None));
        Assert.Equal(
            [
                (ExecutionStatus.Running, null, null, null, 0), (ExecutionStatus.Failed, failed.StoppedAt, null, "E", 0),
                (ExecutionStatus.Running, null, null, null, 1), (ExecutionStatus.Succeeded, ended.StoppedAt, ended.Output, null, 1),
            ],
            (await harness.EventsAsync(HarnessSteps.Anna)).Select(item => item.Execution)
                .Select(item => (item.Status, item.StoppedAt, item.Output, item.Error, item.RedriveCount)));
    }

    [Fact]
    public async Task Redriven_execution_is_open_like_any_other_and_its_name_is_its_start()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Callback);
        ExecutionKey key = await harness.StartAsync(machine, "one", "7");
        await harness.StopAsync(key, "E", "C");
        await harness.RedriveAsync(key);
        ExecutionRecord open = await harness.DescribeAsync(key);

        Assert.Equal((ExecutionStatus.Running, null, null, null), (open.Status, open.StoppedAt, open.Error, open.Cause));
        Assert.Equal(1, await harness.Ports.Executions.CountOpenAsync(HarnessSteps.Anna, CancellationToken.None));
        Assert.Equal([key], (await ListAsync(harness, ExecutionStatus.Running)).Select(item => item.Key));
        Assert.Empty(await ListAsync(harness, ExecutionStatus.Aborted));
        Assert.False(HarnessSteps.Value(await harness.TryStartAsync(machine, "one", "7")).Created);
        Assert.Equal(ErrorCodes.ExecutionAlreadyExists, (await harness.TryStartAsync(machine, "one", "8")).Error?.Code);

        await harness.StopAsync(key);
        Assert.Equal(ExecutionStatus.Aborted, (await harness.DescribeAsync(key)).Status);
        Assert.Equal([(key, 1)], (await ListAsync(harness, ExecutionStatus.Aborted)).Select(item => (item.Key, item.RedriveCount)));
        Assert.Equal(0, await harness.Ports.Executions.CountOpenAsync(HarnessSteps.Anna, CancellationToken.None));
    }

    [Fact]
    public async Task Token_of_before_is_gone_and_that_of_the_new_attempt_counts()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Callback);
        await harness.StopAsync(key);
        await harness.RedriveAsync(key);
        string?[] tokens = [.. harness.Targets.Calls.Select(call => call.TaskToken)];

        Assert.Equal(2, tokens.Distinct().Count());
        Assert.Equal(ErrorCodes.TaskTimedOut, (await harness.ReportAsync(tokens[0], new TaskSuccessReport(JsonNumber.Of(1)))).Error?.Code);
        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(key)).Status);
        Assert.True((await harness.ReportAsync(tokens[1], new TaskSuccessReport(JsonNumber.Of(2)))).Succeeded);
        Assert.Equal("2", (await harness.EndAsync(key)).Output);
    }

    [Fact]
    public async Task Answer_of_a_call_of_before_changes_nothing()
    {
        await using IDriverHarness harness = await OpenAsync();
        CallGate gate = harness.Targets.NewGate();
        int calls = 0;
        harness.Targets.Answer = async (_, _) =>
        {
            int call = Interlocked.Increment(ref calls);
            if (call == 1)
            {
                // As a target that does not hear that nobody waits any more.
                await gate.PassAsync(CancellationToken.None);
            }

            return new TaskAnswered(JsonNumber.Of(call));
        };
        ExecutionKey key = await harness.RunAsync("""
            {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","TimeoutSeconds":30,"Next":"W"},
            "W":{"Type":"Wait","Seconds":60,"End":true}}}
            """);
        await harness.StopAsync(key);
        await harness.RedriveAsync(key);
        gate.Open();
        await harness.AdvanceAsync(TimeSpan.FromSeconds(31));
        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(key)).Status);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(29));

        Assert.Equal((ExecutionStatus.Succeeded, "2"), ((await harness.EndAsync(key)).Status, (await harness.DescribeAsync(key)).Output));
        Assert.DoesNotContain(await harness.HistoryAsync(key), item => item.Type == HistoryEventType.LambdaFunctionTimedOut);
    }

    [Fact]
    public async Task Timeout_of_the_execution_counts_anew()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(
            """{"TimeoutSeconds":100,"StartAt":"W","States":{"W":{"Type":"Wait","SecondsPath":"$.seconds","End":true}}}""", """{"seconds":150}""");
        await harness.AdvanceAsync(TimeSpan.FromSeconds(100));
        Assert.Equal(ExecutionStatus.TimedOut, (await harness.EndAsync(key)).Status);
        await harness.RedriveAsync(key);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(99));
        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(key)).Status);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(ExecutionStatus.TimedOut, (await harness.EndAsync(key)).Status);
        await harness.RedriveAsync(key, input: """{"seconds":50}""");
        await harness.AdvanceAsync(TimeSpan.FromSeconds(50));

        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, """{"seconds":50}""", 2), (ended.Status, ended.Output, ended.RedriveCount));
    }

    [Fact]
    public async Task Of_a_Parallel_state_only_the_branches_that_did_not_succeed_go_on()
    {
        await using IDriverHarness harness = await OpenAsync();
        Refuse(harness, "bad", times: 1);
        ExecutionKey key = await harness.RunAsync("""
            {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
              {"StartAt":"Good","States":{"Good":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:good","End":true}}},
              {"StartAt":"Pause","States":{"Pause":{"Type":"Wait","Seconds":5,"Next":"Bad"},
                "Bad":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:bad","End":true}}},
              {"StartAt":"Slow","States":{"Slow":{"Type":"Wait","Seconds":60,"End":true}}}]}}}
            """);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(ExecutionStatus.Failed, (await harness.EndAsync(key)).Status);
        await harness.RedriveAsync(key);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(60));

        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, """["answer","answer",{}]"""), (ended.Status, ended.Output));
        Assert.Equal(["good", "bad", "bad"], harness.Targets.Calls.Select(call => call.Resource.Action));
    }

    [Fact]
    public async Task Of_a_Map_state_only_the_iterations_that_did_not_succeed_go_on()
    {
        await using IDriverHarness harness = await OpenAsync();
        bool refused = false;
        harness.Targets.Answer = (call, _) =>
        {
            bool refuse = !refused && call.Parameters.ToString() == "3";
            refused |= refuse;
            return ValueTask.FromResult<TaskOutcome>(refuse ? new TaskRefused("E", "C") : new TaskAnswered(call.Parameters));
        };
        ExecutionKey key = await harness.RunAsync(
            """
            {"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":1,"End":true,"ItemProcessor":{"StartAt":"T","States":{
            "T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","End":true}}}}}}
            """,
            "[1,2,3,4,5]");
        Assert.Equal(ExecutionStatus.Failed, (await harness.EndAsync(key)).Status);
        await harness.RedriveAsync(key);

        Assert.Equal("[1,2,3,4,5]", (await harness.EndAsync(key)).Output);
        Assert.Equal(["1", "2", "3", "3", "4", "5"], harness.Targets.Calls.Select(call => call.Parameters.ToString()));
    }

    [Fact]
    public async Task Retries_are_there_again_and_a_catcher_takes_over_as_ever()
    {
        await using IDriverHarness harness = await OpenAsync();
        harness.Targets.Answer = (call, _) => ValueTask.FromResult<TaskOutcome>(
            call.Resource.Action == "f" ? new TaskRefused("E", "C") : new TaskRefused("F", "C"));
        ExecutionKey key = await harness.RunAsync("""
            {"StartAt":"T","States":{
              "T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","End":true,
                "Retry":[{"ErrorEquals":["E"],"MaxAttempts":1,"IntervalSeconds":1}],"Catch":[{"ErrorEquals":["E"],"Next":"H"}]},
              "H":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:handler","End":true,
                "Retry":[{"ErrorEquals":["F"],"MaxAttempts":2,"IntervalSeconds":1,"BackoffRate":1}]}}}
            """);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("F", (await harness.EndAsync(key)).Error);
        await harness.RedriveAsync(key);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(10));

        Assert.Equal("F", (await harness.EndAsync(key)).Error);
        Assert.Equal([0, 1, 0, 1, 2, 0, 1, 2], harness.Targets.Calls.Select(call => call.Attempt));
        Assert.Equal(8, harness.Targets.Calls.Select(call => call.IdempotencyKey).Distinct().Count());
    }

    [Fact]
    public async Task Same_client_token_is_the_same_redrive_for_a_quarter_of_an_hour()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Callback);
        await harness.StopAsync(key);
        RedriveOutcome first = HarnessSteps.Value(await harness.TryRedriveAsync(key, "token"));
        await harness.AdvanceAsync(TimeSpan.FromMinutes(1));
        RedriveOutcome again = HarnessSteps.Value(await harness.TryRedriveAsync(key, "token"));
        await harness.StopAsync(key);
        RedriveOutcome afterEnd = HarnessSteps.Value(await harness.TryRedriveAsync(key, "token"));
        await harness.AdvanceAsync(TimeSpan.FromMinutes(14) - TimeSpan.FromMilliseconds(1));
        RedriveOutcome late = HarnessSteps.Value(await harness.TryRedriveAsync(key, "token"));
        await harness.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        RedriveOutcome tooLate = HarnessSteps.Value(await harness.TryRedriveAsync(key, "token"));
        await harness.RunUntilIdleAsync();

        Assert.Equal([true, false, false, false, true], new[] { first, again, afterEnd, late, tooLate }.Select(outcome => outcome.Created));
        Assert.All(new[] { again, afterEnd, late }, outcome => Assert.Equal(first.RedrivenAt, outcome.RedrivenAt));
        Assert.Equal(2, (await harness.DescribeAsync(key)).RedriveCount);
    }

    [Fact]
    public async Task What_runs_or_has_succeeded_or_ended_long_ago_or_was_redriven_too_often_is_refused()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Callback);
        ExecutionKey key = await harness.StartAsync(machine, "one");
        ExecutionKey done = await harness.StartAsync(await harness.CreateMachineAsync("p", Machines.Pass), "one");
        var rules = new RedriveRules(MaxRedrives: 1, TimeSpan.FromDays(14));

        Assert.Equal("Execution is RUNNING and cannot be redriven", await ReasonAsync(harness, key, rules));
        Assert.Equal("Execution is SUCCEEDED and cannot be redriven", await ReasonAsync(harness, done, rules));
        await harness.StopAsync(key);
        await harness.AdvanceAsync(TimeSpan.FromDays(14));
        Assert.Equal("Execution redrivable period exceeded", await ReasonAsync(harness, key, rules));
        Assert.Null(await ReasonAsync(harness, key, rules with { Period = TimeSpan.FromDays(15) }));
        await harness.StopAsync(key);
        Assert.Equal("Execution redrive limit of 1 exceeded", await ReasonAsync(harness, key, rules));
        Assert.Equal(
            ErrorCodes.ExecutionDoesNotExist, (await harness.TryRedriveAsync(new ExecutionKey(HarnessSteps.Bert, key.Id), rules: rules)).Error?.Code);
        Assert.Equal(ExecutionStatus.Aborted, (await harness.DescribeAsync(key)).Status);
    }

    [Fact]
    public async Task Of_many_redrives_at_once_one_redrives()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Callback);
        await harness.StopAsync(key);

        Result<RedriveOutcome>[] answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => harness.TryRedriveAsync(key))));
        await harness.RunUntilIdleAsync();

        Assert.Single(answers, answer => answer.Succeeded);
        Assert.All(answers.Where(answer => !answer.Succeeded), answer => Assert.Equal(ErrorCodes.ExecutionNotRedrivable, answer.Error?.Code));
        Assert.Equal(1, (await harness.DescribeAsync(key)).RedriveCount);
        Assert.Single(await harness.HistoryAsync(key), item => item.Type == HistoryEventType.ExecutionRedriven);
    }

    [Fact]
    public async Task Context_object_tells_of_the_redrive()
    {
        await using IDriverHarness harness = await OpenAsync();
        Refuse(harness, "f", times: 2);
        ExecutionKey key = await harness.RunAsync("""
            {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","Next":"P"},
            "P":{"Type":"Pass","Parameters":{"count.$":"$$.Execution.RedriveCount","time.$":"$$.Execution.RedriveTime"},"End":true}}}
            """);
        await harness.RedriveAsync(key);
        RedriveOutcome second = await harness.RedriveAsync(key);

        Assert.Equal($$"""{"count":2,"time":"{{second.RedrivenAt:yyyy-MM-ddTHH:mm:ss.fffZ}}"}""", (await harness.EndAsync(key)).Output);
    }

    [Fact]
    public async Task Activity_task_is_offered_again_and_the_worker_of_before_is_told_that_nobody_waits()
    {
        await using IDriverHarness harness = await OpenAsync();
        await harness.Ports.Activities.CreateAsync(
            new ActivityRecord(HarnessSteps.Anna, "work", harness.Service.Arns.Activity(HarnessSteps.Anna, "work"), harness.Time.GetUtcNow()),
            CancellationToken.None);
        ExecutionKey key = await harness.RunAsync(Machines.Activity, "1");
        ActivityTask? before = await PollAsync(harness);
        await harness.StopAsync(key);
        await harness.RedriveAsync(key);
        ActivityTask? after = await PollAsync(harness);

        Assert.Equal(("1", "1"), (before?.Input, after?.Input));
        Assert.Equal(ErrorCodes.TaskTimedOut, (await harness.ReportAsync(before?.TaskToken, new TaskSuccessReport(JsonNumber.Of(1)))).Error?.Code);
        Assert.True((await harness.ReportAsync(after?.TaskToken, new TaskSuccessReport(JsonNumber.Of(2)))).Succeeded);
        Assert.Equal("2", (await harness.EndAsync(key)).Output);
    }

    [Fact]
    public async Task Redriven_parent_starts_a_child_of_its_own_and_a_redriven_child_tells_nobody()
    {
        await using IDriverHarness harness = await OpenAsync();
        harness.ServeNestedExecutions();
        await harness.CreateMachineAsync("child", Machines.Callback);
        ExecutionKey key = await harness.RunAsync("""
            {"StartAt":"N","States":{"N":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2","ResultSelector":{"o.$":"$.Output"},"End":true,
            "Parameters":{"StateMachineArn":"arn:aws:states:local:000000000001:stateMachine:child","Input":1}}}}
            """);
        ExecutionKey first = (await ListAsync(harness, ExecutionStatus.Running, "child")).Single().Key;
        await harness.StopAsync(first);
        Assert.Equal("States.TaskFailed", (await harness.EndAsync(key)).Error);

        await harness.RedriveAsync(first);
        await harness.RedriveAsync(key);
        ExecutionKey second = (await ListAsync(harness, ExecutionStatus.Running, "child")).Select(item => item.Key).Single(child => child != first);
        await harness.StopAsync(first);
        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(key)).Status);
        await harness.StopAsync(second, "E", "C");

        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal((ExecutionStatus.Failed, 1), (ended.Status, ended.RedriveCount));
        Assert.Contains("\"Error\":\"E\"", ended.Cause, StringComparison.Ordinal);
    }

    protected static Task<ActivityTask?> PollAsync(IDriverHarness harness) =>
        harness.Ports.Activities.PollAsync(HarnessSteps.Anna, "work", "w", TimeSpan.Zero, CancellationToken.None).AsTask();

    /// <summary>Lets a function fail so often, and answer "answer" from then on, as all others do at once.</summary>
    internal static void Refuse(IDriverHarness harness, string function, int times)
    {
        int left = times;
        harness.Targets.Answer = (call, _) => ValueTask.FromResult<TaskOutcome>(
            call.Resource.Action == function && Interlocked.Decrement(ref left) >= 0 ? new TaskRefused("E", "C") : new TaskAnswered(JsonString.Of("answer")));
    }

    private static async Task<string?> ReasonAsync(IDriverHarness harness, ExecutionKey key, RedriveRules rules)
    {
        Result<RedriveOutcome> answer = await harness.TryRedriveAsync(key, rules: rules);
        await harness.RunUntilIdleAsync();
        Assert.Equal(answer.Succeeded ? null : ErrorCodes.ExecutionNotRedrivable, answer.Error?.Code);
        return answer.Error?.Message;
    }

    private static async Task<IReadOnlyList<ExecutionRecord>> ListAsync(IDriverHarness harness, ExecutionStatus status, string? machine = null) =>
        (await harness.Ports.Executions.ListAsync(
            HarnessSteps.Anna, new ExecutionFilter(machine, status), new Service.Paging.PageRequest(10, null), CancellationToken.None)).Items;
}
