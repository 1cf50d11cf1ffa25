using System.Globalization;
using Lockstep.Service.Targets;
using Lockstep.Targets.Tests.Fakes;
using Microsoft.AspNetCore.Http;

namespace Lockstep.Targets.Tests.Http;

public sealed class OAuthCallTests
{
    private const string Secret = "sekret-recognisable";

    [Fact]
    public async Task A_token_is_fetched_once_and_kept_until_shortly_before_it_expires()
    {
        await using LoopbackServer server = await StartAsync(_ => 200, expiresIn: "100");
        using var world = new ConnectionWorld();
        string arn = await world.PutAsync(Settings(server.Url));

        await world.CallAsync(server.Url, arn);
        world.Time.Advance(TimeSpan.FromSeconds(89));
        await world.CallAsync(server.Url, arn);
        Assert.Equal(["/token", "/ token-1", "/ token-1"], Seen(server));
        world.Time.Advance(TimeSpan.FromSeconds(1));
        await world.CallAsync(server.Url, arn);

        Assert.Equal(["/token", "/ token-1", "/ token-1", "/token", "/ token-2"], Seen(server));
        ReceivedRequest asked = server.Received.First();
        Assert.Equal(("POST", "grant_type=client_credentials"), (asked.Method, asked.Body));
        Assert.Equal("application/x-www-form-urlencoded", asked.Headers["Content-Type"]);
        Assert.Equal(ConnectionBasic("id", Secret), asked.Headers["Authorization"]);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(407)]
    public async Task A_token_that_is_not_accepted_is_fetched_anew_once_and_the_call_made_once_more(int status)
    {
        await using LoopbackServer server = await StartAsync(token => token == "token-1" ? status : 200);
        using var world = new ConnectionWorld();
        string arn = await world.PutAsync(Settings(server.Url));

        Assert.IsType<TaskAnswered>(await world.CallAsync(server.Url, arn));

        Assert.Equal(["/token", "/ token-1", "/token", "/ token-2"], Seen(server));
    }

    [Fact]
    public async Task A_second_refusal_is_the_outcome()
    {
        await using LoopbackServer server = await StartAsync(_ => 401);
        using var world = new ConnectionWorld();

        TaskRefused refused = Assert.IsType<TaskRefused>(await world.CallAsync(server.Url, await world.PutAsync(Settings(server.Url))));

        Assert.Equal("States.Http.StatusCode.401", refused.Error);
        Assert.Equal(["/token", "/ token-1", "/token", "/ token-2"], Seen(server));
    }

    [Fact]
    public async Task Other_refusals_fetch_no_token()
    {
        await using LoopbackServer server = await StartAsync(_ => 403);
        using var world = new ConnectionWorld();
        await world.CallAsync(server.Url, await world.PutAsync(Settings(server.Url)));
        Assert.Equal(["/token", "/ token-1"], Seen(server));
    }

    [Fact]
    public async Task A_connection_that_was_put_anew_has_no_token()
    {
        await using LoopbackServer server = await StartAsync(_ => 200);
        using var world = new ConnectionWorld();
        string arn = await world.PutAsync(Settings(server.Url));
        await world.CallAsync(server.Url, arn);
        Assert.Equal(arn, await world.PutAsync(Settings(server.Url)));
        await world.CallAsync(server.Url, arn);
        Assert.Equal(["/token", "/ token-1", "/token", "/ token-2"], Seen(server));
    }

    [Fact]
    public async Task Parameters_of_the_connection_go_along_and_win()
    {
        await using LoopbackServer server = await StartAsync(_ => 200);
        using var world = new ConnectionWorld();
        await world.CallAsync(server.Url, await world.PutAsync(Settings(
            server.Url,
            parameters: """
                ,"oauthHttpParameters":{"headerParameters":[{"key":"Authorization","value":"mine"},{"key":"Content-Type","value":"application/json"}],
                "queryStringParameters":[{"key":"q","value":"a b"}],"bodyParameters":[{"key":"grant_type","value":"other"},{"key":"audience","value":"x"}]}
                """)));
        ReceivedRequest asked = server.Received.First();
        Assert.Equal(("mine", "application/json"), (asked.Headers["Authorization"], asked.Headers["Content-Type"]));
        Assert.Equal(("/token?q=a%20b", """{"grant_type":"other","audience":"x"}"""), (asked.Target, asked.Body));
    }

    [Fact]
    public async Task With_get_the_grant_is_in_the_query()
    {
        await using LoopbackServer server = await StartAsync(_ => 200);
        using var world = new ConnectionWorld();
        await world.CallAsync(server.Url, await world.PutAsync(Settings(server.Url, method: "GET")));
        ReceivedRequest asked = server.Received.First();
        Assert.Equal(("GET", "/token?grant_type=client_credentials", ""), (asked.Method, asked.Target, asked.Body));
    }

    [Theory]
    [InlineData(400, """{"error":"sekret-recognisable"}""", "status 400")]
    [InlineData(302, "", "status 302")]
    [InlineData(200, "sekret-recognisable", "access_token")]
    [InlineData(200, """{"token":"sekret-recognisable"}""", "access_token")]
    [InlineData(200, """{"access_token":""}""", "access_token")]
    [InlineData(200, """{"access_token":"sekret\nrecognisable"}""", "access_token")]
    public async Task Without_a_token_nothing_is_called_and_no_secret_is_told(int status, string body, string expected)
    {
        await using LoopbackServer server = await LoopbackServer.AnsweringAsync(status, body, ("Location", "/elsewhere"));
        using var world = new ConnectionWorld();

        TaskRefused refused = Assert.IsType<TaskRefused>(await world.CallAsync(server.Url, await world.PutAsync(Settings(server.Url))));

        Assert.Equal("Events.ConnectionResource.InvalidConnectionState", refused.Error);
        Assert.Contains(expected, refused.Cause, StringComparison.Ordinal);
        Assert.DoesNotContain("sekret", refused.Cause, StringComparison.Ordinal);
        Assert.Equal("/token", Assert.Single(server.Received).Target);
    }

    [Fact]
    public async Task The_authorization_endpoint_is_guarded_as_the_call_is()
    {
        await using LoopbackServer server = await StartAsync(_ => 200);
        using var world = new ConnectionWorld(new TargetOptions { AllowPlainHttp = true });

        TaskRefused refused = Assert.IsType<TaskRefused>(await world.CallAsync(new Uri("https://example.com/"), await world.PutAsync(Settings(server.Url))));

        Assert.Equal("Events.ConnectionResource.InvalidConnectionState", refused.Error);
        Assert.Empty(server.Received);
    }

    [Theory]
    [InlineData(1_024, true)]
    [InlineData(1_025, false)]
    public async Task A_token_may_be_so_long_and_no_longer(int length, bool accepted)
    {
        await using LoopbackServer server = await StartAsync(_ => 200, token: new string('t', length));
        using var world = new ConnectionWorld(new TargetOptions { DevelopmentMode = true, MaxTokenCharacters = 1_024 });
        TaskOutcome outcome = await world.CallAsync(server.Url, await world.PutAsync(Settings(server.Url)));
        Assert.Equal(accepted, outcome is TaskAnswered);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(1, 3)]
    public async Task So_many_tokens_are_in_memory_and_no_more(int most, int fetched)
    {
        await using LoopbackServer server = await StartAsync(_ => 200);
        using var world = new ConnectionWorld(new TargetOptions { DevelopmentMode = true, MaxCachedTokens = most });
        string first = await world.PutAsync(Settings(server.Url), name: "one");
        string second = await world.PutAsync(Settings(server.Url), name: "two");
        foreach (string arn in (string[])[first, second, first])
        {
            await world.CallAsync(server.Url, arn);
        }

        Assert.Equal(fetched, server.Received.Count(request => request.Target == "/token"));
    }

    [Fact]
    public async Task Whoever_tests_a_call_does_not_see_the_token()
    {
        await using LoopbackServer server = await StartAsync(_ => 200);
        using var world = new ConnectionWorld();
        var exchange = new HttpExchange();
        await world.CallAsync(server.Url, await world.PutAsync(Settings(server.Url)), exchange: exchange);
        string shown = exchange.ToJson()?.ToString() ?? "";
        Assert.Contains("Authorization: HIDDEN_DUE_TO_SECURITY_REASONS", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("token-1", shown, StringComparison.Ordinal);
    }

    private static string ConnectionBasic(string user, string password) => "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{user}:{password}"));

    private static string Settings(Uri server, string method = "POST", string parameters = "") => $$$$$"""
        {"authorizationType":"OAUTH_CLIENT_CREDENTIALS","authParameters":{"oauthParameters":{"authorizationEndpoint":"{{{{{new Uri(server, "/token")}}}}}","httpMethod":"{{{{{method}}}}}",
        "clientParameters":{"clientId":"id","clientSecret":"sekret-recognisable"}{{{{{parameters}}}}}}}}
        """;

    /// <summary>Hands out token-1, token-2 and so on, and answers calls with the status for their token.</summary>
    private static Task<LoopbackServer> StartAsync(Func<string, int> statusOf, string expiresIn = "3600", string? token = null)
    {
        int fetched = 0;
        return LoopbackServer.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            if (context.Request.Path == "/token")
            {
                string next = token ?? "token-" + Interlocked.Increment(ref fetched).ToString(CultureInfo.InvariantCulture);
                await context.Response.WriteAsync($$"""{"access_token":"{{next}}","token_type":"bearer","expires_in":{{expiresIn}}}""", context.RequestAborted);
                return;
            }

            context.Response.StatusCode = statusOf(context.Request.Headers.Authorization.ToString()["Bearer ".Length..]);
            await context.Response.WriteAsync("{}", context.RequestAborted);
        });
    }

    private static IEnumerable<string> Seen(LoopbackServer server) => server.Received.Select(request =>
        request.Target == "/token" ? "/token" : $"{request.Target} {request.Headers["Authorization"]["Bearer ".Length..]}");
}
