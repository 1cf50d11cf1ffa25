using Lockstep.Json;
using Lockstep.Service.Connections;
using Lockstep.Service.Targets;
using Lockstep.Targets.Http;
using Lockstep.Targets.Outgoing;
using Lockstep.Targets.Tests.Fakes;
using Lockstep.Targets.Tests.Functions;
using Microsoft.AspNetCore.Http;

namespace Lockstep.Targets.Tests.Http;

public sealed class HttpInvokeTargetTests
{
    private static readonly TargetOptions Development = new() { DevelopmentMode = true };

    private static readonly Func<ConnectionUseCases> NoConnections = () => throw new InvalidOperationException("No connection is named.");

    [Fact]
    public async Task The_output_has_body_headers_and_status()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(201, """{"id":7}""", ("X-Rate", "5"));

        JsonObject output = await AnsweredAsync(server, """{"Method":"POST","RequestBody":{"name":"n"}}""", "/v1/items");

        Assert.Equal(["Headers", "ResponseBody", "StatusCode", "StatusText"], output.Select(member => member.Name));
        Assert.Equal("""{"id":7}""", output["ResponseBody"]?.ToString());
        Assert.Equal("201", output["StatusCode"]?.ToString());
        Assert.Equal("\"Created\"", output["StatusText"]?.ToString());
        JsonObject headers = Assert.IsType<JsonObject>(output["Headers"]);
        Assert.Equal("[\"5\"]", headers["x-rate"]?.ToString());
        Assert.Equal("[\"application/json\"]", headers["content-type"]?.ToString());
        ReceivedRequest request = server.Received.Single();
        Assert.Equal(("POST", "/v1/items", """{"name":"n"}"""), (request.Method, request.Target, request.Body));
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal("Lockstep|HttpInvoke|local", request.Headers["User-Agent"]);
        Assert.Equal("orders:first/1/0/3/2", request.Headers["Idempotency-Key"]);
        Assert.StartsWith("00-", request.Headers["traceparent"]);
    }

    [Fact]
    public async Task A_field_that_describes_the_body_goes_with_the_body()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "{}");
        await AnsweredAsync(server, """{"Method":"POST","RequestBody":{},"Headers":{"Content-Language":"de"}}""", "/");
        Assert.Equal("de", server.Received.Single().Headers["Content-Language"]);
    }

    [Fact]
    public async Task Whoever_tests_the_call_sees_what_was_sent_and_what_came_back()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(404, """{"no":1}""", ("X-Rate", "5"));
        using OutgoingHttp http = FunctionTargetTests.Http(Development);
        var exchange = new HttpExchange();
        TaskInvocation invocation = Invocations.OfService(
            "http", "invoke", $$"""{"Method":"POST","ApiEndpoint":"{{server.Url}}v1","Headers":{"X-Mine":"a"},"RequestBody":{"name":"n"} }""") with
        {
            Exchange = exchange,
        };

        await new HttpInvokeTarget(http, Development, NoConnections, TimeProvider.System).InvokeAsync(invocation, TestContext.Current.CancellationToken);

        Assert.Equal("""{"name":"n"}""", server.Received.Single().Body);
        Assert.NotNull(exchange.Sent);
        Assert.Equal(("POST", """{"name":"n"}"""), (exchange.Sent.Method, exchange.Sent.Body));
        Assert.Contains("X-Mine: a", exchange.Sent.Headers, StringComparison.Ordinal);
        Assert.NotNull(exchange.Received);
        Assert.Equal((404, "Not Found", """{"no":1}"""), (exchange.Received.Status, exchange.Received.Message, exchange.Received.Body));
        Assert.Contains("X-Rate: 5", exchange.Received.Headers, StringComparison.Ordinal);
        JsonObject? response = exchange.ToJson()?["response"] as JsonObject;
        Assert.Equal(JsonString.Of("404"), response?["statusCode"]);
    }

    [Fact]
    public async Task Headers_and_query_come_from_the_parameters()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "{}");

        await AnsweredAsync(
            server,
            """{"Method":"GET","Headers":{"Accept":"application/json","X-Many":["a","b"],"Idempotency-Key":"mine"},"QueryParameters":{"q":"a b","n":[1,2]}}""",
            "/find?fixed=1");

        ReceivedRequest request = server.Received.Single();
        Assert.Equal("/find?fixed=1&q=a%20b&n=1&n=2", request.Target);
        Assert.Equal("application/json", request.Headers["Accept"]);
        Assert.Equal("a, b", request.Headers["X-Many"]);
        Assert.Equal("mine", request.Headers["Idempotency-Key"]);
        Assert.Equal("", request.Body);
    }

    [Theory]
    [InlineData("""{"RequestBody":{"a":[1,2]},"Transform":{"RequestBodyEncoding":"URL_ENCODED"}}""", "application/x-www-form-urlencoded", "a[0]=1&a[1]=2")]
    [InlineData(
        """{"RequestBody":{"a":[1,2]},"Transform":{"RequestBodyEncoding":"URL_ENCODED","RequestEncodingOptions":{"ArrayFormat":"COMMAS"}}}""",
        "application/x-www-form-urlencoded",
        "a=1,2")]
    [InlineData("""{"RequestBody":{"a":1},"Transform":{"RequestBodyEncoding":"NONE"}}""", "application/json", """{"a":1}""")]
    [InlineData("""{"RequestBody":"text","Headers":{"Content-Type":"text/plain"}}""", "text/plain", "text")]
    [InlineData("""{"RequestBody":"text"}""", "application/json", "\"text\"")]
    [InlineData("""{"RequestBody":{"a":1},"Headers":{"content-type":"application/vnd.x+json"}}""", "application/vnd.x+json", """{"a":1}""")]
    public async Task A_body_is_written_as_its_type_asks(string parameters, string contentType, string body)
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "{}");

        await AnsweredAsync(server, ((JsonObject)JsonValue.Parse(parameters)).With("Method", JsonString.Of("POST")).ToString());

        ReceivedRequest request = server.Received.Single();
        Assert.Equal((contentType, body), (request.Headers["Content-Type"], request.Body));
    }

    [Theory]
    [InlineData("application/json", "{\"a\":1}", "{\"a\":1}")]
    [InlineData("application/problem+json; charset=utf-8", "{\"a\":1}", "{\"a\":1}")]
    [InlineData("application/json", "not json", "\"not json\"")]
    [InlineData("text/plain", "{\"a\":1}", "\"{\\\"a\\\":1}\"")]
    [InlineData("text/html", "", "\"\"")]
    public async Task A_response_is_json_when_it_says_so_and_is_else_text(string contentType, string body, string expected)
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.ContentType = contentType;
            await context.Response.WriteAsync(body, context.RequestAborted);
        });

        JsonObject output = await AnsweredAsync(server, """{"Method":"GET"}""");

        Assert.Equal(expected, output["ResponseBody"]?.ToString());
    }

    [Theory]
    [InlineData(301, "", "States.Http.StatusCode.301", "301 Moved Permanently")]
    [InlineData(400, "wrong", "States.Http.StatusCode.400", "wrong")]
    [InlineData(404, """{"detail":"gone"}""", "States.Http.StatusCode.404", """{"detail":"gone"}""")]
    [InlineData(429, "", "States.Http.StatusCode.429", "429 Too Many Requests")]
    [InlineData(503, "busy", "States.Http.StatusCode.503", "busy")]
    public async Task Any_other_status_is_an_error_of_its_own(int status, string body, string error, string cause)
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(status, body);

        TaskRefused refused = await RefusedAsync(server, """{"Method":"GET"}""");

        Assert.Equal((error, cause), (refused.Error, refused.Cause));
    }

    [Fact]
    public async Task Too_late_is_a_socket_error()
    {
        var time = new FiringTime();
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            // The time strikes within the body: a whole answer is what has to come in time.
            await context.Response.WriteAsync("{", context.RequestAborted);
            time.Fire();
            await LoopbackServer.NeverAsync(context);
        });
        using var http = new OutgoingHttp(Development, new SystemNameResolver(), time);
        var target = new HttpInvokeTarget(http, Development, NoConnections, TimeProvider.System);
        string parameters = JsonObject.Of(
            new JsonProperty("ApiEndpoint", JsonString.Of(server.Url.ToString())), new JsonProperty("Method", JsonString.Of("GET"))).ToString();

        TaskOutcome outcome = await target.InvokeAsync(Invocations.OfService("http", "invoke", parameters), TestContext.Current.CancellationToken);

        TaskRefused refused = Assert.IsType<TaskRefused>(outcome);
        Assert.Equal("States.Http.Socket", refused.Error);
        Assert.Equal("No whole response within 60.00 seconds.", refused.Cause);
    }

    [Fact]
    public async Task Nobody_there_is_a_socket_error()
    {
        using OutgoingHttp http = FunctionTargetTests.Http(Development);
        var target = new HttpInvokeTarget(http, Development, NoConnections, TimeProvider.System);

        TaskOutcome outcome = await target.InvokeAsync(
            Invocations.OfService("http", "invoke", """{"ApiEndpoint":"http://127.0.0.1:9/","Method":"GET"}"""), TestContext.Current.CancellationToken);

        Assert.Equal("States.Http.Socket", Assert.IsType<TaskRefused>(outcome).Error);
    }

    [Fact]
    public async Task A_private_address_is_a_matter_of_permission()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "{}");

        TaskRefused refused = await RefusedAsync(server, """{"Method":"GET"}""", new TargetOptions { AllowPlainHttp = true });

        Assert.Equal("States.Permissions", refused.Error);
    }

    [Theory]
    [InlineData("""{"Method":"TRACE"}""")]
    [InlineData("""{"Method":"get"}""")]
    [InlineData("""{}""")]
    [InlineData("""{"Method":"GET","Headers":{"Host":"other"}}""")]
    [InlineData("""{"Method":"GET","Headers":{"content-length":"5"}}""")]
    [InlineData("""{"Method":"GET","Headers":{"Transfer-Encoding":"chunked"}}""")]
    [InlineData("""{"Method":"GET","Headers":{"X-Forwarded-For":"1.2.3.4"}}""")]
    [InlineData("""{"Method":"GET","Headers":{"Proxy-Authorization":"x"}}""")]
    [InlineData("""{"Method":"GET","Headers":{"X-Amz-Date":"x"}}""")]
    [InlineData("""{"Method":"GET","Headers":{"a b":"x"}}""")]
    [InlineData("""{"Method":"GET","Headers":{"X":"a\r\nHost: b"}}""")]
    [InlineData("""{"Method":"GET","Headers":{"X":{"a":1}}}""")]
    [InlineData("""{"Method":"GET","Headers":[]}""")]
    [InlineData("""{"Method":"GET","QueryParameters":"a=b"}""")]
    [InlineData("""{"Method":"POST","Transform":{"RequestBodyEncoding":"GZIP"}}""")]
    [InlineData("""{"Method":"POST","Transform":{"RequestBodyEncoding":"URL_ENCODED","RequestEncodingOptions":{"ArrayFormat":"X"}}}""")]
    public async Task Parameters_that_cannot_be_used_are_refused_without_a_call(string parameters)
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "{}");

        TaskRefused refused = await RefusedAsync(server, parameters);

        Assert.Equal("States.Runtime", refused.Error);
        Assert.Empty(server.Received);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task So_many_headers_may_be_sent_and_no_more(int beyond, bool sent)
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "{}");
        var headers = new JsonObjectBuilder();
        for (int i = 0; i < Development.MaxRequestHeaders + beyond; i++)
        {
            headers.Add($"X-{i}", JsonNumber.Of(i));
        }

        TaskOutcome outcome = await InvokeAsync(
            server, JsonObject.Of(new JsonProperty("Method", JsonString.Of("GET")), new JsonProperty("Headers", headers.Build())).ToString(), Development, "/");

        Assert.Equal(sent, outcome is TaskAnswered);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task An_output_may_be_as_large_as_a_payload_and_no_larger(int beyond, bool accepted)
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "{}");
        TaskOutcome outcome = await InvokeAsync(server, """{"Method":"GET"}""", Development, "/");
        int size = Assert.IsType<TaskAnswered>(outcome).Output.Utf8Length;

        outcome = await InvokeAsync(server, """{"Method":"GET"}""", Development with { MaxPayloadBytes = size - beyond }, "/");

        Assert.Equal(accepted, outcome is TaskAnswered);
    }

    private static async Task<JsonObject> AnsweredAsync(LoopbackServer server, string parameters, string path = "/")
    {
        TaskOutcome outcome = await InvokeAsync(server, parameters, Development, path);
        return Assert.IsType<JsonObject>(Assert.IsType<TaskAnswered>(outcome).Output);
    }

    private static async Task<TaskRefused> RefusedAsync(LoopbackServer server, string parameters, TargetOptions? options = null) =>
        Assert.IsType<TaskRefused>(await InvokeAsync(server, parameters, options ?? Development, "/"));

    private static async Task<TaskOutcome> InvokeAsync(LoopbackServer server, string parameters, TargetOptions options, string path)
    {
        using OutgoingHttp http = FunctionTargetTests.Http(options);
        var target = new HttpInvokeTarget(http, options, NoConnections, TimeProvider.System);
        JsonValue whole = ((JsonObject)JsonValue.Parse(parameters)).With("ApiEndpoint", JsonString.Of(new Uri(server.Url, path).OriginalString));
        return await target.InvokeAsync(Invocations.OfService("http", "invoke", whole.ToString()), TestContext.Current.CancellationToken);
    }
}
