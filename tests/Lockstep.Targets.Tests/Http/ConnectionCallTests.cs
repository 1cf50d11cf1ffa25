using Lockstep.Service.Targets;
using Lockstep.Service.Tenancy;
using Lockstep.Targets.Tests.Fakes;

namespace Lockstep.Targets.Tests.Http;

public sealed class ConnectionCallTests
{
    private const string Secret = "sekret-recognisable";
    private const string Hidden = "HIDDEN_DUE_TO_SECURITY_REASONS";

    private const string ApiKey = """{"authorizationType":"API_KEY","authParameters":{"apiKeyAuthParameters":{"apiKeyName":"X-Key","apiKeyValue":"sekret-recognisable"}}}""";

    private const string Everything = """
        {"authorizationType":"BASIC","authParameters":{"basicAuthParameters":{"username":"ann","password":"sekret-recognisable"},
          "invocationHttpParameters":{
            "headerParameters":[{"key":"x-both","value":"sekret-recognisable"},{"key":"content-type","value":"application/vnd.c+json","isValueSecret":false}],
            "queryStringParameters":[{"key":"both","value":"of connection"},{"key":"own","value":"sekret-recognisable"}],
            "bodyParameters":[{"key":"Mode","value":"sekret-recognisable"},{"key":"Own","value":"b"}]}}}
        """;

    [Fact]
    public async Task An_api_key_goes_in_its_field()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "{}");
        using var world = new ConnectionWorld();
        string arn = await world.PutAsync(ApiKey);

        Assert.IsType<TaskAnswered>(await world.CallAsync(server.Url, arn, """{"Method":"GET","Headers":{"x-key":"mine"}}"""));

        Assert.Equal(Secret, server.Received.Single().Headers["X-Key"]);
    }

    [Fact]
    public async Task What_the_connection_says_wins_over_what_the_definition_says()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "{}");
        using var world = new ConnectionWorld();
        string arn = await world.PutAsync(Everything);

        await world.CallAsync(
            server.Url,
            arn,
            """{"Method":"POST","Headers":{"Authorization":"mine","X-Both":"mine","X-Mine":"m","Content-Type":"text/plain"},"QueryParameters":{"both":"mine","mine":1},"RequestBody":{"Job":"j","Mode":"mine"} }""");

        ReceivedRequest request = server.Received.Single();
        Assert.Equal("Basic YW5uOnNla3JldC1yZWNvZ25pc2FibGU=", request.Headers["Authorization"]);
        Assert.Equal((Secret, "m", "application/vnd.c+json"), (request.Headers["X-Both"], request.Headers["X-Mine"], request.Headers["Content-Type"]));
        Assert.Equal("/?both=of%20connection&mine=1&own=sekret-recognisable", request.Target);
        Assert.Equal("""{"Job":"j","Mode":"sekret-recognisable","Own":"b"}""", request.Body);
    }

    [Theory]
    [InlineData("""{"Method":"POST","RequestBody":"text"}""")]
    [InlineData("""{"Method":"POST","RequestBody":[1]}""")]
    [InlineData("""{"Method":"POST","QueryParameters":"a=b"}""")]
    public async Task Where_the_definition_has_no_object_nothing_can_be_added(string parameters)
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "{}");
        using var world = new ConnectionWorld();
        string arn = await world.PutAsync(Everything);

        TaskRefused refused = Assert.IsType<TaskRefused>(await world.CallAsync(server.Url, arn, parameters));

        Assert.Equal("States.Runtime", refused.Error);
        Assert.DoesNotContain(Secret, refused.Cause, StringComparison.Ordinal);
        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task Without_a_body_of_the_definition_the_connection_makes_one()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "{}");
        using var world = new ConnectionWorld();
        await world.CallAsync(server.Url, await world.PutAsync(Everything));
        Assert.Equal("""{"Mode":"sekret-recognisable","Own":"b"}""", server.Received.Single().Body);
    }

    [Fact]
    public async Task A_connection_of_another_tenant_is_not_found_just_as_one_that_is_not_there()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "{}");
        using var world = new ConnectionWorld();
        Assert.True(TenantId.TryParse("000000000002", out TenantId other));
        string theirs = await world.PutAsync(ApiKey, other);
        string nobodys = theirs[..^12] + "000000000000";
        foreach (string arn in (string[])[theirs, nobodys, theirs.Replace("000000000002", "000000000001", StringComparison.Ordinal), "c", ""])
        {
            TaskRefused refused = Assert.IsType<TaskRefused>(await world.CallAsync(server.Url, arn));
            Assert.Equal(("Events.ConnectionResource.ResourceNotFound", $"Connection {arn} does not exist."), (refused.Error, refused.Cause));
        }

        Assert.Empty(server.Received);
    }

    [Theory]
    [InlineData("""{"Authentication":{}}""")]
    [InlineData("""{"Authentication":"arn"}""")]
    [InlineData("""{"InvocationConfig":{"ConnectionArn":7}}""")]
    [InlineData("""{"InvocationConfig":null}""")]
    [InlineData("""{"InvocationConfig":{"ConnectionArn":"a"},"Authentication":{"ConnectionArn":"b"}}""")]
    public async Task A_connection_that_is_named_wrongly_is_not_left_out(string parameters)
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "{}");
        using var world = new ConnectionWorld();

        TaskOutcome outcome = await world.InvokeAsync($$"""{"ApiEndpoint":"{{server.Url}}","Method":"GET",{{parameters[1..]}}""");

        Assert.Equal("States.Runtime", Assert.IsType<TaskRefused>(outcome).Error);
        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task Authentication_names_a_connection_as_well()
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(200, "{}");
        using var world = new ConnectionWorld();
        string arn = await world.PutAsync(ApiKey);
        await world.InvokeAsync($$"""{"ApiEndpoint":"{{server.Url}}","Method":"GET","Authentication":{"ConnectionArn":"{{arn}}"} }""");
        Assert.Equal(Secret, server.Received.Single().Headers["X-Key"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_tests_a_call_sees_secrets_only_when_asked_for(bool reveal)
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(401, "{}");
        using var world = new ConnectionWorld();
        var exchange = new HttpExchange { RevealSecrets = reveal };

        await world.CallAsync(server.Url, await world.PutAsync(Everything), """{"Method":"POST","Headers":{"X-Mine":"m"},"RequestBody":{"Job":"j"} }""", exchange);

        string shown = exchange.ToJson()?.ToString() ?? "";
        Assert.Equal(reveal, shown.Contains(Secret, StringComparison.Ordinal));
        Assert.Equal(reveal, shown.Contains("YW5uOnNla3Jl", StringComparison.Ordinal));
        Assert.Equal(!reveal, shown.Contains($"Authorization: {Hidden}", StringComparison.Ordinal));
        Assert.Equal(!reveal, shown.Contains($"own={Hidden}", StringComparison.Ordinal));
        Assert.Contains("X-Mine: m", shown, StringComparison.Ordinal);
        Assert.Contains("\\\"Job\\\":\\\"j\\\"", shown, StringComparison.Ordinal);
        Assert.Equal("Basic YW5uOnNla3JldC1yZWNvZ25pc2FibGU=", server.Received.Single().Headers["Authorization"]);
    }
}
