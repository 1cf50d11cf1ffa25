using Lockstep.Api.Operations;
using Lockstep.Api.Problems;
using Lockstep.Api.Routing;
using Lockstep.Api.Tests.Support;

namespace Lockstep.Api.Tests;

public sealed class ServiceTests
{
    [Fact]
    public async Task Health_and_readiness_are_said_to_everybody()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Assert.Equal((200, "ok"), (await host.Nobody.GetAsync("/healthz") is var live ? live.Code : 0, live.String("status")));
        Assert.Equal(200, (await host.Nobody.GetAsync("/readyz")).Code);
        Assert.Equal(200, (await host.Nobody.SendAsync("HEAD", "/readyz", null)).Code);
        host.Platform.Tenants.Broken = true;
        Assert.Equal("StorageUnavailable", (await host.Nobody.GetAsync("/readyz")).Problem);
        Assert.Equal(200, (await host.Nobody.GetAsync("/healthz")).Code);
        host.Platform.Tenants.Broken = false;
        host.Draining.Begin();
        Answer draining = await host.Nobody.GetAsync("/readyz");
        Assert.Equal((503, "ServiceStopping"), (draining.Code, draining.Problem));
        Assert.Equal(200, (await host.Anna.GetAsync("/v1/executions")).Code);
    }

    [Theory]
    [InlineData("GET", "/", 405)]
    [InlineData("GET", "/v1", 404)]
    [InlineData("GET", "/v1/nothing", 404)]
    [InlineData("GET", "/v1/state-machines/a/b/c", 404)]
    [InlineData("GET", "/v1/state-machines//executions", 404)]
    [InlineData("PATCH", "/v1/state-machines/a", 405)]
    [InlineData("GET", "/v1/validate", 405)]
    [InlineData("POST", "/healthz", 405)]
    public async Task What_is_not_there_is_a_problem_too(string method, string path, int status)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Answer answer = await host.Anna.SendAsync(method, path, null);
        Assert.Equal(status, answer.Code);
        Assert.Equal(ProblemWriter.MediaType, answer.Message.Content.Headers.ContentType?.MediaType);
        Assert.Equal(status == 405, answer.Message.Content.Headers.Allow.Count > 0);
    }

    [Fact]
    public async Task Open_routes_refuse_unknown_parameters_like_all_others()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Assert.Equal(400, (await host.Nobody.GetAsync("/healthz?x=1")).Code);
    }

    [Fact]
    public void A_path_meets_one_route_and_a_literal_beats_a_parameter()
    {
        ApiRoute Route(string method, string pattern) => new(method, pattern, pattern, "", _ => ValueTask.CompletedTask) { Answers = [] };
        var table = new RouteTable([Route("GET", "/a/{x}"), Route("GET", "/a/b"), Route("POST", "/a/{x}/c/{y}")]);
        Assert.True(table.TryMatch("GET", "/a/b", out RouteMatch literal, out _));
        Assert.Equal("/a/b", literal.Route.Pattern);
        Assert.True(table.TryMatch("HEAD", "/a/z", out RouteMatch parameter, out _));
        Assert.Equal(["z"], parameter.Values);
        Assert.True(table.TryMatch("POST", "/a/1/c/2", out RouteMatch two, out _));
        Assert.Equal(["1", "2"], two.Values);
        Assert.False(table.TryMatch("DELETE", "/a/b", out _, out var allowed));
        Assert.Equal(["GET"], allowed);
        Assert.False(table.TryMatch("GET", "/a", out _, out allowed));
        Assert.Empty(allowed);
        Assert.Throws<ArgumentException>(() => new RouteTable([Route("GET", "/a/{x}"), Route("GET", "/a/{y}")]));
    }

    [Fact]
    public void Every_operation_has_its_own_name_and_pattern()
    {
        Assert.Equal(ApiRoutes.Table.Routes.Length, ApiRoutes.Table.Routes.Select(route => route.OperationId).Distinct().Count());
        Assert.All(ApiRoutes.Table.Routes, route => Assert.NotEmpty(route.Answers));
    }
}
