using Lockstep.Embedded.Tests.Support;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Embedded.Tests;

public sealed class DriverTests
{
    [Fact]
    public async Task Execution_that_never_waits_has_ended_when_its_start_is_answered()
    {
        await using TestService service = await TestService.NewAsync();
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Pass);

        ExecutionKey key = await service.StartAsync(machine, "one", """{"a":1}""");

        ExecutionRecord record = await service.DescribeAsync(key);
        Assert.Equal(ExecutionStatus.Succeeded, record.Status);
        Assert.Equal("""{"a":1}""", record.Input);
        Assert.Equal("""{"done":true}""", record.Output);
        Assert.Equal(1, record.Transitions);
        IReadOnlyList<HistoryEvent> history = await service.HistoryAsync(key);
        Assert.Equal(
            [HistoryEventType.ExecutionStarted, HistoryEventType.PassStateEntered, HistoryEventType.PassStateExited, HistoryEventType.ExecutionSucceeded],
            history.Select(item => item.Type));
        Assert.Equal([1, 2, 3, 4], history.Select(item => item.Id));
    }

    [Fact]
    public async Task Tasks_run_in_order_and_each_call_has_a_key_of_its_own()
    {
        await using TestService service = await TestService.NewAsync();
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Tasks(10));

        ExecutionKey key = await service.StartAsync(machine, "one", "5");

        Assert.Equal("5", (await service.EndAsync(key)).Output);
        Assert.Equal(10, service.Targets.Calls.Select(call => call.IdempotencyKey).Distinct().Count());
    }

    [Fact]
    public async Task Same_name_and_input_while_it_runs_is_the_same_start()
    {
        await using TestService service = await TestService.NewAsync();
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Wait);
        await service.StartAsync(machine, "one", """{"seconds":60}""");

        Result<StartOutcome> again = await service.TryStartAsync(machine, "one", """{"seconds":60}""");
        Result<StartOutcome> other = await service.TryStartAsync(machine, "one", """{"seconds":61}""");

        Assert.True(again.Succeeded);
        Assert.False(again.Value.Created);
        Assert.Equal(ErrorCodes.ExecutionAlreadyExists, other.Error?.Code);
    }

    [Fact]
    public async Task Stop_aborts_and_a_second_stop_changes_nothing()
    {
        await using TestService service = await TestService.NewAsync();
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Wait);
        ExecutionKey key = await service.StartAsync(machine, "one", """{"seconds":60}""");

        Result<ExecutionRecord> stopped = await service.Host.Driver.StopAsync(key, "E", "why", CancellationToken.None);
        Result<ExecutionRecord> again = await service.Host.Driver.StopAsync(key, "F", "other", CancellationToken.None);

        Assert.Equal(ExecutionStatus.Aborted, stopped.Value?.Status);
        Assert.Equal(("E", "why"), (again.Value?.Error, again.Value?.Cause));
        Assert.Equal(0, await service.Host.Executions.CountOpenAsync(TestService.Tenant, CancellationToken.None));
    }

    [Fact]
    public async Task Everything_is_there_after_a_restart()
    {
        await using TestService service = await TestService.NewAsync();
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Tasks(3));
        var held = new TaskCompletionSource();
        service.Targets.Answer = async (invocation, cancellation) =>
        {
            await held.Task.WaitAsync(cancellation);
            return new Service.Targets.TaskAnswered(invocation.Parameters);
        };
        ExecutionKey key = await service.StartAsync(machine, "one", "7");
        await service.EventAsync(key, HistoryEventType.LambdaFunctionScheduled);

        await service.RestartAsync();
        held.SetResult();

        Assert.Equal("7", (await service.EndAsync(key)).Output);
        string first = service.Targets.Calls.First().IdempotencyKey;
        Assert.Equal(2, service.Targets.Calls.Count(call => call.IdempotencyKey == first));
    }
}
