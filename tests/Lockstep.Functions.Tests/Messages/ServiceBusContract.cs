using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Lockstep.Azure.Ports;
using Lockstep.Functions.Messages;

namespace Lockstep.Functions.Tests.Messages;

/// <summary>
/// What the adapter sends arrives where the triggers listen, as it was sent. A bus that was there before may hold messages of earlier runs, so every test has
/// ids and sessions of its own, and completes what it meets on its way.
/// </summary>
public abstract class ServiceBusContract
{
    /// <summary>Longest time that a test waits for a message that has to come. Reaching it is a failure.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly string _run = Guid.NewGuid().ToString("n");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A client of the bus. Skips the test where there is none.</summary>
    private protected abstract ServiceBusClient Open();

    [Fact]
    public async Task A_wake_arrives_in_its_session()
    {
        await using ServiceBusClient bus = Open();
        await using var messages = new ServiceBusMessages(bus);
        await messages.SendAsync(MessageRoute.Callbacks, [Message("1", session: "a")], Cancellation);

        await using ServiceBusSessionReceiver session = await bus.AcceptSessionAsync("callbacks", Id("a"), cancellationToken: Cancellation);
        ServiceBusReceivedMessage received = await NextAsync(session);

        Assert.Equal((Id("1"), Id("a"), "text/plain", "body of 1"), (received.MessageId, received.SessionId, received.ContentType, received.Body.ToString()));
    }

    [Fact]
    public async Task Wakes_of_each_session_arrive_in_their_order()
    {
        await using ServiceBusClient bus = Open();
        await using var messages = new ServiceBusMessages(bus);
        for (int i = 0; i < 6; i++)
        {
            await messages.SendAsync(
                MessageRoute.Callbacks, [Message(i.ToString(CultureInfo.InvariantCulture), session: i % 2 == 0 ? "even" : "odd")], Cancellation);
        }

        Assert.Equal([Id("0"), Id("2"), Id("4")], await NextAsync(bus, "even", 3));
        Assert.Equal([Id("1"), Id("3"), Id("5")], await NextAsync(bus, "odd", 3));
    }

    [Fact]
    public async Task Work_arrives_without_a_session()
    {
        await using ServiceBusClient bus = Open();
        await using var messages = new ServiceBusMessages(bus);
        await messages.SendAsync(MessageRoute.Tasks, [Message("1"), Message("2")], Cancellation);

        await using ServiceBusReceiver receiver = bus.CreateReceiver("tasks");
        ServiceBusReceivedMessage[] received = [await NextAsync(receiver, IsOurs), await NextAsync(receiver, IsOurs)];

        // A queue without sessions promises no order.
        Assert.Equal(["body of 1", "body of 2"], received.Select(message => message.Body.ToString()).Order(StringComparer.Ordinal));
        Assert.All(received, message => Assert.Null(message.SessionId));

        bool IsOurs(ServiceBusReceivedMessage message) => message.MessageId.StartsWith(_run, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_arrives_in_the_session_of_its_tenant_with_its_properties_and_once()
    {
        await using ServiceBusClient bus = Open();
        await using var messages = new ServiceBusMessages(bus);
        OutgoingMessage Event(string id) => Message(id, session: "tenant") with
        {
            ContentType = "application/cloudevents+json",
            Body = JsonSerializer.SerializeToUtf8Bytes(new { specversion = "1.0", id = Id(id) }),
            Properties = ImmutableDictionary<string, string>.Empty.Add("type", "lockstep.execution.running"),
        };
        await messages.SendAsync(MessageRoute.ExecutionEvents, [Event("1")], Cancellation);
        await messages.SendAsync(MessageRoute.ExecutionEvents, [Event("1"), Event("2")], Cancellation);

        await using ServiceBusSessionReceiver session =
            await bus.AcceptSessionAsync("execution-events", "event-log", Id("tenant"), cancellationToken: Cancellation);
        ServiceBusReceivedMessage first = await NextAsync(session);
        ServiceBusReceivedMessage second = await NextAsync(session);

        Assert.Equal((Id("1"), Id("2")), (first.MessageId, second.MessageId));
        Assert.Equal(("application/cloudevents+json", Id("tenant")), (first.ContentType, first.SessionId));
        Assert.Equal("lockstep.execution.running", first.ApplicationProperties["type"]);
        Assert.Equal(Id("1"), JsonDocument.Parse(first.Body.ToMemory()).RootElement.GetProperty("id").GetString());
    }

    [Fact]
    public async Task The_longest_body_ids_and_properties_that_the_rules_allow_pass()
    {
        await using ServiceBusClient bus = Open();
        await using var messages = new ServiceBusMessages(bus);
        string session = _run.PadRight(MessageRules.MaxIdLength, 's');
        string id = _run.PadRight(MessageRules.MaxIdLength, 'm');
        byte[] body = Encoding.ASCII.GetBytes(new string('b', MessageRules.MaxBodyBytes));
        string property = new('p', (MessageRules.MaxPropertyBytes / 2) - "type".Length);
        await messages.SendAsync(
            MessageRoute.ExecutionEvents,
            [
                new OutgoingMessage(id, session, body, "application/json")
                {
                    Properties = ImmutableDictionary<string, string>.Empty.Add("type", property),
                },
            ],
            Cancellation);

        await using ServiceBusSessionReceiver receiver =
            await bus.AcceptSessionAsync("execution-events", "event-log", session, cancellationToken: Cancellation);
        ServiceBusReceivedMessage received = await NextAsync(receiver);

        Assert.Equal((id, session, body.Length), (received.MessageId, received.SessionId, received.Body.ToMemory().Length));
        Assert.Equal(property, received.ApplicationProperties["type"]);
    }

    private async Task<IReadOnlyList<string>> NextAsync(ServiceBusClient bus, string session, int count)
    {
        await using ServiceBusSessionReceiver receiver = await bus.AcceptSessionAsync("callbacks", Id(session), cancellationToken: Cancellation);
        List<string> ids = [];
        while (ids.Count < count)
        {
            ids.Add((await NextAsync(receiver)).MessageId);
        }

        return ids;
    }

    /// <summary>The next message that the test looks for, completed.</summary>
    internal static async Task<ServiceBusReceivedMessage> NextAsync(ServiceBusReceiver receiver, Func<ServiceBusReceivedMessage, bool>? wanted = null)
    {
        while (true)
        {
            ServiceBusReceivedMessage? received = await receiver.ReceiveMessageAsync(_patience, Cancellation);
            Assert.NotNull(received);
            await receiver.CompleteMessageAsync(received, Cancellation);
            if (wanted?.Invoke(received) != false)
            {
                return received;
            }
        }
    }

    private OutgoingMessage Message(string id, string? session = null) =>
        new(Id(id), session is null ? null : Id(session), Encoding.UTF8.GetBytes("body of " + id), "text/plain");

    private string Id(string name) => $"{_run}-{name}";
}
