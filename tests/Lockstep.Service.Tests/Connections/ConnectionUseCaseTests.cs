using Lockstep.Json;
using Lockstep.Service.Connections;
using Lockstep.Service.Errors;
using Lockstep.Service.Limits;
using Lockstep.Service.Tenancy;
using Lockstep.Service.Tests.Memory;

namespace Lockstep.Service.Tests.Connections;

public sealed class ConnectionUseCaseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Basic(string password = "p", string more = "") =>
        $$$$"""{"authorizationType":"BASIC","authParameters":{"basicAuthParameters":{"username":"u","password":"{{{{password}}}}"}{{{{more}}}}}}""";

    [Theory]
    [InlineData("""{}""", "/authorizationType")]
    [InlineData("""{"authorizationType":"NONE","authParameters":{}}""", "/authorizationType")]
    [InlineData("""{"authorizationType":"BASIC"}""", "/authParameters")]
    [InlineData("""{"authorizationType":"BASIC","authParameters":{}}""", "/authParameters/basicAuthParameters")]
    [InlineData("""{"authorizationType":"BASIC","authParameters":{"basicAuthParameters":{"username":"u"}}}""", "/authParameters/basicAuthParameters/password")]
    [InlineData("""{"authorizationType":"BASIC","authParameters":{"basicAuthParameters":{"username":"u:v","password":"sekret"}}}""", "/authParameters/basicAuthParameters/username")]
    [InlineData("""{"authorizationType":"BASIC","authParameters":{"basicAuthParameters":{"username":"u","password":"sek\nret"}}}""", "/authParameters/basicAuthParameters/password")]
    [InlineData("""{"authorizationType":"BASIC","authParameters":{"basicAuthParameters":{"username":"u","password":"sekret\ud800"}}}""", "/authParameters/basicAuthParameters/password")]
    [InlineData("""{"authorizationType":"BASIC","authParameters":{"basicAuthParameters":{"username":"u","password":7}}}""", "/authParameters/basicAuthParameters/password")]
    [InlineData(
        """{"authorizationType":"BASIC","authParameters":{"basicAuthParameters":{"username":"u","password":"p"},"apiKeyAuthParameters":{"apiKeyName":"k","apiKeyValue":"v"}}}""",
        "/authParameters/apiKeyAuthParameters")]
    [InlineData("""{"authorizationType":"API_KEY","authParameters":{"apiKeyAuthParameters":{"apiKeyName":"Host","apiKeyValue":"v"}}}""", "/authParameters/apiKeyAuthParameters/apiKeyName")]
    [InlineData("""{"authorizationType":"API_KEY","authParameters":{"apiKeyAuthParameters":{"apiKeyName":"a b","apiKeyValue":"v"}}}""", "/authParameters/apiKeyAuthParameters/apiKeyName")]
    [InlineData("""{"authorizationType":"API_KEY","authParameters":{"apiKeyAuthParameters":{"apiKeyName":"k","apiKeyValue":"sekr\u00e9t"}}}""", "/authParameters/apiKeyAuthParameters/apiKeyValue")]
    [InlineData("""{"authorizationType":"API_KEY","authParameters":{"apiKeyAuthParameters":{"apiKeyName":"k","apiKeyValue":""}}}""", "/authParameters/apiKeyAuthParameters/apiKeyValue")]
    [InlineData("""{"authorizationType":"BASIC","authParameters":{"basicAuthParameters":{"username":"u","password":"p"}},"sekret":1}""", "/sekret")]
    public async Task What_is_wrong_with_settings_is_said_with_its_place_and_without_values(string body, string place)
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        Result<PutConnectionOutcome> put = await PutAsync(platform, "c", body);
        Assert.Equal((ErrorCodes.Validation, place), (put.Error?.Code, put.Error?.Target));
        Assert.True(place == "/sekret" || put.Error?.Message.Contains("sek", StringComparison.Ordinal) == false);
    }

    [Theory]
    [InlineData("""{"headerParameters":[{"key":"X-Amz-Date","value":"v"}]}""", "/headerParameters/0/key")]
    [InlineData("""{"headerParameters":[{"key":"X-A","value":"v"},{"key":"x-a","value":"w"}]}""", "/headerParameters/1/key")]
    [InlineData("""{"headerParameters":[{"key":"X-A","value":"a\u00e4"}]}""", "/headerParameters/0/value")]
    [InlineData("""{"queryStringParameters":[{"key":"a","value":"v"},{"key":"a","value":"w"}]}""", "/queryStringParameters/1/key")]
    [InlineData("""{"queryStringParameters":{}}""", "/queryStringParameters")]
    [InlineData("""{"bodyParameters":["a"]}""", "/bodyParameters/0")]
    [InlineData("""{"bodyParameters":[{"key":"a"}]}""", "/bodyParameters/0/value")]
    [InlineData("""{"bodyParameters":[{"key":"a","value":"v","isValueSecret":"yes"}]}""", "/bodyParameters/0/isValueSecret")]
    [InlineData("""{"bodyParameters":[{"key":"a","value":"v","secret":true}]}""", "/bodyParameters/0/secret")]
    [InlineData("""{"pathParameters":[]}""", "/pathParameters")]
    public async Task What_is_wrong_with_a_parameter_is_said_with_its_place(string parameters, string place)
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        Result<PutConnectionOutcome> put = await PutAsync(platform, "c", Basic(more: $""","invocationHttpParameters":{parameters}"""));
        Assert.Equal("/authParameters/invocationHttpParameters" + place, put.Error?.Target);
    }

    [Theory]
    [InlineData("https://a.example/token", "POST", null)]
    [InlineData("http://a.example/token", "POST", "/authorizationEndpoint")]
    [InlineData("https://u:p@a.example/token", "GET", "/authorizationEndpoint")]
    [InlineData("https://a.example/#f", "GET", "/authorizationEndpoint")]
    [InlineData("/token", "PUT", "/authorizationEndpoint")]
    [InlineData("https://a.example/", "PATCH", "/httpMethod")]
    public async Task The_endpoint_of_tokens_is_an_https_address(string endpoint, string method, string? place)
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        Result<PutConnectionOutcome> put = await PutAsync(platform, "c", OAuth(endpoint, method));
        Assert.Equal(place is null ? null : "/authParameters/oauthParameters" + place, put.Error?.Target);
    }

    [Fact]
    public async Task Plain_http_is_for_development()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync(settings: new ServiceSettings { AllowPlainHttpFunctions = true });
        Assert.True((await PutAsync(platform, "c", OAuth("http://127.0.0.1:9/", "POST"))).Succeeded);
    }

    [Fact]
    public async Task Connections_keep_to_their_limits()
    {
        ServiceLimits limits = ServiceLimits.Default with { MaxConnections = 1, MaxConnectionTextLength = 600, MaxConnectionParameters = 2, MaxConnectionBytes = 2_000 };
        MemoryPlatform platform = await MemoryPlatform.CreateAsync(limits);
        async Task<string?> Put(string name, string body) => (await PutAsync(platform, name, body)).Error?.Code;
        string List(string name, int count) =>
            $$""","invocationHttpParameters":{"{{name}}":[{{string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"key":"k{{i}}","value":"v"}"""))}}]}""";
        string longest = new('n', 64);

        Assert.Null(await Put(longest, Basic()));
        Assert.Equal(ErrorCodes.InvalidName, await Put(longest + "n", Basic()));
        Assert.Equal(ErrorCodes.InvalidName, await Put("", Basic()));
        Assert.Equal(ErrorCodes.InvalidName, await Put("a/b", Basic()));
        Assert.Equal(ErrorCodes.ConnectionLimitExceeded, await Put("other", Basic()));
        Assert.Null(await Put(longest, Basic(new string('p', 600))));
        Assert.Equal(ErrorCodes.Validation, await Put(longest, Basic(new string('p', 601))));
        foreach (string list in (string[])["headerParameters", "queryStringParameters", "bodyParameters"])
        {
            Assert.Null(await Put(longest, Basic(more: List(list, 2))));
            Assert.Equal(ErrorCodes.Validation, await Put(longest, Basic(more: List(list, 3))));
        }

        string Body(int bytes) => Basic(more: $$$""","invocationHttpParameters":{"bodyParameters":[{"key":"k","value":"{{{new string('v', bytes)}}}","isValueSecret":true}]}""");
        int rest = 2_000 - JsonValue.Parse(Body(0)).Utf8Length;
        Assert.Null(await Put(longest, Body(rest)));
        Assert.Equal(ErrorCodes.PayloadTooLarge, await Put(longest, Body(rest + 1)));
    }

    [Fact]
    public async Task Settings_come_back_whole_to_a_call_also_after_limits_were_lowered()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        string body = OAuth("https://a.example/t", "GET")[..^2] + ""","invocationHttpParameters":{"bodyParameters":[{"key":"b","value":"","isValueSecret":false}]}}}""";
        string arn = (await PutAsync(platform, "c", body)).Value?.Connection.Arn ?? "";

        Result<OpenConnection> open = await platform.Service.Connections.OpenAsync(MemoryPlatform.Anna, arn, Cancellation);

        Assert.Matches("^arn:aws:events:local:000000000001:connection/c/[0-9a-f-]{36}$", arn);
        OAuthAuthorization client = Assert.IsType<OAuthAuthorization>(open.Value?.Settings.Authorization);
        Assert.Equal(("https://a.example/t", "GET", "id", "sekret"), (client.Endpoint.ToString(), client.Method, client.ClientId, client.ClientSecret));
        Assert.Equal([new ConnectionParameter("b", "", false)], open.Value?.Settings.Parameters.Body);
        Assert.DoesNotContain("sekret", $"{open.Value} {open.Value?.Settings} {client}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("arn:aws:events:eu-west-1:000000000001:connection/c/{0}", true)]
    [InlineData("arn:aws-cn:events:local:000000000001:connection/c/{0}", true)]
    [InlineData("arn:aws:events:local:000000000002:connection/c/{0}", false)]
    [InlineData("arn:aws:events:local:000000000001:connection/d/{0}", false)]
    [InlineData("arn:aws:events:local:000000000001:connection/c/00000000-0000-0000-0000-000000000000", false)]
    [InlineData("arn:aws:events:local:000000000001:connection/c", false)]
    [InlineData("arn:aws:events:local:000000000001:connection/c/{0}/x", false)]
    [InlineData("arn:aws:events:local:000000000001:event-bus/c/{0}", false)]
    [InlineData("arn:aws:states:local:000000000001:connection/c/{0}", false)]
    [InlineData("c", false)]
    [InlineData("", false)]
    public async Task A_connection_is_found_by_its_own_arn_of_any_region(string pattern, bool found)
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        Guid id = (await PutAsync(platform, "c", Basic())).Value?.Connection.Summary.Id ?? Guid.Empty;
        string arn = pattern.Replace("{0}", id.ToString(), StringComparison.Ordinal);

        Result<OpenConnection> open = await platform.Service.Connections.OpenAsync(MemoryPlatform.Anna, arn, Cancellation);

        Assert.Equal(found ? null : ErrorCodes.ConnectionDoesNotExist, open.Error?.Code);
        Result<OpenConnection> stranger = await platform.Service.Connections.OpenAsync(MemoryPlatform.Bert, arn, Cancellation);
        Assert.Equal(new ServiceError(ErrorCodes.ConnectionDoesNotExist, "There is no such connection."), stranger.Error);
    }

    [Fact]
    public async Task Replaced_it_keeps_its_arn_and_made_anew_it_has_another()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        ConnectionUseCases connections = platform.Service.Connections;
        string first = (await PutAsync(platform, "c", Basic("one"))).Value?.Connection.Arn ?? "";
        platform.Time.Advance(TimeSpan.FromSeconds(1));
        PutConnectionOutcome? replaced = (await PutAsync(platform, "c", Basic("two"))).Value;
        Assert.Equal((first, false), (replaced?.Connection.Arn, replaced?.Created));
        Assert.Equal(TimeSpan.FromSeconds(1), replaced?.Connection.Summary.UpdatedAt - replaced?.Connection.Summary.CreatedAt);
        OpenConnection? open = (await connections.OpenAsync(MemoryPlatform.Anna, first, Cancellation)).Value;
        Assert.Equal(new BasicAuthorization("u", "two"), open?.Settings.Authorization);

        await connections.DeleteAsync(MemoryPlatform.Anna, "c", Cancellation);
        string second = (await PutAsync(platform, "c", Basic())).Value?.Connection.Arn ?? "";
        Assert.NotEqual(first, second);
        Assert.Equal(ErrorCodes.ConnectionDoesNotExist, (await connections.OpenAsync(MemoryPlatform.Anna, first, Cancellation)).Error?.Code);
        Assert.True((await connections.OpenAsync(MemoryPlatform.Anna, second, Cancellation)).Succeeded);
    }

    [Fact]
    public async Task A_row_that_was_copied_elsewhere_opens_to_nothing()
    {
        MemoryPlatform platform = await MemoryPlatform.CreateAsync();
        ConnectionUseCases connections = platform.Service.Connections;
        await PutAsync(platform, "c", Basic());
        ConnectionRecord row = await platform.Connections.FindAsync(MemoryPlatform.Anna, "c", Cancellation) ?? throw new InvalidOperationException("It was put.");
        foreach ((TenantId tenant, string name) in new[] { (MemoryPlatform.Bert, "c"), (MemoryPlatform.Anna, "d") })
        {
            ConnectionRecord copy = row with { Summary = row.Summary with { Tenant = tenant, Name = name } };
            platform.Connections.Overwrite(copy);
            Result<OpenConnection> open = await connections.OpenAsync(tenant, connections.ArnOf(copy.Summary), Cancellation);
            Assert.Equal(ErrorCodes.InternalError, open.Error?.Code);
        }
    }

    private static string OAuth(string endpoint, string method) => $$$$$"""
        {"authorizationType":"OAUTH_CLIENT_CREDENTIALS","authParameters":{"oauthParameters":{
        "authorizationEndpoint":"{{{{{endpoint}}}}}","httpMethod":"{{{{{method}}}}}","clientParameters":{"clientId":"id","clientSecret":"sekret"}}}}
        """;

    private static ValueTask<Result<PutConnectionOutcome>> PutAsync(MemoryPlatform platform, string name, string body) =>
        platform.Service.Connections.PutAsync(MemoryPlatform.Anna, name, (JsonObject)JsonValue.Parse(body), Cancellation);
}
