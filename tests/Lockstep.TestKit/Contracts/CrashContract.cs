using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Activities;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.TestKit.Drivers;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What every host makes of a process that ends without notice: nothing durable is lost, and what is repeated shows that it is.</summary>
public abstract class CrashContract : HarnessContract
{
    [Fact]
    public async Task Call_whose_outcome_was_not_stored_is_made_again_with_the_same_key()
    {
        await using IDriverHarness harness = await OpenCrashableAsync();
        harness.Targets.Answer = Holding(harness.Targets, 2, out CallGate gate);
        ExecutionKey key = await harness.RunAsync(Machines.Tasks(3), "7");
        Assert.Equal(2, harness.Targets.Calls.Count);
        await harness.CrashAndRestartAsync();
        gate.Open();

        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, "7"), (ended.Status, ended.Output));
        string[] keys = [.. harness.Targets.Calls.Select(call => call.IdempotencyKey)];
        Assert.Equal(4, keys.Length);
        Assert.Equal(keys[1], keys[2]);
        Assert.Equal(3, keys.Distinct().Count());
        StateContract.AssertContiguous(await harness.HistoryAsync(key));
    }

    [Fact]
    public async Task History_before_the_crash_is_the_beginning_of_that_after_it()
    {
        await using IDriverHarness harness = await OpenCrashableAsync();
        harness.Targets.Answer = Holding(harness.Targets, 2, out CallGate gate);
        ExecutionKey key = await harness.RunAsync(Machines.Tasks(3), "7");
        IReadOnlyList<HistoryEvent> before = await harness.HistoryAsync(key);
        await harness.CrashAndRestartAsync();
        Assert.Equal(before, await harness.HistoryAsync(key));
        gate.Open();
        await harness.EndAsync(key);
        Assert.Equal(before, (await harness.HistoryAsync(key)).Take(before.Count));
    }

    [Fact]
    public async Task Calls_of_all_branches_are_made_again_and_those_that_were_answered_are_not()
    {
        await using IDriverHarness harness = await OpenCrashableAsync();
        harness.Targets.Answer = Holding(harness.Targets, 6, out CallGate gate);
        ExecutionKey key = await harness.RunAsync(
            """
            {"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":5,"End":true,"ItemProcessor":{"StartAt":"T","States":{
            "T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","End":true}}}}}}
            """,
            "[0,1,2,3,4,5,6,7,8,9]");
        string[] before = [.. harness.Targets.Calls.Select(call => call.IdempotencyKey)];
        await harness.CrashAndRestartAsync();
        await harness.RunUntilIdleAsync();
        string[] again = [.. harness.Targets.Calls.Skip(before.Length).Select(call => call.IdempotencyKey)];
        gate.Open();

        Assert.Equal("[0,1,2,3,4,5,6,7,8,9]", (await harness.EndAsync(key)).Output);
        Assert.Equal(5, again.Length);
        Assert.Equal(again.Order(), before.TakeLast(5).Order());
        Assert.Equal(10, harness.Targets.Calls.Select(call => call.IdempotencyKey).Distinct().Count());
    }

    [Fact]
    public async Task Timer_that_became_due_while_no_process_ran_fires_and_one_that_is_not_due_waits()
    {
        await using IDriverHarness harness = await OpenCrashableAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Wait);
        ExecutionKey soon = await harness.StartAsync(machine, "soon", """{"seconds":10}""");
        ExecutionKey late = await harness.StartAsync(machine, "late", """{"seconds":100}""");
        DateTimeOffset start = harness.Time.GetUtcNow();
        await harness.CrashAndRestartAsync();
        await harness.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(ExecutionStatus.Succeeded, (await harness.EndAsync(soon)).Status);
        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(late)).Status);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(90));
        Assert.Equal(start.AddSeconds(100), (await harness.EndAsync(late)).StoppedAt);
    }

    [Fact]
    public async Task Callback_counts_after_a_crash_also_when_it_came_before_its_submission_was_answered()
    {
        await using IDriverHarness harness = await OpenCrashableAsync();
        CallGate gate = harness.Targets.NewGate();
        harness.Targets.Answer = async (_, cancellation) =>
        {
            await gate.PassAsync(cancellation);
            return new TaskAnswered(JsonNull.Instance);
        };
        ExecutionKey key = await harness.RunAsync(Machines.Callback);
        string? token = harness.Targets.Calls.First().TaskToken;
        Assert.True((await harness.ReportAsync(token, new TaskSuccessReport(JsonNumber.Of(7)))).Succeeded);
        await harness.CrashAndRestartAsync();
        gate.Open();

        Assert.Equal("7", (await harness.EndAsync(key)).Output);
        Assert.Equal(token, harness.Targets.Calls.Last().TaskToken);
        Assert.Single(await harness.HistoryAsync(key), item => item.Type == HistoryEventType.TaskSubmitted);
        Assert.Equal(ErrorCodes.TaskTimedOut, (await harness.ReportAsync(token, new TaskSuccessReport(JsonNull.Instance))).Error?.Code);
    }

    [Fact]
    public async Task Token_that_was_handed_out_before_a_crash_is_good_after_it()
    {
        await using IDriverHarness harness = await OpenCrashableAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Callback);
        await harness.CrashAndRestartAsync();
        Assert.True((await harness.ReportAsync(harness.Targets.Calls.First().TaskToken, new TaskSuccessReport(JsonNumber.Of(7)))).Succeeded);
        Assert.Equal("7", (await harness.EndAsync(key)).Output);
        Assert.Single(harness.Targets.Calls);
    }

    [Fact]
    public async Task Activity_task_waits_through_a_crash_and_one_that_was_taken_is_not_handed_out_again()
    {
        await using IDriverHarness harness = await OpenCrashableAsync();
        await harness.Ports.Activities.CreateAsync(
            new ActivityRecord(HarnessSteps.Anna, "work", harness.Service.Arns.Activity(HarnessSteps.Anna, "work"), harness.Time.GetUtcNow()),
            CancellationToken.None);
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Activity);
        ExecutionKey first = await harness.StartAsync(machine, "first", "1");
        ActivityTask? taken = await PollAsync(harness);
        ExecutionKey second = await harness.StartAsync(machine, "second", "2");
        await harness.CrashAndRestartAsync();

        ActivityTask? waiting = await PollAsync(harness);
        Assert.Equal("2", waiting?.Input);
        Assert.Null(await PollAsync(harness));
        await harness.ReportAsync(taken?.TaskToken, new TaskSuccessReport(JsonNumber.Of(10)));
        await harness.ReportAsync(waiting?.TaskToken, new TaskSuccessReport(JsonNumber.Of(20)));
        Assert.Equal(("10", "20"), ((await harness.EndAsync(first)).Output, (await harness.EndAsync(second)).Output));
    }

    [Fact]
    public async Task Child_and_parent_find_each_other_after_a_crash_and_no_second_child_is_started()
    {
        await using IDriverHarness harness = await OpenCrashableAsync();
        harness.ServeNestedExecutions();
        await harness.CreateMachineAsync("child", Machines.Wait);
        ExecutionKey key = await harness.RunAsync(
            """
            {"StartAt":"N","States":{"N":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2","End":true,
            "Parameters":{"StateMachineArn":"arn:aws:states:local:000000000001:stateMachine:child","Input.$":"$"}}}}
            """,
            """{"seconds":100}""");
        await harness.CrashAndRestartAsync();
        await harness.AdvanceAsync(TimeSpan.FromSeconds(100));
        Assert.Equal(ExecutionStatus.Succeeded, (await harness.EndAsync(key)).Status);
        Page<ExecutionRecord> children = await harness.Ports.Executions.ListAsync(
            HarnessSteps.Anna, new ExecutionFilter("child", null), new PageRequest(10, null), CancellationToken.None);
        Assert.Single(children.Items);
    }

    [Fact]
    public async Task Acknowledged_starts_and_stops_are_there_after_a_crash_at_once()
    {
        await using IDriverHarness harness = await OpenCrashableAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Wait);
        ExecutionKey stopped = HarnessSteps.Value(await harness.TryStartAsync(machine, "stopped", """{"seconds":60}""")).Execution.Key;
        HarnessSteps.Value(await harness.Ports.Driver.StopAsync(stopped, "E", "C", CancellationToken.None));
        ExecutionKey started = HarnessSteps.Value(await harness.TryStartAsync(machine, "started", """{"seconds":60}""")).Execution.Key;
        await harness.CrashAndRestartAsync();

        Assert.Equal((ExecutionStatus.Aborted, "E"), ((await harness.EndAsync(stopped)).Status, (await harness.DescribeAsync(stopped)).Error));
        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(started)).Status);
        Assert.False(HarnessSteps.Value(await harness.TryStartAsync(machine, "started", """{"seconds":60}""")).Created);
    }

    [Fact]
    public async Task Asynchronous_Express_execution_comes_to_its_end_after_a_crash_and_its_calls_keep_their_keys()
    {
        await using IDriverHarness harness = await OpenCrashableAsync();
        harness.Targets.Answer = Holding(harness.Targets, 2, out CallGate gate);
        StateMachineRecord machine = await harness.CreateMachineAsync("x", Machines.Tasks(2), WorkflowType.Express);
        ExecutionKey key = HarnessSteps.Value(await harness.TryStartAsync(machine, "run", "9")).Execution.Key;
        using var patience = new CancellationTokenSource(HarnessSteps.Patience);
        while (harness.Targets.Held == 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            await harness.RunUntilIdleAsync();
            await Task.Yield();
        }

        await harness.CrashAndRestartAsync();
        gate.Open();
        ExecutionRecord ended = await harness.WaitForEndAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, "9", "9"), (ended.Status, ended.Input, ended.Output));
        Assert.Equal(2, harness.Targets.Calls.Select(call => call.IdempotencyKey).Distinct().Count());
        Assert.Equal(0, await harness.Ports.Executions.CountOpenAsync(HarnessSteps.Anna, CancellationToken.None));
    }

    private static Task<ActivityTask?> PollAsync(IDriverHarness harness) =>
        harness.Ports.Activities.PollAsync(HarnessSteps.Anna, "work", "w", TimeSpan.Zero, CancellationToken.None).AsTask();

    /// <summary>Answers calls with their parameters; the n-th and those after it wait for the gate.</summary>
    private static Func<TaskInvocation, CancellationToken, ValueTask<TaskOutcome>> Holding(ScriptedTargets targets, int from, out CallGate gate)
    {
        CallGate closed = gate = targets.NewGate();
        int calls = 0;
        return async (call, cancellation) =>
        {
            if (Interlocked.Increment(ref calls) >= from)
            {
                await closed.PassAsync(cancellation);
            }

            return new TaskAnswered(call.Parameters);
        };
    }

    private async Task<IDriverHarness> OpenCrashableAsync()
    {
        IDriverHarness harness = await OpenAsync();
        Assert.SkipUnless(harness.CanCrash, "This host cannot be made to crash.");
        return harness;
    }
}
