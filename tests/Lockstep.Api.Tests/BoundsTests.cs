using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Lockstep.Api.Bounds;
using Lockstep.Api.Routing;
using Lockstep.Api.Tests.Support;
using Lockstep.Service.Limits;
using Lockstep.Service.Tenancy;
using Lockstep.Service.Tests.Memory;
using Lockstep.TestKit;

namespace Lockstep.Api.Tests;

public sealed class BoundsTests
{
    private const string Start = "/v1/state-machines/m/executions";

    [Fact]
    public async Task A_body_has_up_to_the_limit_of_bytes_whether_it_says_its_length_or_not()
    {
        ServiceLimits limits = ServiceLimits.Default with { MaxPayloadBytes = 1_024, MaxDefinitionBytes = 1_024 };
        await using ApiHost host = await ApiHost.StartAsync(limits);
        await host.CreateMachineAsync("m", Machines.Pass);
        string Body(int bytes) => "{" + new string(' ', bytes - 2) + "}";
        Assert.Equal(201, (await host.Anna.PostAsync(Start, Body(limits.MaxRequestBodyBytes))).Code);
        Assert.Equal((413, "PayloadTooLarge"), await host.Anna.ProblemOfPostAsync(Start, Body(limits.MaxRequestBodyBytes + 1)));
        Assert.Equal(201, await PostChunkedAsync(host, Body(limits.MaxRequestBodyBytes)));
        Assert.Equal(413, await PostChunkedAsync(host, Body(limits.MaxRequestBodyBytes + 1)));
        Assert.Equal((413, "PayloadTooLarge"), await host.Anna.ProblemOfPostAsync("/v1/state-machines", Body(limits.MaxRequestBodyBytes + 1)));
    }

    [Fact]
    public async Task A_payload_of_32_MiB_is_taken_when_it_is_allowed()
    {
        await using ApiHost host = await ApiHost.StartAsync(ServiceLimits.Default with { MaxPayloadBytes = 33_554_432 });
        await host.CreateMachineAsync("m", Machines.Wait);
        string input = new('x', 33_554_430);
        Assert.Equal(201, (await host.Anna.PostAsync(Start, $$"""{"input":"{{input}}"}""")).Code);
        Answer refused = await host.Anna.PostAsync(Start, $$"""{"input":"{{input}}x"}""");
        Assert.Equal((413, "PayloadTooLarge", "/input"), (refused.Code, refused.Problem, refused.String("pointer")));
    }

    [Fact]
    public async Task A_body_is_nested_up_to_the_limit()
    {
        await using ApiHost host = await ApiHost.StartAsync(ServiceLimits.Default with { MaxJsonDepth = 16 });
        await host.CreateMachineAsync("m", Machines.Pass);
        string Nested(int depth) => $$"""{"input":{{new string('[', depth - 1)}}{{new string(']', depth - 1)}}}""";
        Assert.Equal(201, (await host.Anna.PostAsync(Start, Nested(16))).Code);
        Assert.Equal((400, "ValidationException"), await host.Anna.ProblemOfPostAsync(Start, Nested(17)));
        Assert.Equal((400, "ValidationException"), await host.Anna.ProblemOfPostAsync(Start, $$"""{"input":{{new string('[', 1_000_000)}}"""));
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("application/jsonp", 415)]
    [InlineData("application/json", 201)]
    [InlineData("Application/JSON; charset=utf-8", 201)]
    public async Task A_body_is_json(string mediaType, int status)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        await host.CreateMachineAsync("m", Machines.Pass);
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        HttpResponseMessage response = await host.Anna.Http.PostAsync(Start, content, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_body_that_is_not_utf8_is_refused()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        await host.CreateMachineAsync("m", Machines.Pass);
        using var content = new ByteArrayContent([(byte)'{', 0xC3, 0x28, (byte)'}']);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        HttpResponseMessage response = await host.Anna.Http.PostAsync(Start, content, TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_tenant_has_its_rate_and_cannot_use_up_anothers()
    {
        ServiceLimits limits = ServiceLimits.Default with { RequestsPerSecond = 1, RequestBurst = 2 };
        await using ApiHost host = await ApiHost.StartAsync(limits, new ApiOptions { LimitRate = true });
        int[] codes = new int[3];
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = (await host.Anna.GetAsync("/v1/executions")).Code;
        }

        Assert.Equal([200, 200, 429], codes);
        Answer throttled = await host.Anna.GetAsync("/v1/executions");
        Assert.Equal(("ThrottlingException", "1"), (throttled.Problem, throttled.Message.Headers.RetryAfter?.ToString()));
        Assert.Equal(200, (await host.Bert.GetAsync("/v1/executions")).Code);
        Assert.Equal(200, (await host.Nobody.GetAsync("/healthz")).Code);
        host.Platform.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await host.Anna.GetAsync("/v1/executions")).Code);
        Assert.Equal(429, (await host.Anna.GetAsync("/v1/executions")).Code);
    }

    [Fact]
    public void Content_of_an_object_may_take_up_to_the_limit_of_seconds_and_other_requests_less()
    {
        var time = new ManualTime();
        var bounds = new ApiBounds(ServiceLimits.Default with { MaxTransferSeconds = 60, MaxRequestSeconds = 30 }, new ApiOptions(), time);
        using var transfer = new CancellationTokenSource(TimeSpan.FromSeconds(bounds.SecondsOf(RoutePace.Transfer)), time);
        using var prompt = new CancellationTokenSource(TimeSpan.FromSeconds(bounds.SecondsOf(RoutePace.Prompt)), time);
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal((false, true), (transfer.IsCancellationRequested, prompt.IsCancellationRequested));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(transfer.IsCancellationRequested);
    }

    [Fact]
    public void A_bucket_holds_its_burst_and_no_more()
    {
        var time = new ManualTime();
        var bucket = new TokenBucket(10, 3, time);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => bucket.TryTake(out int _)));
        time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal([true, false], Enumerable.Range(0, 2).Select(_ => bucket.TryTake(out int _)));
    }

    [Fact]
    public void Places_are_counted_for_each_tenant_and_for_all()
    {
        var places = new Places(perTenant: 1, total: 1);
        IDisposable? taken = places.TryTake(MemoryPlatform.Anna);
        Assert.NotNull(taken);
        Assert.Null(places.TryTake(MemoryPlatform.Anna));
        Assert.Null(places.TryTake(MemoryPlatform.Bert));
        taken.Dispose();
        taken.Dispose();
        Assert.Equal(0, places.Taken);
        using IDisposable? next = places.TryTake(MemoryPlatform.Bert);
        Assert.NotNull(next);
    }

    [Fact]
    public void All_tenants_together_have_up_to_the_limit_of_waiting_polls_and_open_streams()
    {
        ServiceLimits limits = ServiceLimits.Default with { MaxLongPolls = 2, MaxLongPollsPerTenant = 2, MaxStreams = 3, MaxStreamsPerTenant = 2 };
        var bounds = new ApiBounds(limits, new ApiOptions(), new ManualTime());
        FillUp(bounds.LongPolls, limits.MaxLongPolls);
        FillUp(bounds.Streams, limits.MaxStreams);

        static void FillUp(Places places, int total)
        {
            TenantId[] inTurn = [MemoryPlatform.Anna, MemoryPlatform.Bert];
            IDisposable?[] taken = [.. Enumerable.Range(0, total).Select(index => places.TryTake(inTurn[index % 2]))];
            Assert.All(taken, Assert.NotNull);
            Assert.Null(places.TryTake(MemoryPlatform.Bert));
            Assert.Equal(total, places.Taken);
            taken[0]?.Dispose();
            Assert.NotNull(places.TryTake(MemoryPlatform.Bert));
            Assert.Null(places.TryTake(MemoryPlatform.Anna));
        }
    }

    [Theory]
    [InlineData(0, "HTTP/1.1 503")]
    [InlineData(-1, "HTTP/1.1 201")]
    public async Task A_request_may_take_so_long_and_is_told_when_it_takes_longer(int millisecondsBeyond, string status)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        await host.CreateMachineAsync("m", Machines.Pass);
        using var slow = new TcpClient();
        await slow.ConnectAsync(host.BaseAddress.Host, host.BaseAddress.Port, TestContext.Current.CancellationToken);
        NetworkStream stream = slow.GetStream();
        string request = $"POST {Start} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {host.Platform.AnnasKey}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        await ApiHost.UntilAsync(() => host.Platform.Time.PendingTimers > 0);
        host.Platform.Time.Advance(TimeSpan.FromSeconds(30) + TimeSpan.FromMilliseconds(millisecondsBeyond));
        if (millisecondsBeyond < 0)
        {
            await stream.WriteAsync("}"u8.ToArray(), TestContext.Current.CancellationToken);
        }

        using var reader = new StreamReader(stream);
        Assert.StartsWith(status, await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static async Task<int> PostChunkedAsync(ApiHost host, string body)
    {
        using var content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(body)));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, Start) { Content = content };
        request.Headers.TransferEncodingChunked = true;
        return (int)(await host.Anna.Http.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode;
    }
}
