using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.TestKit.Drivers;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What every driver does with the calls of Task states: keys, failures, retries, timeouts.</summary>
public abstract class TaskContract : HarnessContract
{
    private const string Retrying = """
        {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f",
        "Retry":[{"ErrorEquals":["Flaky"],"IntervalSeconds":2,"BackoffRate":3,"MaxAttempts":3}],"End":true}}}
        """;

    private const string Hasty = """
        {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","TimeoutSeconds":30,"End":true}}}
        """;

    [Fact]
    public async Task Calls_are_made_in_order_and_say_who_calls_for_whom()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Tasks(10), "5");
        Assert.Equal("5", (await harness.EndAsync(key)).Output);

        TaskInvocation[] calls = [.. harness.Targets.Calls];
        Assert.Equal(10, calls.Length);
        Assert.Equal(10, calls.Select(call => call.IdempotencyKey).Distinct().Count());
        Assert.All(calls, call => Assert.Equal((HarnessSteps.Anna, key, 0, null), (call.Tenant, call.Execution, call.Attempt, call.TaskToken)));
        Assert.Equal(calls.Select(call => call.Task.Ordinal).Order(), calls.Select(call => call.Task.Ordinal));
    }

    [Fact]
    public async Task Retries_back_off_and_each_attempt_has_a_key_of_its_own()
    {
        await using IDriverHarness harness = await OpenAsync();
        List<TimeSpan> at = [];
        DateTimeOffset start = harness.Time.GetUtcNow();
        harness.Targets.Answer = (call, _) =>
        {
            at.Add(harness.Time.GetUtcNow() - start);
            return ValueTask.FromResult<TaskOutcome>(call.Attempt < 3 ? new TaskRefused("Flaky", "not yet") : new TaskAnswered(JsonNumber.Of(call.Attempt)));
        };
        ExecutionKey key = await harness.RunAsync(Retrying);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(60));

        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, "3", TimeSpan.FromSeconds(26)), (ended.Status, ended.Output, ended.StoppedAt - ended.StartedAt));
        Assert.Equal([0, 2, 8, 26], at.Select(moment => moment.TotalSeconds));
        Assert.Equal([0, 1, 2, 3], harness.Targets.Calls.Select(call => call.Attempt));
        Assert.Equal(4, harness.Targets.Calls.Select(call => call.IdempotencyKey).Distinct().Count());
    }

    [Fact]
    public async Task Last_failure_is_that_of_the_execution_when_the_attempts_are_used_up()
    {
        await using IDriverHarness harness = await OpenAsync();
        harness.Targets.Answer = (call, _) => ValueTask.FromResult<TaskOutcome>(new TaskRefused("Flaky", $"attempt {call.Attempt}"));
        ExecutionKey key = await harness.RunAsync(Retrying);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(60));
        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal((ExecutionStatus.Failed, "Flaky", "attempt 3", null), (ended.Status, ended.Error, ended.Cause, ended.Output));
        Assert.Equal(4, (await harness.HistoryAsync(key)).Count(item => item.Type == HistoryEventType.LambdaFunctionFailed));
    }

    [Fact]
    public async Task Stop_during_a_backoff_makes_no_further_attempt()
    {
        await using IDriverHarness harness = await OpenAsync();
        harness.Targets.Answer = (_, _) => ValueTask.FromResult<TaskOutcome>(new TaskRefused("Flaky", null));
        ExecutionKey key = await harness.RunAsync(Retrying);
        await harness.StopAsync(key);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(ExecutionStatus.Aborted, (await harness.EndAsync(key)).Status);
        Assert.Single(harness.Targets.Calls);
    }

    [Fact]
    public async Task Call_that_takes_too_long_is_timed_out_and_its_late_answer_changes_nothing()
    {
        await using IDriverHarness harness = await OpenAsync();
        CallGate gate = harness.Targets.NewGate();
        harness.Targets.Answer = async (call, _) =>
        {
            // As a target that does not hear that nobody waits any more.
            await gate.PassAsync(CancellationToken.None);
            return new TaskAnswered(call.Parameters);
        };
        ExecutionKey key = await harness.RunAsync(Hasty);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(29));
        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(key)).Status);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(1));
        ExecutionRecord ended = await harness.EndAsync(key);
        IReadOnlyList<HistoryEvent> history = await harness.HistoryAsync(key);
        gate.Open();
        await harness.RunUntilIdleAsync();

        Assert.Equal((ExecutionStatus.Failed, "States.Timeout", TimeSpan.FromSeconds(30)), (ended.Status, ended.Error, ended.StoppedAt - ended.StartedAt));
        Assert.Equal(history, await harness.HistoryAsync(key));
        Assert.Equal(ended, await harness.DescribeAsync(key));
    }

    [Fact]
    public async Task Call_that_answers_in_time_is_not_timed_out_later()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(
            """
            {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","TimeoutSeconds":30,"Next":"W"},
            "W":{"Type":"Wait","Seconds":60,"End":true}}}
            """);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(ExecutionStatus.Succeeded, (await harness.EndAsync(key)).Status);
    }

    [Theory]
    [InlineData("arn:aws:lambda:us-east-1:123456789012:function:f", HistoryEventType.LambdaFunctionFailed)]
    [InlineData("arn:aws:states:::lambda:invoke", HistoryEventType.TaskFailed)]
    [InlineData("arn:aws:states:::lambda:invoke.waitForTaskToken", HistoryEventType.TaskSubmitFailed)]
    [InlineData("arn:aws:states:::states:startExecution.sync:2", HistoryEventType.TaskSubmitFailed)]
    public async Task Call_that_fails_or_throws_fails_its_task_whatever_it_was_to_wait_for(string resource, HistoryEventType shown)
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync(
            "m", Machines.Tasks(1).Replace("arn:aws:lambda:us-east-1:123456789012:function:f", resource, StringComparison.Ordinal));
        harness.Targets.Answer = (_, _) => ValueTask.FromResult<TaskOutcome>(new TaskRefused("E", "C"));
        ExecutionRecord refused = await harness.EndAsync(await harness.StartAsync(machine, "refused"));
        harness.Targets.Answer = (_, _) => throw new InvalidOperationException("a defect");
        ExecutionRecord threw = await harness.EndAsync(await harness.StartAsync(machine, "threw"));

        Assert.Equal((ExecutionStatus.Failed, "E", "C"), (refused.Status, refused.Error, refused.Cause));
        Assert.Contains(await harness.HistoryAsync(refused.Key), item => item.Type == shown);
        Assert.Equal((ExecutionStatus.Failed, "States.Runtime"), (threw.Status, threw.Error));
    }

    [Fact]
    public async Task Executions_of_many_tenants_call_at_the_same_time_and_none_waits_for_another()
    {
        await using IDriverHarness harness = await OpenAsync();
        CallGate gate = harness.Targets.NewGate();
        harness.Targets.Answer = async (call, cancellation) =>
        {
            if (call.Tenant == HarnessSteps.Anna)
            {
                await gate.PassAsync(cancellation);
            }

            return new TaskAnswered(call.Parameters);
        };
        ExecutionKey held = await harness.RunAsync(Machines.Tasks(1));
        var other = await harness.CreateMachineAsync("m", Machines.Tasks(1), tenant: HarnessSteps.Bert);
        Assert.Equal(ExecutionStatus.Succeeded, (await harness.EndAsync(await harness.StartAsync(other, "one"))).Status);
        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(held)).Status);
        gate.Open();
        Assert.Equal(ExecutionStatus.Succeeded, (await harness.EndAsync(held)).Status);
    }
}
