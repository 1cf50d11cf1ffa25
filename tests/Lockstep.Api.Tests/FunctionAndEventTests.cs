using Lockstep.Api.Tests.Support;
using Lockstep.Json;
using Lockstep.Service.Tests.Memory;

namespace Lockstep.Api.Tests;

public sealed class FunctionAndEventTests
{
    [Fact]
    public async Task A_function_is_registered_replaced_shown_listed_and_removed()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Assert.Equal(201, (await host.Anna.PutAsync("/v1/functions/f", """{"url":"https://example.com/a"}""")).Code);
        Assert.Equal(200, (await host.Anna.PutAsync("/v1/functions/f", """{"url":"https://example.com/b"}""")).Code);
        Assert.Equal("https://example.com/b", (await host.Anna.GetAsync("/v1/functions/f")).String("url"));
        Assert.Single((await host.Anna.GetAsync("/v1/functions")).Value);
        Assert.Equal(204, (await host.Anna.DeleteAsync("/v1/functions/f")).Code);
        Assert.Equal("FunctionDoesNotExist", (await host.Anna.GetAsync("/v1/functions/f")).Problem);
    }

    [Theory]
    [InlineData("""{}""", "/url")]
    [InlineData("""{"url":1}""", "/url")]
    [InlineData("""{"url":"http://example.com"}""", "/url")]
    [InlineData("""{"url":"https://example.com","timeout":1}""", "/timeout")]
    public async Task What_is_wrong_with_a_registration_is_said_with_its_place(string body, string pointer)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Answer refused = await host.Anna.PutAsync("/v1/functions/f", body);
        Assert.Equal((400, "ValidationException", pointer), (refused.Code, refused.Problem, refused.String("pointer")));
    }

    [Fact]
    public async Task Events_are_read_in_order_as_a_batch_of_cloud_events()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        await host.CreateMachineAsync("m", Machines.Pass);
        await host.Anna.PostAsync("/v1/state-machines/m/executions", """{"name":"e1","input":{"a":1}}""");
        await host.Anna.PostAsync("/v1/state-machines/m/executions", """{"name":"e2"}""");
        Answer first = await host.Anna.GetAsync("/v1/events?pageSize=3");
        Assert.Equal("application/cloudevents-batch+json", first.Message.Content.Headers.ContentType?.MediaType);
        JsonObject[] events = Events(first);
        Assert.Equal(["1", "2", "3"], events.Select(entry => Text(entry, "sequence")));
        Assert.Equal(
            ["lockstep.execution.started", "lockstep.execution.succeeded", "lockstep.execution.started"], events.Select(entry => Text(entry, "type")));
        Assert.All(events, entry => Assert.Equal("1.0", Text(entry, "specversion")));
        Assert.Equal("arn:aws:states:local:000000000001:stateMachine:m", Text(events[0], "source"));
        Assert.Equal("arn:aws:states:local:000000000001:execution:m:e1", Text(events[0], "subject"));
        Assert.Equal("""{"a":1}""", ((events[1]["data"] as JsonObject)?["output"])?.ToString());
        Assert.Equal(3, events.Select(entry => Text(entry, "id")).Distinct().Count());

        string link = first.Message.Headers.GetValues("Link").Single();
        Answer second = await host.Anna.GetAsync(link[1..link.IndexOf('>', StringComparison.Ordinal)]);
        Assert.Equal("4", Text(Assert.Single(Events(second)), "sequence"));
        Assert.Equal("[]", (await host.Anna.GetAsync("/v1/events?after=4")).Text);
        Assert.Equal("[]", (await host.Bert.GetAsync("/v1/events")).Text);
        Assert.Equal("after", (await host.Anna.GetAsync("/v1/events?after=-1")).String("pointer"));
        Assert.Equal("pageSize", (await host.Anna.GetAsync("/v1/events?pageSize=1001")).String("pointer"));
        Assert.Equal("pageSize", (await host.Anna.GetAsync("/v1/events?pageSize=x")).String("pointer"));
    }

    private static JsonObject[] Events(Answer answer) => [.. Assert.IsType<JsonArray>(JsonValue.Parse(answer.Text)).OfType<JsonObject>()];

    private static string? Text(JsonObject entry, string name) => (entry[name] as JsonString)?.Value;
}
