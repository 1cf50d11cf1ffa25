using Lockstep.Json;
using Lockstep.Service.Channels;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Paging;

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

    [Fact]
    public async Task Where_a_host_has_no_place_for_them_every_use_says_so()
    {
        await using ChannelWorld world = await ChannelWorld.OpenAsync();
        ChannelUseCases nowhere = world.WithoutStore();
        ChannelPlace place = ChannelWorld.Place(ChannelKind.Queue, "q");
        Assert.Equal(ErrorCodes.NotAvailable, (await nowhere.CreateAsync(place, CancellationToken.None)).Error?.Code);
        Assert.Equal(ErrorCodes.NotAvailable, (await nowhere.DescribeAsync(place, CancellationToken.None)).Error?.Code);
        Assert.Equal(ErrorCodes.NotAvailable, (await nowhere.ListAsync(place.Tenant, place.Kind, ListRequest.First, CancellationToken.None)).Error?.Code);
        Assert.Equal(ErrorCodes.NotAvailable, (await nowhere.DeleteAsync(place, CancellationToken.None)).Error?.Code);
        Assert.Equal(ErrorCodes.NotAvailable, (await nowhere.ReadAsync(place, 0, null, CancellationToken.None)).Error?.Code);
        Assert.Equal(ErrorCodes.NotAvailable, (await nowhere.ReceiveAsync(place, null, null, CancellationToken.None)).Error?.Code);
        Assert.Equal(ErrorCodes.NotAvailable, (await nowhere.DeleteMessageAsync(place, "id", CancellationToken.None)).Error?.Code);
        Result<Accepted> sent = await nowhere.SendAsync(place, [new NewMessage("id", JsonObject.Empty)], CancellationToken.None);
        Assert.Equal(ErrorCodes.NotAvailable, sent.Error?.Code);
    }
}
