using Lockstep.Asl.Resources;
using Lockstep.Embedded.Tests.Support;
using Lockstep.Engine;
using Lockstep.Json;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.TestKit.Drivers;
using Lockstep.TestKit.Time;

namespace Lockstep.Embedded.Tests;

public sealed class NestedTests
{
    private const string Parent = """
        {"StartAt":"N","States":{"N":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2",
        "Parameters":{"StateMachineArn":"arn:aws:states:local:000000000001:stateMachine:child","Input.$":"$"},"OutputPath":"$.Output","End":true}}}
        """;

    [Fact]
    public async Task Outcome_of_a_child_survives_restarts_and_parking_and_starts_no_second_child()
    {
        await using TestService service = await OpenAsync(Machines.Wait);
        ExecutionKey key = await StartParentAsync(service, """{"seconds":100}""");
        await service.EventAsync(key, Engine.History.HistoryEventType.TaskSubmitted);
        await service.RestartAsync();
        await service.ParkAllAsync();

        ExecutionRecord ended = await service.AdvanceUntilAsync(service.EndAsync(key).AsTask(), TimeSpan.FromSeconds(10));

        Assert.Equal(ExecutionStatus.Succeeded, ended.Status);
        var children = await service.Host.Executions.ListAsync(
            TestService.Tenant, new ExecutionFilter("child", null), new Service.Paging.PageRequest(10, null), CancellationToken.None);
        Assert.Single(children.Items);
    }

    private static async Task<TestService> OpenAsync(string child)
    {
        TestService service = await TestService.NewAsync(new ManualTimeProvider());
        await service.CreateMachineAsync("child", child);
        service.Targets.Answer = async (call, _) =>
        {
            Assert.Equal(IntegrationPattern.Sync2, call.Resource.Pattern);
            StartOutcome started = await StartChildAsync(service, call, "first");
            return new TaskAnswered(JsonObject.Of("ExecutionArn", JsonString.Of(started.Execution.Arn)));
        };
        return service;
    }

    private static async Task<StartOutcome> StartChildAsync(TestService service, TaskInvocation call, string name)
    {
        StateMachineRecord machine = await service.Host.StateMachines.FindAsync(TestService.Tenant, "child", CancellationToken.None)
            ?? throw new InvalidOperationException("No child machine.");
        JsonValue input = ((JsonObject)call.Parameters)["Input"] ?? JsonNull.Instance;
        var started = await service.Host.Driver.StartAsync(
            StartRequest.For(TestService.Arns, machine, name, input) with { Parent = new ParentTask(call.Execution, call.Task, Waits: true) }, CancellationToken.None);
        return started.Succeeded ? started.Value : throw new InvalidOperationException(started.Error.Message);
    }

    private static async Task<ExecutionKey> StartParentAsync(TestService service, string input = "{}")
    {
        StateMachineRecord parent = await service.CreateMachineAsync("parent", Parent);
        return await service.StartAsync(parent, "p", input);
    }
}
