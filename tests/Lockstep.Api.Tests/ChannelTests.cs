using Lockstep.Api.Tests.Support;
using Lockstep.Json;
using Lockstep.Service.Channels;
using Lockstep.Service.Tests.Memory;

namespace Lockstep.Api.Tests;

public sealed class ChannelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lockstep-api-channels-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("queues", "arn:aws:sqs:local:000000000001:c")]
    [InlineData("topics", "arn:aws:sns:local:000000000001:c")]
    [InlineData("event-buses", "arn:aws:events:local:000000000001:event-bus/c")]
    public async Task A_channel_is_created_shown_listed_and_deleted_within_its_tenant(string path, string arn)
    {
        await using EmbeddedApi api = await EmbeddedApi.OpenAsync(_folder);
        Assert.Equal(201, (await api.Anna.SendAsync("PUT", $"/v1/{path}/c", null)).Code);
        Assert.Equal(200, (await api.Anna.SendAsync("PUT", $"/v1/{path}/c", null)).Code);
        Assert.Equal(arn, (await api.Anna.GetAsync($"/v1/{path}/c")).String("arn"));
        Assert.Single((await api.Anna.GetAsync($"/v1/{path}")).Value);
        Assert.Empty((await api.Anna.GetAsync($"/v1/{path}/c/messages")).Value);
        Assert.Equal("ChannelDoesNotExist", (await api.Bert.GetAsync($"/v1/{path}/c")).Problem);
        Assert.Empty((await api.Bert.GetAsync($"/v1/{path}")).Value);
        Assert.Equal(204, (await api.Bert.DeleteAsync($"/v1/{path}/c")).Code);
        Assert.Equal(200, (await api.Anna.GetAsync($"/v1/{path}/c")).Code);
        Assert.Equal(204, (await api.Anna.DeleteAsync($"/v1/{path}/c")).Code);
        Assert.Equal("ChannelDoesNotExist", (await api.Anna.GetAsync($"/v1/{path}/c/messages")).Problem);
        Assert.Equal("InvalidName", (await api.Anna.SendAsync("PUT", $"/v1/{path}/c.fifo", null)).Problem);
    }

    [Fact]
    public async Task Messages_are_read_page_by_page_received_and_deleted_and_stay_after_a_restart()
    {
        await using (EmbeddedApi api = await EmbeddedApi.OpenAsync(_folder))
        {
            await api.Anna.SendAsync("PUT", "/v1/queues/q", null);
            for (int number = 1; number <= 3; number++)
            {
                await api.SendAsync(new ChannelPlace(MemoryPlatform.Anna, ChannelKind.Queue, "q"), number);
            }
        }

        await using EmbeddedApi again = await EmbeddedApi.OpenAsync(_folder);
        Answer first = await again.Anna.GetAsync("/v1/queues/q/messages?pageSize=2");
        Assert.Equal(2, first.Value.Count);
        Assert.Single((await again.Anna.GetAsync(first.String("nextLink"))).Value);

        Answer taken = await again.Anna.PostAsync("/v1/queues/q/receive", """{"maxMessages":2,"visibilitySeconds":600}""");
        Assert.Equal(2, taken.Value.Count);
        JsonObject message = Assert.IsType<JsonObject>(taken.Value[0]);
        Assert.Equal(("1", "1", """{"body":"1"}"""), (message["sequence"]?.ToString(), message["receiveCount"]?.ToString(), message["content"]?.ToString()));
        string id = (message["messageId"] as JsonString)?.Value ?? "";
        Assert.Equal(204, (await again.Anna.DeleteAsync($"/v1/queues/q/messages/{id}")).Code);
        Assert.Equal(2, (await again.Anna.GetAsync("/v1/queues/q/messages")).Value.Count);
        Assert.Single((await again.Anna.PostAsync("/v1/queues/q/receive")).Value);
        Assert.Empty((await again.Anna.PostAsync("/v1/queues/q/receive")).Value);
        Assert.Equal("ChannelDoesNotExist", (await again.Bert.PostAsync("/v1/queues/q/receive")).Problem);
    }

    [Theory]
    [InlineData("""{"maxMessages":0}""", "/maxMessages")]
    [InlineData("""{"maxMessages":11}""", "/maxMessages")]
    [InlineData("""{"visibilitySeconds":-1}""", "/visibilitySeconds")]
    [InlineData("""{"visibilitySeconds":43201}""", "/visibilitySeconds")]
    [InlineData("""{"wait":1}""", "/wait")]
    public async Task What_is_wrong_with_a_receive_is_said_with_its_place(string body, string pointer)
    {
        await using EmbeddedApi api = await EmbeddedApi.OpenAsync(_folder);
        await api.Anna.SendAsync("PUT", "/v1/queues/q", null);
        Answer refused = await api.Anna.PostAsync("/v1/queues/q/receive", body);
        Assert.Equal((400, "ValidationException", pointer), (refused.Code, refused.Problem, refused.String("pointer")));
        Assert.Equal("after", (await api.Anna.GetAsync("/v1/queues/q/messages?after=x")).String("pointer"));
    }
}
