using System.Collections.Immutable;
using System.Globalization;
using Azure.Messaging.ServiceBus;
using Lockstep.Azure.Ports;
using Lockstep.Functions.Messages;
using Lockstep.Functions.Tests.Fakes;
using Lockstep.Service.Errors;

namespace Lockstep.Functions.Tests;

/// <summary>The port of messages over Service Bus.</summary>
public sealed class ServiceBusMessagesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_of_a_message_is_sent()
    {
        var bus = new FakeServiceBus();
        DateTimeOffset notBefore = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);
        await using var messages = new ServiceBusMessages(bus);

        await messages.SendAsync(
            MessageRoute.ExecutionEvents,
            [
                new OutgoingMessage("m-1", "000000000001", "{}"u8.ToArray(), "application/json")
                {
                    NotBefore = notBefore, Properties = ImmutableDictionary<string, string>.Empty.Add("type", "t"),
                },
            ],
            Cancellation);

        (string entity, IReadOnlyList<ServiceBusMessage> sent) = Assert.Single(bus.Sends);
        ServiceBusMessage message = Assert.Single(sent);
        Assert.Equal("execution-events", entity);
        Assert.Equal(("m-1", "000000000001", "application/json", notBefore), (message.MessageId, message.SessionId, message.ContentType, message.ScheduledEnqueueTime));
        Assert.Equal("{}", message.Body.ToString());
        Assert.Equal("t", message.ApplicationProperties["type"]);
    }

    [Theory]
    [InlineData(MessageRoute.Callbacks, "callbacks")]
    [InlineData(MessageRoute.Tasks, "tasks")]
    [InlineData(MessageRoute.ExecutionEvents, "execution-events")]
    public void Routes_have_the_names_of_the_deployment(MessageRoute route, string name) => Assert.Equal(name, ServiceBusMessages.NameOf(route));

    [Fact]
    public async Task Many_messages_go_out_in_batches_in_their_order()
    {
        var bus = new FakeServiceBus { BatchSize = 3 };
        await using var messages = new ServiceBusMessages(bus);

        await messages.SendAsync(MessageRoute.Tasks, [.. Enumerable.Range(0, 7).Select(Task)], Cancellation);

        Assert.Equal([3, 3, 1], bus.Sends.Select(send => send.Messages.Count));
        Assert.Equal(
            Enumerable.Range(0, 7).Select(i => i.ToString(CultureInfo.InvariantCulture)),
            bus.Sends.SelectMany(send => send.Messages).Select(message => message.MessageId));
    }

    [Fact]
    public async Task A_message_that_fits_no_batch_is_a_defect_and_no_endless_loop()
    {
        await using var messages = new ServiceBusMessages(new FakeServiceBus { BatchSize = 0 });
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await messages.SendAsync(MessageRoute.Tasks, [Task(0), Task(1)], Cancellation));
    }

    [Fact]
    public async Task A_bus_that_is_away_is_an_outage()
    {
        var bus = new FakeServiceBus { Failure = new ServiceBusException("away", ServiceBusFailureReason.ServiceCommunicationProblem) };
        await using var messages = new ServiceBusMessages(bus);
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await messages.SendAsync(MessageRoute.Tasks, [Task(0)], Cancellation));
    }

    [Fact]
    public async Task A_message_without_the_session_that_its_queue_needs_is_not_sent()
    {
        var bus = new FakeServiceBus();
        await using var messages = new ServiceBusMessages(bus);
        await Assert.ThrowsAsync<ArgumentException>(async () => await messages.SendAsync(MessageRoute.Callbacks, [Task(0)], Cancellation));
        Assert.Empty(bus.Sends);
    }

    private static OutgoingMessage Task(int id) =>
        new(id.ToString(CultureInfo.InvariantCulture), SessionId: null, "{}"u8.ToArray(), "application/json");
}
