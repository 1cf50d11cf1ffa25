using Lockstep.Azure.Channels;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Tests.Fakes;
using Lockstep.Json;
using Lockstep.Service.Channels;
using Lockstep.TestKit;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Azure.Tests.Storage;

/// <summary>Two receivers of one queue, one of which gets between the other's look at the index and its look at the messages.</summary>
public sealed class ChannelReceiveRaceTests
{
    private static readonly DateTimeOffset _noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ChannelPlace _queue = new(HarnessSteps.Anna, ChannelKind.Queue, "q");

    [Fact]
    public async Task A_message_that_is_received_between_finding_and_reading_it_goes_to_one_receiver()
    {
        ITables tables = new MemoryAzure().Tables;
        var fast = new TableChannelStore(tables, Stores.Stubborn, new ManualTime());
        var interrupted = new InterruptedTables(tables);
        var slow = new TableChannelStore(interrupted, Stores.Stubborn, new ManualTime());
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await fast.CreateAsync(new ChannelRecord(_queue, _noon), cancellation);
        NewMessage[] messages = [.. new[] { "first", "second" }.Select(text => new NewMessage(text, JsonObject.Of("body", JsonString.Of(text))))];
        await fast.SendAsync(_queue, messages, _noon, new ChannelKeeping(100, DropOldest: false, DateTimeOffset.UnixEpoch), cancellation);
        IReadOnlyList<MessageRecord> inBetween = [];
        interrupted.Interrupt("r|", async () => inBetween = await ReceiveAsync(fast));

        IReadOnlyList<MessageRecord> after = await ReceiveAsync(slow);

        Assert.Equal("first", Assert.Single(inBetween).Id);
        Assert.Equal("second", Assert.Single(after).Id);
    }

    private static async Task<IReadOnlyList<MessageRecord>> ReceiveAsync(TableChannelStore store) => await store.ReceiveAsync(
        _queue, 1, _noon, DateTimeOffset.UnixEpoch, _noon.AddSeconds(30), TestContext.Current.CancellationToken);
}
