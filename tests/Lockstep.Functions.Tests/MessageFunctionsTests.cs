using Azure.Messaging.ServiceBus;
using Lockstep.Azure.Hosting;
using Lockstep.Engine;
using Lockstep.Functions.Messages;
using Lockstep.Functions.Orchestrations;
using Lockstep.Functions.Tests.Fakes;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.Targets;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Drivers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lockstep.Functions.Tests;

/// <summary>What the triggers of the queues do with messages: over the platform in memory, with a scheduler that only notes.</summary>
public sealed class MessageFunctionsTests
{
    private const string Express = """{"StartAt":"A","States":{"A":{"Type":"Pass","Result":1,"End":true}}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wakes_of_one_session_that_come_together_wake_once()
    {
        await using var client = new FakeDurableClient();
        (MessageFunctions functions, AzurePlatform platform, _) = await OpenAsync();
        using (platform)
        {
            await functions.WakeAsync([Message("x-1"), Message("x-1"), Message("x-2")], client, Cancellation);
        }

        Assert.Equal([("x-1", "Wake"), ("x-2", "Wake")], client.Raised);
    }

    [Fact]
    public async Task Work_that_is_done_is_completed()
    {
        await using var client = new FakeDurableClient();
        (MessageFunctions functions, AzurePlatform platform, MemoryAzure cloud) = await OpenAsync();
        using (platform)
        {
            (ExecutionKey key, BinaryData body) = await StartExpressAsync(platform, cloud);
            var settlement = new FakeSettlement();
            await functions.WorkAsync(Message(null, body), settlement, client, Cancellation);

            Assert.Single(settlement.Completed);
            Assert.Equal(ExecutionStatus.Succeeded, await StatusOfAsync(platform, key));
        }
    }

    [Fact]
    public async Task A_message_that_is_none_of_ours_is_set_aside_at_once_and_stays_there()
    {
        await using var client = new FakeDurableClient();
        (MessageFunctions functions, AzurePlatform platform, _) = await OpenAsync();
        using (platform)
        {
            var settlement = new FakeSettlement();
            await functions.WorkAsync(Message(null, BinaryData.FromString("what?")), settlement, client, Cancellation);
            Assert.Equal(MessageFunctions.NotOurs, Assert.Single(settlement.SetAside).Reason);

            var left = new FakeSettlement();
            await functions.GiveUpAsync(Message(null, BinaryData.FromString("what?")), left, client, Cancellation);
            Assert.Empty(left.Completed);
        }
    }

    [Fact]
    public async Task Work_that_nobody_brought_to_an_end_fails_its_execution()
    {
        await using var client = new FakeDurableClient();
        (MessageFunctions functions, AzurePlatform platform, MemoryAzure cloud) = await OpenAsync();
        using (platform)
        {
            (ExecutionKey key, BinaryData body) = await StartExpressAsync(platform, cloud);
            var settlement = new FakeSettlement();
            await functions.GiveUpAsync(Message(null, body), settlement, client, Cancellation);

            Assert.Single(settlement.Completed);
            Assert.Equal(ExecutionStatus.Failed, await StatusOfAsync(platform, key));
        }
    }

    private static async Task<(MessageFunctions, AzurePlatform, MemoryAzure)> OpenAsync()
    {
        var cloud = new MemoryAzure(time: TimeProvider.System);
        var orchestrations = new DurableOrchestrations();
        var targets = new ScriptedTargets();
        AzurePlatform platform = await AzurePlatform.OpenAsync(
            new AzurePorts(
                cloud.Tables,
                cloud.Blobs,
                cloud.Messages,
                orchestrations,
                cloud.Secrets,
                _ => new ServedTargets(targets, StandardTargets.Catalog),
                TimeProvider.System,
                (_, _) => { }),
            new AzureOptions(),
            Cancellation);
        return (new MessageFunctions(platform.Callbacks, platform.Tasks, orchestrations, NullLogger<MessageFunctions>.Instance), platform, cloud);
    }

    private static async Task<(ExecutionKey Key, BinaryData Body)> StartExpressAsync(AzurePlatform platform, MemoryAzure cloud)
    {
        await platform.Service.StateMachines.CreateAsync(
            HarnessSteps.Anna, new CreateStateMachineRequest("m", Express) { Type = WorkflowType.Express }, Cancellation);
        Result<StartOutcome> started = await platform.Service.Executions.StartAsync(HarnessSteps.Anna, "m", "run", JsonObject.Empty, parent: null, Cancellation);
        Assert.True(started.Succeeded);
        DeliveredMessage sent = Assert.Single(cloud.Messages.Pending, message => message.Route == Lockstep.Azure.Ports.MessageRoute.Tasks);
        return (started.Value.Execution.Key, BinaryData.FromBytes(sent.Message.Body));
    }

    private static async Task<ExecutionStatus> StatusOfAsync(AzurePlatform platform, ExecutionKey key)
    {
        Result<ExecutionRecord> found = await platform.Service.Executions.DescribeAsync(key, Cancellation);
        Assert.True(found.Succeeded);
        return found.Value.Status;
    }

    private static ServiceBusReceivedMessage Message(string? session, BinaryData? body = null) =>
        ServiceBusModelFactory.ServiceBusReceivedMessage(body: body ?? BinaryData.FromString(""), messageId: "m", sessionId: session, deliveryCount: 1);
}
