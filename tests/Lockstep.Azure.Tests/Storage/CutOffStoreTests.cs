using Lockstep.Azure.Channels;
using Lockstep.Azure.Items;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Json;
using Lockstep.Service.Channels;
using Lockstep.Service.Errors;
using Lockstep.Service.Paging;
using Lockstep.Service.Tables;
using Lockstep.TestKit;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Azure.Tests.Storage;

/// <summary>
/// Stores of channels and items that are cut off at each of their calls in turn, before it and after it, and are asked again by another process: what was there
/// is there, what was asked for is done once, and an hour later nothing is left of what nothing has.
/// </summary>
public sealed class CutOffStoreTests
{
    private static readonly StorageRetry Once = new(new StorageRetryOptions { MaxAttempts = 1 }, new ManualTime());
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ChannelPlace Queue = new(HarnessSteps.Anna, ChannelKind.Queue, "orders");
    private static readonly ChannelPlace Topic = new(HarnessSteps.Anna, ChannelKind.Topic, "orders");
    private static readonly TablePlace Table = new(HarnessSteps.Anna, "orders");

    /// <summary>What a client does, step by step. Each step may be asked for again.</summary>
    private static readonly (string Name, Func<World, Task> Do)[] Steps =
    [
        ("create a queue", world => world.Channels.CreateAsync(new ChannelRecord(Queue, Noon), CancellationToken.None).AsTask()),
        ("create a topic", world => world.Channels.CreateAsync(new ChannelRecord(Topic, Noon), CancellationToken.None).AsTask()),
        ("send", world => SendAsync(world, Queue, Noon, 1, 2, 3)),
        ("send what is partly known", world => SendAsync(world, Queue, Noon, 3, 4)),
        ("drop the oldest", world => SendAsync(world, Topic, Noon, 1, 2, 3, 4, 5, 6, 7)),
        ("receive", world => world.Channels.ReceiveAsync(Queue, 2, Noon, Noon.AddDays(-4), Noon.AddSeconds(30), CancellationToken.None).AsTask()),
        ("delete a message", world => world.Channels.DeleteMessageAsync(Queue, "2", CancellationToken.None).AsTask()),
        ("send when others are old", world => SendAsync(world, Topic, Noon.AddDays(5), 8)),
        ("create a table", world => world.Items.CreateAsync(
            new TableRecord(Table, new KeyAttribute("id", "S"), null, Noon), CancellationToken.None).AsTask()),
        ("put an item", world => AddAsync(world, "a", "put")),
        ("add to an item", world => AddAsync(world, "a", "add")),
        ("put another item", world => AddAsync(world, "b", "other")),
        ("remove an item", world => ChangeAsync(world, "b", "remove", _ => new ItemChange(Accepted: true, null, JsonObject.Empty))),
    ];

    [Fact]
    public async Task Whatever_is_cut_off_anywhere_can_be_asked_for_again()
    {
        var calm = new World();
        foreach ((_, Func<World, Task> @do) in Steps)
        {
            await @do(calm);
        }

        string expected = await calm.ShowAsync();
        Assert.Equal("queue 1 3 4; topic 8; items 2; rows 34", expected);
        foreach (Fault fault in (Fault[])[Fault.BeforeEffect, Fault.AnswerLost, Fault.SentTwice])
        {
            int call = 0;
            bool isInjected;
            do
            {
                var world = new World { Faults = Faults.Once(++call, fault) };
                foreach ((_, Func<World, Task> @do) in Steps)
                {
                    await InsistAsync(world, @do);
                }

                isInjected = world.Faults.Injected > 0;
                world.Faults = Faults.None;
                await world.ClearAsync();
                Assert.True(expected == await world.ShowAsync(), $"call {call}, {fault}: {await world.ShowAsync()}");
            }
            while (isInjected);
            Assert.InRange(call, 40, 400);
        }
    }

    [Fact]
    public async Task What_is_deleted_goes_whole_although_the_removal_is_cut_off_anywhere()
    {
        foreach (Fault fault in (Fault[])[Fault.BeforeEffect, Fault.AnswerLost, Fault.SentTwice])
        {
            int call = 0;
            bool isInjected;
            do
            {
                var world = new World();
                foreach ((_, Func<World, Task> @do) in Steps)
                {
                    await @do(world);
                }

                world.Faults = Faults.Once(++call, fault);
                await InsistAsync(world, w => w.Channels.DeleteAsync(Queue, CancellationToken.None).AsTask());
                await InsistAsync(world, w => w.Channels.DeleteAsync(Topic, CancellationToken.None).AsTask());
                await InsistAsync(world, w => w.Items.DeleteAsync(Table, CancellationToken.None).AsTask());
                world.Time.Advance(Litter.Grace + TimeSpan.FromTicks(1));
                await InsistAsync(world, w => w.ClearOnceAsync());
                isInjected = world.Faults.Injected > 0;
                world.Faults = Faults.None;
                await world.ClearAsync();

                // Nothing but how many there are.
                Assert.Equal(
                    ["000000000001 c", "000000000001 c"],
                    world.Rows(TableName.Channels).Concat(world.Rows(TableName.Items)).Select(row => row.Key.Partition + " " + row.Key.Row));
            }
            while (isInjected);
            Assert.InRange(call, 10, 200);
        }
    }

    [Fact]
    public async Task A_send_that_meets_the_deletion_of_its_channel_leaves_nothing()
    {
        var world = new World();
        await world.Channels.CreateAsync(new ChannelRecord(Queue, Noon), CancellationToken.None);
        await SendAsync(world, Queue, Noon, 1);
        bool isDeleted = false;
        world.Azure.Before = async operation =>
        {
            if (!isDeleted && operation is { Kind: StorageOperationKind.TableWrite })
            {
                isDeleted = true;
                await world.Channels.DeleteAsync(Queue, CancellationToken.None);
                world.Time.Advance(Litter.Grace + TimeSpan.FromTicks(1));
                await world.ClearOnceAsync();
            }
        };

        var store = new TableChannelStore(world.Azure.Tables, Stores.Stubborn, world.Time);
        Assert.Equal(SendOutcome.NoChannel, await store.SendAsync(Queue, [Message(2)], Noon, Keeping(Queue, Noon), CancellationToken.None));
        Assert.True(isDeleted);
        Assert.Equal("c", Assert.Single(world.Rows(TableName.Channels)).Key.Row);
    }

    [Fact]
    public async Task A_large_channel_goes_in_several_steps()
    {
        var world = new World();
        await world.Channels.CreateAsync(new ChannelRecord(Queue, Noon), CancellationToken.None);
        for (int first = 0; first < 3_000; first += 10)
        {
            await world.Channels.SendAsync(
                Queue, [.. Enumerable.Range(first, 10).Select(Message)], Noon, new ChannelKeeping(9_999, DropOldest: false, Noon.AddDays(-4)), CancellationToken.None);
        }

        await world.Channels.DeleteAsync(Queue, CancellationToken.None);
        world.Time.Advance(Litter.Grace + TimeSpan.FromTicks(1));
        Assert.Equal(0, await world.ClearOnceAsync());
        Assert.Contains(world.Rows(TableName.Channels), row => row.Key.Row.StartsWith("s|", StringComparison.Ordinal));
        world.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(1, await world.ClearOnceAsync());
        Assert.Equal("c", Assert.Single(world.Rows(TableName.Channels)).Key.Row);
    }

    [Fact]
    public async Task Changes_that_nobody_has_to_remember_are_forgotten()
    {
        var world = new World();
        await world.Items.CreateAsync(new TableRecord(Table, new KeyAttribute("id", "S"), null, Noon), CancellationToken.None);
        for (int change = 0; change < 400; change++)
        {
            DateTimeOffset now = Noon.AddDays(change);
            await world.Items.ChangeItemAsync(Table, "a", $"change-{change}", 10, now, now.AddDays(-4), Add, CancellationToken.None);
        }

        // One change in sixteen, on average, looks for those that may be forgotten.
        Assert.InRange(world.Rows(TableName.Items).Count(row => row.Key.Row.StartsWith("d|", StringComparison.Ordinal)), 4, 120);
        Assert.Equal(
            world.Rows(TableName.Items).Count(row => row.Key.Row.StartsWith("d|", StringComparison.Ordinal)),
            world.Rows(TableName.Items).Count(row => row.Key.Row.StartsWith("a|", StringComparison.Ordinal)));
    }

    private static async Task InsistAsync(World world, Func<World, Task> @do)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await @do(world);
                return;
            }
            catch (StorageUnavailableException) when (attempt < 3)
            {
                // The process was cut off; the next one is asked again.
            }
        }
    }

    private static async Task SendAsync(World world, ChannelPlace place, DateTimeOffset now, params int[] numbers) => Assert.Equal(
        SendOutcome.Sent,
        await world.Channels.SendAsync(place, [.. numbers.Select(Message)], now, Keeping(place, now), CancellationToken.None));

    private static ChannelKeeping Keeping(ChannelPlace place, DateTimeOffset now) => new(5, place.Kind != ChannelKind.Queue, now.AddDays(-4));

    private static NewMessage Message(int number) =>
        new($"{number}", JsonObject.Of("n", JsonNumber.Of(number)));

    private static Task AddAsync(World world, string key, string id) => ChangeAsync(world, key, id, Add);

    private static async Task ChangeAsync(World world, string key, string id, Func<JsonObject?, ItemChange> change) => Assert.Equal(
        ItemChangeStatus.Done,
        (await world.Items.ChangeItemAsync(Table, key, id, 10, Noon, Noon.AddDays(-4), change, CancellationToken.None)).Status);

    private static ItemChange Add(JsonObject? before)
    {
        JsonObject item = JsonObject.Of("n", JsonNumber.Of((before?["n"] is JsonNumber number ? int.Parse(number.ToString(), System.Globalization.CultureInfo.InvariantCulture) : 0) + 1));
        return new ItemChange(Accepted: true, item, item);
    }

    /// <summary>The stores of a process that does not try again by itself.</summary>
    private sealed class World
    {
        public MemoryAzure Azure { get; } = new();

        public ManualTime Time { get; } = new();

        public Faults Faults
        {
            get => Azure.Faults;
            set => Azure.Faults = value;
        }

        public TableChannelStore Channels => new(Azure.Tables, Once, Time);

        public ItemTableStore Items => new(Azure.Tables, Once, Time);

        public IReadOnlyList<Entity> Rows(TableName name) => Azure.Tables.All(name);

        /// <summary>The sweep, which looks more than once at what it moves.</summary>
        public async Task<int> ClearOnceAsync() =>
            await new TableChannelStore(Azure.Tables, Stores.Stubborn, Time).ClearAsync(10, CancellationToken.None)
            + await new ItemTableStore(Azure.Tables, Stores.Stubborn, Time).ClearAsync(10, CancellationToken.None);

        /// <summary>Hours pass.</summary>
        public async Task ClearAsync()
        {
            for (int hour = 0; hour < 3; hour++)
            {
                Time.Advance(Litter.Grace + TimeSpan.FromTicks(1));
                await ClearOnceAsync();
            }
        }

        /// <summary>What clients see, and how many rows it takes.</summary>
        public async Task<string> ShowAsync()
        {
            Page<MessageRecord> queue = await Channels.ReadAsync(Queue, 0, Noon.AddDays(-4), new PageRequest(9, null), CancellationToken.None);
            Page<MessageRecord> topic = await Channels.ReadAsync(Topic, 0, Noon.AddDays(-4), new PageRequest(9, null), CancellationToken.None);
            Page<JsonObject> items = await Items.ListItemsAsync(Table, new PageRequest(9, null), CancellationToken.None);
            return $"queue {string.Join(' ', queue.Items.Select(message => message.Content["n"]))}; "
                + $"topic {string.Join(' ', topic.Items.Select(message => message.Content["n"]))}; "
                + $"items {string.Join(' ', items.Items.Select(item => item["n"]))}; rows {Rows(TableName.Channels).Count + Rows(TableName.Items).Count}";
        }
    }
}
