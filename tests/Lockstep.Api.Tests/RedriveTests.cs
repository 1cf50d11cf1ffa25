using Lockstep.Api.Tests.Support;
using Lockstep.Json;
using Lockstep.Service.Tests.Memory;

namespace Lockstep.Api.Tests;

public sealed class RedriveTests
{
    private const string Execution = "/v1/executions/m:e";

    [Fact]
    public async Task Failed_execution_shows_that_it_can_be_redriven_and_is()
    {
        await using ApiHost host = await WithExecutionAsync(Machines.Fail);
        Answer failed = await host.Anna.GetAsync(Execution);
        Answer redriven = await host.Anna.PostAsync(Execution + "/redrive", """{"clientToken":"t"}""");
        Answer again = await host.Anna.PostAsync(Execution + "/redrive", """{"clientToken":"t"}""");
        Answer shown = await host.Anna.GetAsync(Execution);

        Assert.Equal(("REDRIVABLE", "0", null), (failed.String("redriveStatus"), failed.Json["redriveCount"]?.ToString(), failed.Json["redrivenAt"]));
        Assert.Equal((200, 200), (redriven.Code, again.Code));
        Assert.Equal(redriven.String("redrivenAt"), again.String("redrivenAt"));
        Assert.Equal("m:e", ((redriven.Json["execution"] as JsonObject)?["id"] as JsonString)?.Value);
        Assert.Equal(("1", redriven.String("redrivenAt")), (shown.Json["redriveCount"]?.ToString(), shown.String("redrivenAt")));
        JsonObject listed = Assert.IsType<JsonObject>(Assert.Single((await host.Anna.GetAsync("/v1/executions")).Value));
        Assert.Equal(("1", null), (listed["redriveCount"]?.ToString(), listed["redriveStatus"]));
        Assert.Contains("\"redriveCount\":1", (await host.Anna.GetAsync(Execution + "/history")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execution_that_succeeded_is_refused_with_the_reason()
    {
        await using ApiHost host = await WithExecutionAsync(Machines.Pass);
        Answer refused = await host.Anna.PostAsync(Execution + "/redrive", "{}");
        Answer shown = await host.Anna.GetAsync(Execution);

        Assert.Equal((409, "ExecutionNotRedrivable"), (refused.Code, refused.Problem));
        Assert.Equal("Execution is SUCCEEDED and cannot be redriven", refused.String("detail"));
        Assert.Equal(
            ("NOT_REDRIVABLE", "Execution is SUCCEEDED and cannot be redriven"), (shown.String("redriveStatus"), shown.String("redriveStatusReason")));
    }

    [Theory]
    [InlineData("""{"clientToken":""}""", "ValidationException", "/clientToken")]
    [InlineData("""{"revisionId":"none"}""", "ResourceNotFound", "/revisionId")]
    [InlineData("""{"version":7}""", "ResourceNotFound", "/version")]
    [InlineData("""{"version":"7"}""", "ValidationException", "/version")]
    [InlineData("""{"token":"t"}""", "ValidationException", "/token")]
    public async Task What_is_wrong_with_the_request_is_named(string body, string code, string pointer)
    {
        await using ApiHost host = await WithExecutionAsync(Machines.Fail);
        Answer refused = await host.Anna.PostAsync(Execution + "/redrive", body);
        Assert.Equal((code, pointer), (refused.Problem, refused.String("pointer")));
    }

    [Fact]
    public async Task Revision_and_input_are_taken_over()
    {
        await using ApiHost host = await WithExecutionAsync(Machines.Fail);
        await host.Anna.PutAsync("/v1/state-machines/m", $$"""{"definition":{{Machines.Pass}}}""");
        string? pass = (await host.Anna.GetAsync("/v1/state-machines/m")).String("revisionId");
        Assert.Equal("RevisionDoesNotFit", (await host.Anna.PostAsync(Execution + "/redrive", $$"""{"revisionId":"{{pass}}"}""")).Problem);
        Answer redriven = await host.Anna.PostAsync(Execution + "/redrive", """{"input":{"n":1.50}}""");
        string history = (await host.Anna.GetAsync(Execution + "/history")).Text;

        Assert.Equal(200, redriven.Code);
        Assert.Contains("""{\"n\":1.50}""", history, StringComparison.Ordinal);
    }

    private static async Task<ApiHost> WithExecutionAsync(string definition)
    {
        ApiHost host = await ApiHost.StartAsync();
        await host.Anna.PostAsync("/v1/state-machines", $$"""{"name":"m","definition":{{definition}}}""");
        await host.Anna.PostAsync("/v1/state-machines/m/executions", """{"name":"e"}""");
        return host;
    }
}
