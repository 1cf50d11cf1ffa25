using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.TestKit.Drivers;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What every driver does with starts, stops and synchronous runs.</summary>
public abstract class ExecutionDriverContract : HarnessContract
{
    private const string Sixty = """{"seconds":60}""";

    [Fact]
    public async Task Execution_that_waits_for_nothing_runs_to_its_end()
    {
        await using IDriverHarness harness = await OpenAsync();
        DateTimeOffset start = harness.Time.GetUtcNow();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Pass);
        Result<StartOutcome> started = await harness.TryStartAsync(machine, "one", """{"a":1}""");
        ExecutionRecord record = await harness.EndAsync(new ExecutionKey(HarnessSteps.Anna, "m:one"));

        Assert.True(started.Value?.Created);
        Assert.Equal(ExecutionStatus.Succeeded, record.Status);
        Assert.Equal(("""{"a":1}""", """{"done":true}"""), (record.Input, record.Output));
        Assert.Equal((null, null), (record.Error, record.Cause));
        Assert.Equal(("one", "m", machine.RevisionId, WorkflowType.Standard), (record.Name, record.StateMachineName, record.RevisionId, record.Type));
        Assert.Equal(harness.Service.Arns.Execution(HarnessSteps.Anna, "m", "one", expressRunId: null), record.Arn);
        Assert.Equal(harness.Service.Arns.StateMachine(HarnessSteps.Anna, "m"), record.StateMachineArn);
        Assert.Equal((start, start, 1), (record.StartedAt, record.StoppedAt, record.Transitions));
        Assert.Equal(
            [HistoryEventType.ExecutionStarted, HistoryEventType.PassStateEntered, HistoryEventType.PassStateExited, HistoryEventType.ExecutionSucceeded],
            (await harness.HistoryAsync(record.Key)).Select(item => item.Type));
    }

    [Fact]
    public async Task Same_name_and_input_while_it_runs_is_the_same_start_and_another_input_is_not()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Wait);
        ExecutionKey key = await harness.StartAsync(machine, "one", """{"seconds":60,"a":1}""");

        Result<StartOutcome> again = await harness.TryStartAsync(machine, "one", """{ "seconds": 60, "a": 1 }""");
        Result<StartOutcome> other = await harness.TryStartAsync(machine, "one", """{"seconds":61}""");

        Assert.Equal((false, key), (again.Value?.Created, again.Value?.Execution.Key));
        Assert.Equal(ErrorCodes.ExecutionAlreadyExists, other.Error?.Code);
        Assert.Equal("""{"seconds":60,"a":1}""", (await harness.DescribeAsync(key)).Input);
        Assert.Equal(1, await harness.Ports.Executions.CountOpenAsync(HarnessSteps.Anna, CancellationToken.None));
    }

    [Fact]
    public async Task Name_of_an_ended_execution_is_taken_whatever_the_input()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Pass);
        await harness.EndAsync(await harness.StartAsync(machine, "one", "1"));

        Assert.Equal(ErrorCodes.ExecutionAlreadyExists, (await harness.TryStartAsync(machine, "one", "1")).Error?.Code);
        Assert.Equal(ErrorCodes.ExecutionAlreadyExists, (await harness.TryStartAsync(machine, "one", "2")).Error?.Code);
        Assert.Equal("1", (await harness.DescribeAsync(new ExecutionKey(HarnessSteps.Anna, "m:one"))).Input);
    }

    [Fact]
    public async Task Of_many_starts_at_once_under_one_name_one_creates_and_the_others_get_its_execution()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Wait);

        Result<StartOutcome>[] starts = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => Task.Run(() => harness.TryStartAsync(machine, "one", Sixty))));
        await harness.RunUntilIdleAsync();

        Assert.All(starts, start => Assert.Equal("m:one", start.Value?.Execution.Key.Id));
        Assert.Single(starts, start => start.Value?.Created == true);
        Assert.Equal(1, await harness.Ports.Executions.CountOpenAsync(HarnessSteps.Anna, CancellationToken.None));
    }

    [Fact]
    public async Task Tenants_and_machines_do_not_share_names()
    {
        await using IDriverHarness harness = await OpenAsync();
        foreach ((string name, int tenant) in ((string, int)[])[("m", 1), ("n", 1), ("m", 2)])
        {
            StateMachineRecord machine = await harness.CreateMachineAsync(name, Machines.Wait, tenant: HarnessSteps.TenantOf(tenant));
            Assert.True((await harness.TryStartAsync(machine, "one", Sixty)).Value?.Created);
        }

        await harness.StopAsync(new ExecutionKey(HarnessSteps.Anna, "m:one"));
        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(new ExecutionKey(HarnessSteps.Bert, "m:one"))).Status);
        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(new ExecutionKey(HarnessSteps.Anna, "n:one"))).Status);
    }

    [Fact]
    public async Task Execution_keeps_the_revision_that_it_started_with_when_its_machine_changes_and_goes()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Wait);
        ExecutionKey key = await harness.StartAsync(machine, "one", Sixty);
        await harness.Ports.StateMachines.UpdateAsync(machine with { RevisionId = "r2", Definition = Machines.Pass }, null, CancellationToken.None);
        await harness.Ports.StateMachines.DeleteAsync(HarnessSteps.Anna, "m", null, CancellationToken.None);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(60));

        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, Sixty, machine.RevisionId), (ended.Status, ended.Output, ended.RevisionId));
    }

    [Fact]
    public async Task Stop_aborts_and_a_second_stop_changes_nothing()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Wait, Sixty);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(10));
        Result<ExecutionRecord> stopped = await harness.StopAsync(key, "E", "why");
        IReadOnlyList<HistoryEvent> history = await harness.HistoryAsync(key);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(100));
        Result<ExecutionRecord> again = await harness.StopAsync(key, "F", "other");

        Assert.Equal(ExecutionStatus.Aborted, stopped.Value?.Status);
        Assert.Equal(
            (ExecutionStatus.Aborted, "E", "why", TimeSpan.FromSeconds(10)),
            (again.Value?.Status, again.Value?.Error, again.Value?.Cause, again.Value?.StoppedAt - again.Value?.StartedAt));
        Assert.Equal(new ErrorDetails("E", "why"), history[^1].Details);
        Assert.Equal(history, await harness.HistoryAsync(key));
        Assert.Equal(0, await harness.Ports.Executions.CountOpenAsync(HarnessSteps.Anna, CancellationToken.None));
    }

    [Fact]
    public async Task Stop_without_error_and_cause_shows_none()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Wait, Sixty);
        await harness.StopAsync(key);
        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal((ExecutionStatus.Aborted, null, null, null), (ended.Status, ended.Error, ended.Cause, ended.Output));
    }

    [Fact]
    public async Task Stop_of_an_execution_that_is_not_there_or_the_other_tenants_fails()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Wait, Sixty);
        Assert.Equal(ErrorCodes.ExecutionDoesNotExist, (await harness.StopAsync(key with { Id = "m:other" })).Error?.Code);
        Assert.Equal(ErrorCodes.ExecutionDoesNotExist, (await harness.StopAsync(key with { Tenant = HarnessSteps.Bert })).Error?.Code);
        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(key)).Status);
    }

    [Fact]
    public async Task Stop_that_races_with_the_end_leaves_one_end()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Tasks(1));
        for (int round = 0; round < 10; round++)
        {
            CallGate gate = harness.Targets.NewGate();
            harness.Targets.Answer = async (call, cancellation) =>
            {
                await gate.PassAsync(cancellation);
                return new TaskAnswered(call.Parameters);
            };
            ExecutionKey key = await harness.StartAsync(machine, $"e{round}", "7");
            Task opening = Task.Run(gate.Open);
            Result<ExecutionRecord> answer = await harness.StopAsync(key, "E", "C");
            await opening;
            ExecutionRecord ended = await harness.EndAsync(key);
            HistoryEventType[] types = [.. (await harness.HistoryAsync(key)).Select(item => item.Type)];

            Assert.Equal((ended.Status, ended.Output, ended.Error), (answer.Value?.Status, answer.Value?.Output, answer.Value?.Error));
            Assert.Equal(
                ended.Status == ExecutionStatus.Succeeded ? HistoryEventType.ExecutionSucceeded : HistoryEventType.ExecutionAborted, types[^1]);
            Assert.Single(types, type => type is HistoryEventType.ExecutionSucceeded or HistoryEventType.ExecutionAborted);
        }
    }

    [Fact]
    public async Task Synchronous_run_answers_with_its_end_also_when_it_failed()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord echo = await harness.CreateMachineAsync("echo", Machines.Tasks(3), WorkflowType.Express);
        StateMachineRecord fail = await harness.CreateMachineAsync(
            "fail", """{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E","Cause":"C"}}}""", WorkflowType.Express);

        ExecutionRecord? succeeded = (await harness.StartSyncAsync(echo, "5")).Value;
        ExecutionRecord? failed = (await harness.StartSyncAsync(fail)).Value;

        Assert.Equal((ExecutionStatus.Succeeded, "5", "5"), (succeeded?.Status, succeeded?.Input, succeeded?.Output));
        Assert.Equal((ExecutionStatus.Failed, "E", "C", null), (failed?.Status, failed?.Error, failed?.Cause, failed?.Output));
        Assert.Equal(3, harness.Targets.Calls.Select(call => call.IdempotencyKey).Distinct().Count());
    }

    [Fact]
    public async Task Synchronous_run_is_timed_out_after_its_longest_run_and_not_before()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("x", Machines.Wait, WorkflowType.Express);
        Task<Result<ExecutionRecord>> within = harness.StartSyncAsync(machine, """{"seconds":9}""", TimeSpan.FromSeconds(10));
        Task<Result<ExecutionRecord>> beyond = harness.StartSyncAsync(machine, """{"seconds":11}""", TimeSpan.FromSeconds(10));

        await harness.AdvanceAsync(TimeSpan.FromSeconds(9));
        Assert.Equal(ExecutionStatus.Succeeded, (await within).Value?.Status);
        await harness.AdvanceAsync(TimeSpan.FromMilliseconds(999));
        Assert.False(beyond.IsCompleted);
        await harness.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        ExecutionRecord? timedOut = (await beyond).Value;
        Assert.Equal((ExecutionStatus.TimedOut, "States.Timeout"), (timedOut?.Status, timedOut?.Error));
        Assert.Equal(TimeSpan.FromSeconds(10), timedOut?.StoppedAt - timedOut?.StartedAt);
    }

    [Fact]
    public async Task Synchronous_run_dies_with_its_call()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("x", Machines.Wait, WorkflowType.Express);
        using var call = new CancellationTokenSource();
        Task<Result<ExecutionRecord>> run = harness.StartSyncAsync(machine, Sixty, cancellation: call.Token);
        await call.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task Each_asynchronous_Express_start_is_an_execution_of_its_own()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("x", Machines.Tasks(2), WorkflowType.Express);
        Result<StartOutcome> first = await harness.TryStartAsync(machine, "same", "1");
        Result<StartOutcome> second = await harness.TryStartAsync(machine, "same", "1");

        Assert.True(first.Value?.Created);
        Assert.True(second.Value?.Created);
        ExecutionRecord one = await harness.WaitForEndAsync(HarnessSteps.Value(first).Execution.Key);
        ExecutionRecord two = await harness.WaitForEndAsync(HarnessSteps.Value(second).Execution.Key);
        Assert.NotEqual(one.Arn, two.Arn);
        Assert.Equal((ExecutionStatus.Succeeded, "1", "1", WorkflowType.Express), (one.Status, one.Input, one.Output, one.Type));
        Assert.Equal((ExecutionStatus.Succeeded, "same"), (two.Status, two.Name));
        Assert.Equal(0, await harness.Ports.Executions.CountOpenAsync(HarnessSteps.Anna, CancellationToken.None));
    }
}
