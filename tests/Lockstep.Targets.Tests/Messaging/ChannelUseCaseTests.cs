using Lockstep.Json;
using Lockstep.Service.Channels;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;

namespace Lockstep.Targets.Tests.Messaging;

public sealed class ChannelUseCaseTests
{
    [Fact]
    public async Task A_tenant_has_as_many_queues_topics_and_buses_together_as_the_limit_says()
    {
        await using ChannelWorld world = await ChannelWorld.OpenAsync(ServiceLimits.Default with { MaxChannels = 2 });
        Assert.Null(await world.CreateAsync(ChannelKind.Queue, "a"));
        Assert.Null(await world.CreateAsync(ChannelKind.Topic, "a"));
        Assert.Equal(ErrorCodes.ChannelLimitExceeded, await world.CreateAsync(ChannelKind.EventBus, "a"));
        Assert.Null(await world.CreateAsync(ChannelKind.Queue, "a"));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(80, true)]
    [InlineData(0, false)]
    [InlineData(81, false)]
    public async Task A_name_has_1_to_80_characters(int length, bool accepted)
    {
        await using ChannelWorld world = await ChannelWorld.OpenAsync();
        Assert.Equal(accepted ? null : ErrorCodes.InvalidName, await world.CreateAsync(ChannelKind.Queue, new string('a', length)));
    }

    [Theory]
    [InlineData("a.fifo")]
    [InlineData("a/b")]
    [InlineData("ä")]
    public async Task A_name_with_other_characters_is_refused(string name)
    {
        await using ChannelWorld world = await ChannelWorld.OpenAsync();
        Assert.Equal(ErrorCodes.InvalidName, await world.CreateAsync(ChannelKind.Queue, name));
    }

    [Fact]
    public async Task A_message_is_kept_for_as_many_days_as_the_limit_says()
    {
        await using ChannelWorld world = await ChannelWorld.OpenAsync(ServiceLimits.Default with { MessageRetentionDays = 1 });
        await world.CreateAsync(ChannelKind.Topic, "news");
        ChannelPlace place = ChannelWorld.Place(ChannelKind.Topic, "news");
        Assert.True((await world.Channels.SendAsync(place, [new NewMessage("id", JsonObject.Empty)], CancellationToken.None)).Succeeded);

        world.Time.Advance(TimeSpan.FromDays(1));
        Assert.Single(await world.ContentsAsync(ChannelKind.Topic, "news"));
        world.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Empty(await world.ContentsAsync(ChannelKind.Topic, "news"));
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    [InlineData(0, false)]
    public async Task A_send_has_one_to_ten_messages(int count, bool taken)
    {
        await using ChannelWorld world = await ChannelWorld.OpenAsync();
        await world.CreateAsync(ChannelKind.Topic, "news");
        NewMessage[] messages = [.. Enumerable.Range(0, count).Select(number => new NewMessage($"id-{number}", JsonObject.Empty))];

        Result<Accepted> sent = await world.Channels.SendAsync(ChannelWorld.Place(ChannelKind.Topic, "news"), messages, CancellationToken.None);

        Assert.Equal(taken ? null : ErrorCodes.Validation, sent.Error?.Code);
        Assert.Equal(taken ? count : 0, (await world.ContentsAsync(ChannelKind.Topic, "news")).Length);
    }

    [Theory]
    [InlineData(1_024, true)]
    [InlineData(1_026, false)]
    public async Task Messages_of_one_send_share_the_limit_of_bytes(int bytes, bool taken)
    {
        await using ChannelWorld world = await ChannelWorld.OpenAsync(ServiceLimits.Default with { MaxMessageBytes = 1_024 });
        await world.CreateAsync(ChannelKind.Topic, "news");
        JsonObject half = JsonObject.Of("b", JsonString.Of(new string('x', (bytes / 2) - """{"b":""}""".Length)));

        Result<Accepted> sent = await world.Channels.SendAsync(
            ChannelWorld.Place(ChannelKind.Topic, "news"), [new NewMessage("1", half), new NewMessage("2", half)], CancellationToken.None);

        Assert.Equal(taken ? null : ErrorCodes.PayloadTooLarge, sent.Error?.Code);
    }
}
