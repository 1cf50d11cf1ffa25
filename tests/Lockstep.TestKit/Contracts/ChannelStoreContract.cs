using System.Globalization;
using Lockstep.Json;
using Lockstep.Service.Channels;
using Lockstep.Service.Paging;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What every keeper of queues, topics and event buses does. An adapter derives from this class and supplies a new, empty store.</summary>
public abstract class ChannelStoreContract
{
    private static readonly ChannelPlace Queue = new(Tenants.Of(1), ChannelKind.Queue, "orders");
    private static readonly ChannelPlace Topic = new(Tenants.Of(1), ChannelKind.Topic, "orders");
    private static readonly DateTimeOffset LongAgo = Tenants.Noon.AddDays(-4);

    /// <summary>A new, empty store; disposed by the test.</summary>
    protected abstract Task<StoreLease<IChannelStore>> OpenAsync();

    [Fact]
    public async Task Channel_is_created_once_found_listed_and_deleted_within_its_tenant_and_kind()
    {
        await using StoreLease<IChannelStore> lease = await OpenAsync();
        Assert.True(await lease.Store.CreateAsync(new ChannelRecord(Queue, Tenants.Noon), CancellationToken.None));
        Assert.False(await lease.Store.CreateAsync(new ChannelRecord(Queue, Tenants.Noon.AddDays(1)), CancellationToken.None));
        Assert.Null(await lease.Store.FindAsync(Topic, CancellationToken.None));
        Assert.Null(await lease.Store.FindAsync(Queue with { Tenant = Tenants.Of(2) }, CancellationToken.None));
        Assert.True(await lease.Store.CreateAsync(new ChannelRecord(Topic, Tenants.Noon), CancellationToken.None));

        Assert.Equal(Tenants.Noon, (await lease.Store.FindAsync(Queue, CancellationToken.None))?.CreatedAt);
        Assert.Equal(2, await lease.Store.CountAsync(Tenants.Of(1), CancellationToken.None));
        Page<ChannelRecord> queues = await lease.Store.ListAsync(Tenants.Of(1), ChannelKind.Queue, new PageRequest(10, null), CancellationToken.None);
        Assert.Equal(Queue, Assert.Single(queues.Items).Place);

        Assert.True(await lease.Store.DeleteAsync(Queue, CancellationToken.None));
        Assert.False(await lease.Store.DeleteAsync(Queue, CancellationToken.None));
        Assert.Null(await lease.Store.FindAsync(Queue, CancellationToken.None));
        Assert.NotNull(await lease.Store.FindAsync(Topic, CancellationToken.None));
    }

    [Fact]
    public async Task Messages_are_read_in_the_order_in_which_they_were_sent_page_by_page()
    {
        await using StoreLease<IChannelStore> lease = await OpenAsync();
        await CreateAsync(lease.Store, Queue);
        await SendAsync(lease.Store, Queue, 1, 2);
        await SendAsync(lease.Store, Queue, 3, 4, 5);

        Page<MessageRecord> first = await ReadAsync(lease.Store, Queue, after: 0, max: 3);
        Assert.Equal(["1", "2", "3"], first.Items.Select(Number));
        Assert.NotNull(first.Next);
        Page<MessageRecord> second = await ReadAsync(lease.Store, Queue, first.Items[^1].Sequence, max: 3);
        Assert.Equal(["4", "5"], second.Items.Select(Number));
        Assert.Null(second.Next);
        Assert.Equal(Tenants.Noon, second.Items[0].SentAt);
        Assert.Empty((await ReadAsync(lease.Store, Topic, after: 0, max: 3)).Items);
    }

    [Fact]
    public async Task A_message_sent_again_is_there_once_also_after_its_deletion()
    {
        await using StoreLease<IChannelStore> lease = await OpenAsync();
        await CreateAsync(lease.Store, Queue);
        await SendAsync(lease.Store, Queue, 1, 2);
        await SendAsync(lease.Store, Queue, 2, 3);
        Assert.Equal(["1", "2", "3"], (await ReadAsync(lease.Store, Queue, 0, 9)).Items.Select(Number));

        Assert.True(await lease.Store.DeleteMessageAsync(Queue, IdOf(2), CancellationToken.None));
        Assert.False(await lease.Store.DeleteMessageAsync(Queue, IdOf(2), CancellationToken.None));
        await SendAsync(lease.Store, Queue, 2);
        Assert.Equal(["1", "3"], (await ReadAsync(lease.Store, Queue, 0, 9)).Items.Select(Number));
    }

    [Fact]
    public async Task Nothing_is_sent_to_a_channel_that_is_not_there()
    {
        await using StoreLease<IChannelStore> lease = await OpenAsync();
        Assert.Equal(SendOutcome.NoChannel, await SendAsync(lease.Store, Queue, 1));
        await CreateAsync(lease.Store, Queue);
        Assert.Equal(SendOutcome.NoChannel, await SendAsync(lease.Store, Topic, 1));
        await SendAsync(lease.Store, Queue, 1);
        await lease.Store.DeleteAsync(Queue, CancellationToken.None);
        await CreateAsync(lease.Store, Queue);
        Assert.Empty((await ReadAsync(lease.Store, Queue, 0, 9)).Items);
    }

    [Fact]
    public async Task A_full_queue_takes_all_of_a_send_or_nothing_and_a_topic_lets_the_oldest_go()
    {
        await using StoreLease<IChannelStore> lease = await OpenAsync();
        await CreateAsync(lease.Store, Queue);
        await CreateAsync(lease.Store, Topic);
        var queue = new ChannelKeeping(3, DropOldest: false, LongAgo);
        Assert.Equal(SendOutcome.Sent, await SendAsync(lease.Store, Queue, queue, 1, 2));
        Assert.Equal(SendOutcome.Full, await SendAsync(lease.Store, Queue, queue, 3, 4));
        Assert.Equal(SendOutcome.Sent, await SendAsync(lease.Store, Queue, queue, 3));
        Assert.Equal(SendOutcome.Sent, await SendAsync(lease.Store, Queue, queue, 1, 2, 3));
        Assert.Equal(SendOutcome.Full, await SendAsync(lease.Store, Queue, queue, 4));
        await lease.Store.DeleteMessageAsync(Queue, IdOf(1), CancellationToken.None);
        Assert.Equal(SendOutcome.Sent, await SendAsync(lease.Store, Queue, queue, 4));
        Assert.Equal(["2", "3", "4"], (await ReadAsync(lease.Store, Queue, 0, 9)).Items.Select(Number));

        var topic = new ChannelKeeping(3, DropOldest: true, LongAgo);
        Assert.Equal(SendOutcome.Sent, await SendAsync(lease.Store, Topic, topic, 1, 2, 3, 4, 5));
        Assert.Equal(["3", "4", "5"], (await ReadAsync(lease.Store, Topic, 0, 9)).Items.Select(Number));
    }

    [Fact]
    public async Task A_received_message_is_hidden_until_its_time_and_counts_how_often_it_was_received()
    {
        await using StoreLease<IChannelStore> lease = await OpenAsync();
        await CreateAsync(lease.Store, Queue);
        await SendAsync(lease.Store, Queue, 1, 2);

        DateTimeOffset until = Tenants.Noon.AddSeconds(30);
        Assert.Equal("1", Number(Assert.Single(await ReceiveAsync(lease.Store, 1, Tenants.Noon, until))));
        Assert.Equal("2", Number(Assert.Single(await ReceiveAsync(lease.Store, 10, Tenants.Noon, until))));
        Assert.Empty(await ReceiveAsync(lease.Store, 10, until.AddTicks(-1), until));
        await lease.Store.DeleteMessageAsync(Queue, IdOf(2), CancellationToken.None);
        MessageRecord again = Assert.Single(await ReceiveAsync(lease.Store, 10, until, until.AddSeconds(30)));
        Assert.Equal(("1", 2), (Number(again), again.Received));
    }

    [Fact]
    public async Task A_delayed_message_can_be_received_after_its_delay()
    {
        await using StoreLease<IChannelStore> lease = await OpenAsync();
        await CreateAsync(lease.Store, Queue);
        NewMessage late = New(1) with { Delay = TimeSpan.FromSeconds(5) };
        await lease.Store.SendAsync(Queue, [late], Tenants.Noon, new ChannelKeeping(9, DropOldest: false, LongAgo), CancellationToken.None);

        Assert.Empty(await ReceiveAsync(lease.Store, 1, Tenants.Noon.AddSeconds(4), Tenants.Noon.AddSeconds(30)));
        Assert.Single(await ReceiveAsync(lease.Store, 1, Tenants.Noon.AddSeconds(5), Tenants.Noon.AddSeconds(30)));
    }

    [Fact]
    public async Task A_message_is_gone_when_its_age_is_reached_and_makes_room()
    {
        await using StoreLease<IChannelStore> lease = await OpenAsync();
        await CreateAsync(lease.Store, Queue);
        await SendAsync(lease.Store, Queue, new ChannelKeeping(1, DropOldest: false, LongAgo), 1);

        DateTimeOffset since = Tenants.Noon.AddTicks(1);
        Assert.Empty((await lease.Store.ReadAsync(Queue, 0, since, new PageRequest(9, null), CancellationToken.None)).Items);
        Assert.Empty(await lease.Store.ReceiveAsync(Queue, 1, Tenants.Noon, since, since, CancellationToken.None));
        Assert.Equal(SendOutcome.Sent, await SendAsync(lease.Store, Queue, new ChannelKeeping(1, DropOldest: false, since), 2));
        Assert.Equal(["2"], (await ReadAsync(lease.Store, Queue, 0, 9)).Items.Select(Number));
    }

    [Fact]
    public async Task What_comes_back_is_received_before_what_arrived_after_it()
    {
        await using StoreLease<IChannelStore> lease = await OpenAsync();
        await CreateAsync(lease.Store, Queue);
        await SendAsync(lease.Store, Queue, 1, 2, 3);
        Assert.Equal(["1", "2"], (await ReceiveAsync(lease.Store, 2, Tenants.Noon, Tenants.Noon.AddSeconds(30))).Select(Number));
        Assert.Equal(["1", "2", "3"], (await ReadAsync(lease.Store, Queue, 0, 9)).Items.Select(Number));
        Assert.Equal([1, 1, 0], (await ReadAsync(lease.Store, Queue, 0, 9)).Items.Select(message => message.Received));

        DateTimeOffset later = Tenants.Noon.AddSeconds(31);
        Assert.Equal(["1", "2"], (await ReceiveAsync(lease.Store, 2, later, later)).Select(Number));
        MessageRecord[] all = [.. await ReceiveAsync(lease.Store, 9, later, later.AddSeconds(1))];
        Assert.Equal([("1", 3), ("2", 3), ("3", 1)], all.Select(message => (Number(message), message.Received)));
    }

    [Fact]
    public async Task Old_messages_make_room_however_many_they_are_and_are_never_received()
    {
        const int Old = 60;
        await using StoreLease<IChannelStore> lease = await OpenAsync();
        await CreateAsync(lease.Store, Queue);
        for (int first = 0; first < Old; first += 10)
        {
            await SendAsync(lease.Store, Queue, [.. Enumerable.Range(first, 10)]);
        }

        DateTimeOffset now = Tenants.Noon.AddDays(4).AddTicks(1);
        DateTimeOffset since = Tenants.Noon.AddTicks(1);
        await ReceiveAsync(lease.Store, 10, Tenants.Noon, Tenants.Noon.AddSeconds(1));
        await lease.Store.SendAsync(Queue, [New(Old)], now, new ChannelKeeping(Old, DropOldest: false, since), CancellationToken.None);
        Assert.Equal("60", Number(Assert.Single(await lease.Store.ReceiveAsync(Queue, 10, now, since, now, CancellationToken.None))));
        Assert.Equal("60", Number(Assert.Single((await lease.Store.ReadAsync(Queue, 0, since, new PageRequest(9, null), CancellationToken.None)).Items)));

        // An old one's id is free again, once the old one has gone.
        for (int number = Old + 1; number < Old + 10; number++)
        {
            await lease.Store.SendAsync(Queue, [New(number)], now, new ChannelKeeping(Old, DropOldest: false, since), CancellationToken.None);
        }

        await lease.Store.SendAsync(Queue, [New(0)], now, new ChannelKeeping(Old, DropOldest: false, since), CancellationToken.None);
        Page<MessageRecord> kept = await lease.Store.ReadAsync(Queue, 0, since, new PageRequest(99, null), CancellationToken.None);
        Assert.Equal(["60", "61", "62", "63", "64", "65", "66", "67", "68", "69", "0"], kept.Items.Select(Number));
    }

    [Fact]
    public async Task A_topic_that_may_keep_less_than_it_has_lets_the_oldest_go_with_each_send()
    {
        await using StoreLease<IChannelStore> lease = await OpenAsync();
        await CreateAsync(lease.Store, Topic);
        await SendAsync(lease.Store, Topic, 1, 2, 3, 4, 5, 6);
        var keeping = new ChannelKeeping(2, DropOldest: true, LongAgo);
        await SendAsync(lease.Store, Topic, keeping, 7);
        await SendAsync(lease.Store, Topic, keeping, 1, 7);
        Assert.Equal(["6", "7"], (await ReadAsync(lease.Store, Topic, 0, 9)).Items.Select(Number));
    }

    [Theory]
    [InlineData(70_000)]
    [InlineData(300_000)]
    [InlineData(983_040)]
    public async Task Large_messages_stay_whole_and_end_a_page_early(int bytes)
    {
        await using StoreLease<IChannelStore> lease = await OpenAsync();
        await CreateAsync(lease.Store, Queue);
        JsonObject content = JsonObject.Of("body", JsonString.Of(new string('x', bytes - """{"body":""}""".Length)));
        Assert.Equal(bytes, content.Utf8Length);
        foreach (int number in (int[])[1, 2])
        {
            await lease.Store.SendAsync(
                Queue, [New(number) with { Content = content }], Tenants.Noon, new ChannelKeeping(9, DropOldest: false, LongAgo), CancellationToken.None);
        }

        Page<MessageRecord> page = await lease.Store.ReadAsync(Queue, 0, LongAgo, new PageRequest(9, null) { MaxBytes = 1_000 }, CancellationToken.None);
        Assert.Equal(content, Assert.Single(page.Items).Content);
        Assert.NotNull(page.Next);
        Assert.Equal([content, content], (await ReceiveAsync(lease.Store, 9, Tenants.Noon, Tenants.Noon)).Select(message => message.Content));
    }

    [Fact]
    public async Task Messages_sent_at_the_same_time_all_arrive_once_and_go_to_one_receiver_each()
    {
        const int Senders = 6;
        await using StoreLease<IChannelStore> lease = await OpenAsync();
        await CreateAsync(lease.Store, Queue);
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(async sender =>
        {
            await SendAsync(lease.Store, Queue, sender);
            await SendAsync(lease.Store, Queue, sender, sender + Senders);
        }));
        IEnumerable<string> all = Enumerable.Range(0, 2 * Senders).Select(number => number.ToString(CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal);
        Assert.Equal(all, (await ReadAsync(lease.Store, Queue, 0, 99)).Items.Select(Number).Order(StringComparer.Ordinal));

        IReadOnlyList<MessageRecord>[] taken = await Task.WhenAll(Enumerable.Range(0, Senders).Select(
            _ => ReceiveAsync(lease.Store, 2, Tenants.Noon, Tenants.Noon.AddSeconds(30))));
        Assert.Equal(all, taken.SelectMany(messages => messages).Select(Number).Order(StringComparer.Ordinal));
    }

    private static async Task CreateAsync(IChannelStore store, ChannelPlace place) =>
        Assert.True(await store.CreateAsync(new ChannelRecord(place, Tenants.Noon), CancellationToken.None));

    private static Task<SendOutcome> SendAsync(IChannelStore store, ChannelPlace place, params int[] numbers) =>
        SendAsync(store, place, new ChannelKeeping(100, DropOldest: false, LongAgo), numbers);

    private static async Task<SendOutcome> SendAsync(IChannelStore store, ChannelPlace place, ChannelKeeping keeping, params int[] numbers) =>
        await store.SendAsync(place, [.. numbers.Select(New)], Tenants.Noon, keeping, CancellationToken.None);

    private static async Task<Page<MessageRecord>> ReadAsync(IChannelStore store, ChannelPlace place, long after, int max) =>
        await store.ReadAsync(place, after, LongAgo, new PageRequest(max, null), CancellationToken.None);

    private static async Task<IReadOnlyList<MessageRecord>> ReceiveAsync(IChannelStore store, int max, DateTimeOffset now, DateTimeOffset until) =>
        await store.ReceiveAsync(Queue, max, now, LongAgo, until, CancellationToken.None);

    private static NewMessage New(int number) => new(
        IdOf(number), JsonObject.Of("body", JsonString.Of(number.ToString(CultureInfo.InvariantCulture))));

    private static string IdOf(int number) => new Guid(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]).ToString();

    private static string Number(MessageRecord message) => (message.Content["body"] as JsonString)?.Value ?? "";
}
