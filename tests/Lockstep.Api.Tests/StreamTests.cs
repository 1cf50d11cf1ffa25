using Lockstep.Api.Tests.Support;
using Lockstep.Service.Limits;
using Lockstep.Service.Tests.Memory;

namespace Lockstep.Api.Tests;

public sealed class StreamTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_sends_what_was_and_what_comes_and_ends_with_the_execution()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        await host.CreateMachineAsync("m", Machines.Wait);
        await host.Anna.PostAsync("/v1/state-machines/m/executions", """{"name":"e","input":"line\nbreak"}""");
        using EventStream stream = await EventStream.OpenAsync(host.Anna, "/v1/executions/m:e/stream");
        Assert.Equal("text/event-stream", stream.Response.Content.Headers.ContentType?.MediaType);
        Assert.Equal([("ExecutionStarted", "1"), ("WaitStateEntered", "2")], [await stream.NextAsync(), await stream.NextAsync()]);
        await host.Anna.PostAsync("/v1/executions/m:e/stop");
        List<(string Name, string Id)> rest = await stream.RestAsync();
        Assert.Equal(("end", ""), rest[^1]);
        Assert.Contains(rest, entry => entry.Name == "ExecutionAborted");
        Assert.Equal(0, host.Platform.Changes.FollowedExecutions);
        Assert.Equal(0, host.Surroundings.Bounds.Streams.Taken);
    }

    [Fact]
    public async Task A_stream_is_resumed_after_the_last_event_that_was_seen()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        await host.CreateMachineAsync("m", Machines.Pass);
        await host.Anna.PostAsync("/v1/state-machines/m/executions", """{"name":"e"}""");
        using EventStream byHeader = await EventStream.OpenAsync(host.Anna, "/v1/executions/m:e/stream", ("Last-Event-ID", "3"));
        Assert.Equal([("ExecutionSucceeded", "4"), ("end", "")], await byHeader.RestAsync());
        using EventStream byQuery = await EventStream.OpenAsync(host.Anna, "/v1/executions/m:e/stream?after=4");
        Assert.Equal([("end", "")], await byQuery.RestAsync());
        Answer wrong = await host.Anna.GetAsync("/v1/executions/m:e/stream", ("Last-Event-ID", "x"));
        Assert.Equal((400, "Last-Event-ID"), (wrong.Code, wrong.String("pointer")));
        Assert.Equal(404, (await host.Anna.GetAsync("/v1/executions/m:none/stream")).Code);
    }

    [Fact]
    public async Task A_silent_stream_shows_that_it_is_alive_and_ends_when_its_time_is_up()
    {
        await using ApiHost host = await ApiHost.StartAsync(ServiceLimits.Default with { MaxStreamSeconds = 30 });
        await host.CreateMachineAsync("m", Machines.Wait);
        await host.Anna.PostAsync("/v1/state-machines/m/executions", """{"name":"e"}""");
        using EventStream stream = await EventStream.OpenAsync(host.Anna, "/v1/executions/m:e/stream?after=2");
        for (int i = 0; i < 2; i++)
        {
            await ApiHost.UntilAsync(() => host.Platform.Time.PendingTimers > 1);
            host.Platform.Time.Advance(TimeSpan.FromSeconds(15));
            Assert.Equal(": waiting", await stream.LineAsync(line => line.StartsWith(": w", StringComparison.Ordinal)));
        }

        Assert.Empty(await stream.RestAsync());
    }

    [Fact]
    public async Task As_many_streams_are_open_as_may_be_and_a_closed_one_gives_its_place_back()
    {
        await using ApiHost host = await ApiHost.StartAsync(ServiceLimits.Default with { MaxStreamsPerTenant = 1 });
        await host.CreateMachineAsync("m", Machines.Wait);
        await host.Anna.PostAsync("/v1/state-machines/m/executions", """{"name":"e"}""");
        using (EventStream stream = await EventStream.OpenAsync(host.Anna, "/v1/executions/m:e/stream"))
        {
            await stream.NextAsync();
            Answer refused = await host.Anna.GetAsync("/v1/executions/m:e/stream");
            Assert.Equal((429, "StreamLimitExceeded"), (refused.Code, refused.Problem));
        }

        await ApiHost.UntilAsync(() => host.Surroundings.Bounds.Streams.Taken == 0);
        using EventStream next = await EventStream.OpenAsync(host.Anna, "/v1/executions/m:e/stream");
        Assert.Equal(("ExecutionStarted", "1"), await next.NextAsync());
    }

    [Fact]
    public async Task Draining_ends_streams_with_a_word()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        await host.CreateMachineAsync("m", Machines.Wait);
        await host.Anna.PostAsync("/v1/state-machines/m/executions", """{"name":"e"}""");
        using EventStream stream = await EventStream.OpenAsync(host.Anna, "/v1/executions/m:e/stream");
        await stream.NextAsync();
        host.Draining.Begin();
        Assert.StartsWith(": the service is stopping", await stream.LineAsync(line => line.StartsWith(": the", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Empty(await stream.RestAsync());
    }

    /// <summary>Reads server-sent events as a browser does.</summary>
    private sealed class EventStream(HttpResponseMessage response, StreamReader reader) : IDisposable
    {
        public HttpResponseMessage Response => response;

        public static async Task<EventStream> OpenAsync(TestClient client, string path, params (string Name, string Value)[] headers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            foreach ((string name, string value) in headers)
            {
                request.Headers.Add(name, value);
            }

            HttpResponseMessage response = await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
            Assert.True(response.IsSuccessStatusCode);
            return new EventStream(response, new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation)));
        }

        public async Task<(string Name, string Id)> NextAsync() =>
            await ReadAsync() ?? throw new EndOfStreamException("The stream has ended.");

        public async Task<List<(string Name, string Id)>> RestAsync()
        {
            List<(string, string)> rest = [];
            while (await ReadAsync() is { } entry)
            {
                rest.Add(entry);
            }

            return rest;
        }

        public async Task<string> LineAsync(Func<string, bool> wanted)
        {
            while (await reader.ReadLineAsync(Cancellation) is { } line)
            {
                if (wanted(line))
                {
                    return line;
                }
            }

            throw new EndOfStreamException("The stream has ended.");
        }

        public void Dispose()
        {
            reader.Dispose();
            response.Dispose();
        }

        private async Task<(string Name, string Id)?> ReadAsync()
        {
            string name = "", id = "", data = "";
            while (await reader.ReadLineAsync(Cancellation) is { } line)
            {
                switch (line.Split(": ", 2))
                {
                    case ["event", var value]:
                        name = value;
                        break;
                    case ["id", var value]:
                        id = value;
                        break;
                    case ["data", var value]:
                        data += value;
                        break;
                    case [""] when data.Length > 0:
                        Lockstep.Json.JsonValue.Parse(data);
                        return (name, id);
                    default:
                        break;
                }
            }

            return null;
        }
    }
}
