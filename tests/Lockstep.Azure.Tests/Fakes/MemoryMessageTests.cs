using Lockstep.Azure.Ports;
using Lockstep.TestKit;
using Lockstep.TestKit.Azure;

namespace Lockstep.Azure.Tests.Fakes;

/// <summary>The bus in memory: at least once, and under faults in the ways that the port warns of.</summary>
public sealed class MemoryMessageTests
{
    [Fact]
    public async Task Messages_arrive_once_in_order_at_their_route_when_nothing_goes_wrong()
    {
        var azure = new MemoryAzure();
        await SendAsync(azure, MessageRoute.Callbacks, "a", "b");
        await SendAsync(azure, MessageRoute.Tasks, "c");

        Assert.Equal(["a", "b"], await ReceiveAsync(azure, MessageRoute.Callbacks));
        Assert.Empty(await ReceiveAsync(azure, MessageRoute.Callbacks));
        Assert.Equal(["c"], await ReceiveAsync(azure, MessageRoute.Tasks));
    }

    [Fact]
    public async Task Message_whose_handler_throws_is_delivered_again_until_it_is_a_dead_letter()
    {
        var azure = new MemoryAzure();
        await SendAsync(azure, MessageRoute.Tasks, "a", "b");
        List<int> deliveries = [];

        await azure.Messages.DeliverAllAsync(MessageRoute.Tasks, message =>
        {
            deliveries.Add(message.DeliveryCount);
            return message.Message.MessageId == "a" ? throw new InvalidOperationException("on purpose") : Task.CompletedTask;
        });

        Assert.Equal([1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], deliveries);
        Assert.Equal("a", Assert.Single(azure.Messages.DeadLetters).Message.MessageId);
        Assert.Empty(azure.Messages.Pending);
    }

    [Fact]
    public async Task Topic_drops_a_second_message_of_an_id_and_queues_do_not()
    {
        var azure = new MemoryAzure();
        await SendAsync(azure, MessageRoute.ExecutionEvents, "a");
        Assert.Equal(["a"], await ReceiveAsync(azure, MessageRoute.ExecutionEvents));
        await SendAsync(azure, MessageRoute.ExecutionEvents, "a", "b");
        await SendAsync(azure, MessageRoute.Tasks, "a", "a");

        Assert.Equal(["b"], await ReceiveAsync(azure, MessageRoute.ExecutionEvents));
        Assert.Equal(["a", "a"], await ReceiveAsync(azure, MessageRoute.Tasks));
    }

    [Fact]
    public async Task Message_is_not_handed_out_before_its_time()
    {
        var time = new ManualTime();
        var azure = new MemoryAzure(null, time);
        OutgoingMessage message = New(MessageRoute.Tasks, "a") with { NotBefore = time.GetUtcNow().AddSeconds(5) };
        await azure.Messages.SendAsync(MessageRoute.Tasks, [message], CancellationToken.None);

        time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        Assert.Empty(await ReceiveAsync(azure, MessageRoute.Tasks));
        time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(["a"], await ReceiveAsync(azure, MessageRoute.Tasks));
    }

    [Fact]
    public async Task Under_faults_every_message_arrives_some_twice_and_some_out_of_order()
    {
        var azure = new MemoryAzure(new Faults(3) { BeforeEffectRate = 0, AnswerLostRate = 0, MessageRate = 0.4 });
        string[] sent = [.. Enumerable.Range(100, 50).Select(number => $"{number}")];
        await SendAsync(azure, MessageRoute.Callbacks, sent);

        List<string> received = await ReceiveAsync(azure, MessageRoute.Callbacks);

        Assert.Equal(sent, received.Distinct().Order(StringComparer.Ordinal));
        Assert.InRange(received.Count, sent.Length + 1, 2 * sent.Length);
        Assert.NotEqual(received.Order(StringComparer.Ordinal), received);
    }

    [Fact]
    public async Task Under_losses_some_messages_never_arrive()
    {
        var azure = new MemoryAzure(new Faults(3) { BeforeEffectRate = 0, AnswerLostRate = 0, MessageRate = 0, MessageLossRate = 0.3 });
        await SendAsync(azure, MessageRoute.Callbacks, [.. Enumerable.Range(0, 50).Select(number => $"{number}")]);

        Assert.InRange((await ReceiveAsync(azure, MessageRoute.Callbacks)).Count, 20, 49);
    }

    [Fact]
    public async Task Message_may_be_as_large_as_allowed_and_one_more_is_refused_loudly()
    {
        var azure = new MemoryAzure();
        OutgoingMessage largest = New(MessageRoute.Callbacks, new string('i', MessageRules.MaxIdLength)) with
        {
            SessionId = new string('s', MessageRules.MaxIdLength),
            Body = new byte[MessageRules.MaxBodyBytes],
        };
        await azure.Messages.SendAsync(MessageRoute.Callbacks, [largest], CancellationToken.None);

        await RefusedAsync(MessageRoute.Callbacks, largest with { MessageId = largest.MessageId + "i" });
        await RefusedAsync(MessageRoute.Callbacks, largest with { SessionId = largest.SessionId + "s" });
        await RefusedAsync(MessageRoute.Callbacks, largest with { Body = new byte[MessageRules.MaxBodyBytes + 1] });
        await RefusedAsync(MessageRoute.Callbacks, largest with { SessionId = null });
        await RefusedAsync(MessageRoute.Tasks, largest);
        Assert.Single(azure.Messages.Pending);

        async Task RefusedAsync(MessageRoute route, OutgoingMessage message) =>
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await azure.Messages.SendAsync(route, [message], CancellationToken.None));
    }

    private static async Task SendAsync(MemoryAzure azure, MessageRoute route, params string[] ids) =>
        await azure.Messages.SendAsync(route, [.. ids.Select(id => New(route, id))], CancellationToken.None);

    private static async Task<List<string>> ReceiveAsync(MemoryAzure azure, MessageRoute route)
    {
        List<string> received = [];
        await azure.Messages.DeliverAllAsync(route, message =>
        {
            received.Add(message.Message.MessageId);
            return Task.CompletedTask;
        });
        return received;
    }

    private static OutgoingMessage New(MessageRoute route, string id) =>
        new(id, MessageRules.HasSessions(route) ? "s" : null, new byte[] { 1 }, "application/json");
}
