using Lockstep.Json;
using Lockstep.Service.Targets;
using Lockstep.Targets.ApiGateway;
using Lockstep.Targets.Outgoing;
using Lockstep.Targets.Tests.Fakes;

namespace Lockstep.Targets.Tests.ApiGateway;

public sealed class ApiGatewayInvokeTargetTests
{
    private static readonly TargetOptions Development = new() { DevelopmentMode = true };

    [Fact]
    public async Task Endpoint_stage_path_and_query_make_the_address_and_the_output_has_what_came_back()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, """{"id":7}""", ("X-Rate", "5"));

        TaskOutcome outcome = await InvokeAsync(
            server,
            """
            "Method":"POST","Stage":"prod","Path":"/orders/1","QueryParameters":{"a":["x","y"],"b":["z"]},
            "Headers":{"X-Mine":["1"],"Content-Type":["application/vnd.order+json"]},"RequestBody":{"n":1.50},"AuthType":"NO_AUTH"
            """);

        JsonObject output = Assert.IsType<JsonObject>(Assert.IsType<TaskAnswered>(outcome).Output);
        Assert.Equal(["Headers", "ResponseBody", "StatusCode", "StatusText"], output.Select(member => member.Name));
        Assert.Equal(("""{"id":7}""", "200", "\"OK\""), (output["ResponseBody"]?.ToString(), output["StatusCode"]?.ToString(), output["StatusText"]?.ToString()));
        Assert.Equal("[\"5\"]", (output["Headers"] as JsonObject)?["X-Rate"]?.ToString());
        ReceivedRequest request = server.Received.Single();
        Assert.Equal(("POST", "/prod/orders/1?a=x&a=y&b=z", """{"n":1.50}"""), (request.Method, request.Target, request.Body));
        Assert.Equal(("1", "application/vnd.order+json"), (request.Headers["X-Mine"], request.Headers["Content-Type"]));
        Assert.Equal("orders:first/1/0/3/2", request.Headers["Idempotency-Key"]);
    }

    [Theory]
    [InlineData("", "{}")]
    [InlineData("plain", "\"plain\"")]
    [InlineData("\"text\"", "\"text\"")]
    public async Task A_body_is_JSON_when_it_can_be_and_an_empty_object_when_it_is_empty(string body, string expected)
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, body);
        TaskOutcome outcome = await InvokeAsync(server, """ "Method":"GET","RequestBody":null """);
        Assert.Equal(expected, Assert.IsType<JsonObject>(Assert.IsType<TaskAnswered>(outcome).Output)["ResponseBody"]?.ToString());
        Assert.Equal("", server.Received.Single().Body);
    }

    [Fact]
    public async Task A_status_of_failure_is_the_error_and_its_body_the_cause()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(403, """{"message":"Missing Authentication Token"}""");
        TaskRefused refused = Assert.IsType<TaskRefused>(await InvokeAsync(server, """ "Method":"GET" """));
        Assert.Equal(("ApiGateway.403", """{"message":"Missing Authentication Token"}"""), (refused.Error, refused.Cause));
    }

    [Theory]
    [InlineData(""" "Method":"TRACE" """, "Method must be one of GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS.")]
    [InlineData(""" "Method":"GET","AuthType":"IAM_ROLE" """, "AuthType must be NO_AUTH")]
    [InlineData(""" "Method":"GET","Headers":{"Authorization":["x"]} """, "The field 'Authorization' cannot be set by a definition.")]
    [InlineData(""" "Method":"GET","Headers":{"X-Amzn-Trace-Id":["x"]} """, "The field 'X-Amzn-Trace-Id' cannot be set by a definition.")]
    [InlineData(""" "Method":"GET","Connection":1 """, "'Connection' is not supported.")]
    public async Task What_cannot_be_asked_for_is_refused_and_nothing_is_sent(string parameters, string problem)
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "{}");
        TaskRefused refused = Assert.IsType<TaskRefused>(await InvokeAsync(server, parameters));
        Assert.Equal("States.Runtime", refused.Error);
        Assert.Contains(problem, refused.Cause, StringComparison.Ordinal);
        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task An_address_that_may_not_be_called_is_refused()
    {
        using OutgoingHttp http = new(new TargetOptions(), new SystemNameResolver(), TimeProvider.System);
        TaskOutcome outcome = await new ApiGatewayInvokeTarget(http, new TargetOptions()).InvokeAsync(
            Invocations.OfService("apigateway", "invoke", """{"ApiEndpoint":"127.0.0.1","Method":"GET"}"""), CancellationToken.None);
        Assert.Equal("States.Permissions", Assert.IsType<TaskRefused>(outcome).Error);
    }

    private static async Task<TaskOutcome> InvokeAsync(LoopbackServer server, string parameters)
    {
        using OutgoingHttp http = new(Development, new SystemNameResolver(), TimeProvider.System);
        string given = $$"""{"ApiEndpoint":"{{server.Url.GetLeftPart(UriPartial.Authority)}}",{{parameters}}}""";
        return await new ApiGatewayInvokeTarget(http, Development).InvokeAsync(Invocations.OfService("apigateway", "invoke", given), CancellationToken.None);
    }
}
