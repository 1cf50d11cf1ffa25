using Lockstep.Embedded.Tests.Support;
using Lockstep.Engine;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Embedded.Tests;

/// <summary>A task that asks for its child again, as it does after a crash, gets the child it has.</summary>
public sealed class NestedStartTests
{
    [Fact]
    public async Task A_task_has_one_child_even_when_the_child_has_ended()
    {
        await using TestService service = await TestService.NewAsync();
        ExecutionKey parent = await ParentAsync(service);
        StateMachineRecord child = await service.CreateMachineAsync("child", Machines.Pass);

        StartOutcome first = await OutcomeAsync(service, child, new ParentTask(parent, new CommandId(7), Waits: false));
        await service.EndAsync(first.Execution.Key);
        StartOutcome again = await OutcomeAsync(service, child, new ParentTask(parent, new CommandId(7), Waits: false));

        Assert.True(first.Created);
        Assert.False(again.Created);
        Assert.Equal(first.Execution.Key, again.Execution.Key);
    }

    [Fact]
    public async Task Another_task_finds_the_name_taken()
    {
        await using TestService service = await TestService.NewAsync();
        ExecutionKey parent = await ParentAsync(service);
        StateMachineRecord child = await service.CreateMachineAsync("child", Machines.Pass);
        StartOutcome first = await OutcomeAsync(service, child, new ParentTask(parent, new CommandId(7), Waits: false));
        await service.EndAsync(first.Execution.Key);

        Result<StartOutcome> other = await StartAsync(service, child, new ParentTask(parent, new CommandId(8), Waits: false));

        Assert.Equal(ErrorCodes.ExecutionAlreadyExists, other.Error?.Code);
    }

    [Theory]
    [InlineData(true, ErrorCodes.ExecutionDoesNotExist)]
    [InlineData(false, null)]
    public async Task Only_a_parent_that_waits_has_to_be_there(bool waits, string? error)
    {
        await using TestService service = await TestService.NewAsync();
        StateMachineRecord child = await service.CreateMachineAsync("child", Machines.Pass);
        var express = new ExecutionKey(TestService.Tenant, "quick:one:00000000-0000-0000-0000-000000000000");

        Result<StartOutcome> started = await StartAsync(service, child, new ParentTask(express, new CommandId(7), waits));

        Assert.Equal(error, started.Error?.Code);
    }

    private static async ValueTask<ExecutionKey> ParentAsync(TestService service) =>
        await service.StartAsync(await service.CreateMachineAsync("parent", Machines.Wait), "one", """{"seconds":60}""");

    private static async ValueTask<StartOutcome> OutcomeAsync(TestService service, StateMachineRecord child, ParentTask parent)
    {
        Result<StartOutcome> started = await StartAsync(service, child, parent);
        return started.Succeeded ? started.Value : throw new InvalidOperationException(started.Error.Message);
    }

    private static ValueTask<Result<StartOutcome>> StartAsync(TestService service, StateMachineRecord child, ParentTask parent) =>
        service.Host.Driver.StartAsync(
            StartRequest.For(TestService.Arns, child, "same", JsonObject.Empty) with { Parent = parent }, CancellationToken.None);
}
