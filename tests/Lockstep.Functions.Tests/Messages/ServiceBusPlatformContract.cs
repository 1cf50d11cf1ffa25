using Azure.Messaging.ServiceBus;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Hosting;
using Lockstep.Engine;
using Lockstep.Functions.Messages;
using Lockstep.Functions.Orchestrations;
using Lockstep.Functions.Tests.Fakes;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Events;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;
using Lockstep.Targets;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Drivers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lockstep.Functions.Tests.Messages;

/// <summary>
/// The platform sends over Service Bus, and the triggers get what a receiver has received. Tables are in memory, and the scheduler only notes. The tenant is
/// another one in each test, as its number is the session of its events.
/// </summary>
public abstract class ServiceBusPlatformContract
{
    private const string Pass = """{"StartAt":"A","States":{"A":{"Type":"Pass","Result":1,"End":true}}}""";

    private readonly TenantId _tenant = HarnessSteps.TenantOf(Math.Abs(Guid.NewGuid().GetHashCode() % 1_000_000_000) + 10);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A client of the bus. Skips the test where there is none.</summary>
    private protected abstract ServiceBusClient Open();

    [Fact]
    public async Task A_stop_wakes_the_orchestration()
    {
        await using ServiceBusClient bus = Open();
        await using var messages = new ServiceBusMessages(bus);
        await using var client = new FakeDurableClient();
        var orchestrations = new DurableOrchestrations();
        orchestrations.Use(client);
        using AzurePlatform platform = await OpenAsync(messages, orchestrations);
        ExecutionKey key = await StartAsync(platform, WorkflowType.Standard);
        string instance = Assert.Single(client.Scheduled).Options?.InstanceId ?? "";

        Assert.True((await platform.Service.Executions.StopAsync(key, "Enough", "by hand", Cancellation)).Succeeded);
        await using ServiceBusSessionReceiver session = await bus.AcceptSessionAsync("callbacks", instance, cancellationToken: Cancellation);
        await FunctionsOf(platform, orchestrations).WakeAsync([await ServiceBusContract.NextAsync(session)], client, Cancellation);

        Assert.Equal([(instance, "Wake")], client.Raised);
    }

    [Fact]
    public async Task An_asynchronous_express_execution_is_work_and_its_end_is_an_event()
    {
        await using ServiceBusClient bus = Open();
        await using var messages = new ServiceBusMessages(bus);
        await using var client = new FakeDurableClient();
        var orchestrations = new DurableOrchestrations();
        using AzurePlatform platform = await OpenAsync(messages, orchestrations);
        ExecutionKey key = await StartAsync(platform, WorkflowType.Express);

        await using ServiceBusReceiver work = bus.CreateReceiver("tasks");
        ServiceBusReceivedMessage received = await ServiceBusContract.NextAsync(
            work, message => message.MessageId.StartsWith(ExecutionInstances.IdOf(key), StringComparison.Ordinal));
        var settlement = new FakeSettlement();
        await FunctionsOf(platform, orchestrations).WorkAsync(received, settlement, client, Cancellation);
        Assert.Equal([received.MessageId], settlement.Completed);

        await using ServiceBusSessionReceiver session =
            await bus.AcceptSessionAsync("execution-events", "event-log", _tenant.Value, cancellationToken: Cancellation);
        ServiceBusReceivedMessage[] events = [await ServiceBusContract.NextAsync(session), await ServiceBusContract.NextAsync(session)];
        await new EventFunctions(platform.EventLog, NullLogger<EventFunctions>.Instance).KeepAsync(events, Cancellation);

        Result<Page<ExecutionEvent>> kept = await platform.Service.Events.ReadAsync(_tenant, afterSequence: 0, pageSize: null, Cancellation);
        Assert.True(kept.Succeeded);
        Assert.Equal(
            [(key, ExecutionStatus.Running), (key, ExecutionStatus.Succeeded)],
            kept.Value.Items.Select(happened => (happened.Execution.Key, happened.Execution.Status)));
    }

    private static MessageFunctions FunctionsOf(AzurePlatform platform, DurableOrchestrations orchestrations) =>
        new(platform.Callbacks, platform.Tasks, orchestrations, NullLogger<MessageFunctions>.Instance);

    private static async Task<AzurePlatform> OpenAsync(ServiceBusMessages messages, DurableOrchestrations orchestrations)
    {
        var cloud = new MemoryAzure(time: TimeProvider.System);
        var targets = new ScriptedTargets();
        return await AzurePlatform.OpenAsync(
            new AzurePorts(
                cloud.Tables,
                cloud.Blobs,
                messages,
                orchestrations,
                cloud.Secrets,
                _ => new ServedTargets(targets, StandardTargets.Catalog),
                TimeProvider.System,
                static (message, failure) => TestContext.Current.SendDiagnosticMessage($"{message} {failure}")),
            new AzureOptions { Driver = new Lockstep.Azure.Driver.DriverOptions { StopWait = TimeSpan.Zero } },
            Cancellation);
    }

    private async Task<ExecutionKey> StartAsync(AzurePlatform platform, WorkflowType type)
    {
        Result<CreateStateMachineOutcome> machine = await platform.Service.StateMachines.CreateAsync(
            _tenant, new CreateStateMachineRequest("m", Pass) { Type = type }, Cancellation);
        Assert.True(machine.Succeeded);
        Result<StartOutcome> started = await platform.Service.Executions.StartAsync(_tenant, "m", "run", JsonObject.Empty, parent: null, Cancellation);
        Assert.True(started.Succeeded);
        return started.Value.Execution.Key;
    }
}
