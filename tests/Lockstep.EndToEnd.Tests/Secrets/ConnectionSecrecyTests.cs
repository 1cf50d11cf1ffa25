using System.Text.Json.Nodes;
using Lockstep.EndToEnd.Tests.Serving;
using Lockstep.EndToEnd.Tests.Telemetry;
using Lockstep.TestKit.Processes;

namespace Lockstep.EndToEnd.Tests.Secrets;

/// <summary>Secrets of connections reach the endpoints that they are for, and nothing else that a real server says, sends or keeps.</summary>
public sealed class ConnectionSecrecyTests
{
    private const int TimeoutMilliseconds = 120_000;
    private const string LogGroup = "/aws/vendedlogs/states/calls";

    private const string Definition = """
        {
          "StartAt": "Call",
          "States": {
            "Call": {
              "Type": "Task",
              "Resource": "arn:aws:states:::http:invoke",
              "Parameters": {
                "ApiEndpoint.$": "$.url",
                "Method": "POST",
                "InvocationConfig": { "ConnectionArn.$": "$.connection" },
                "RequestBody": { "visible": "visible-body" }
              },
              "End": true
            }
          }
        }
        """;

    private static readonly HiddenText _apiKey = new("hidden-api-key-3f9c");
    private static readonly HiddenText _password = new("hidden-password-71ab");
    private static readonly HiddenText _clientSecret = new("hidden-client-secret-c05d");
    private static readonly HiddenText _accessToken = new("hidden-access-token-88e2");
    private static readonly HiddenText _header = new("hidden-header-value-5d41");
    private static readonly HiddenText _query = new("hidden-query-value-a9b7");
    private static readonly HiddenText _body = new("hidden-body-value-e610");
    private static readonly HiddenText _tokenBody = new("hidden-token-body-2c73");

    private static readonly HiddenText[] _secrets = [_apiKey, _password, _clientSecret, _accessToken, _header, _query, _body, _tokenBody];

    private readonly List<(string Where, byte[] What)> _told = [];

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Secrets_of_a_connection_are_sent_to_its_endpoint_and_are_nowhere_else()
    {
        using var folder = new TemporaryFolder();
        await using Collector collector = await Collector.StartAsync();
        await using GuardedEndpoint endpoint = await GuardedEndpoint.StartAsync(_accessToken.Secret);
        await using TestServer server = await TestServer.StartAsync(
            folder, new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Endpoint }, "--set", "Lockstep:LogLevel=Trace");

        Dictionary<string, string> connections = await PutConnectionsAsync(server, endpoint);
        await ExecuteAsync(server, endpoint, connections);
        await TestAsync(server, endpoint, connections);
        await TellFilesAsync("database while the server runs", folder, "*.db*");
        Assert.Equal(0, await server.Process.TerminateAsync(TestContext.Current.CancellationToken));
        await TellFilesAsync("folder", folder, "*");
        Tell("standard output", server.Process.Output);
        Tell("log", server.Process.Error);
        foreach (byte[] body in collector.Bodies)
        {
            _told.Add(("telemetry", body));
        }

        string sent = string.Join('\n', endpoint.Received);
        Assert.All(_secrets, secret => Assert.True(secret.IsIn(sent), $"{secret.Secret} was not sent."));
        Assert.Equal(
            [],
            from told in _told
            from secret in _secrets
            where secret.IsIn(told.What)
            select $"{secret.Secret} is in the {told.Where}.");
        AssertToldAtAll("visible-user", "answer of the API", "folder");
        AssertToldAtAll("visible-body", "history", "log events", "test at TRACE", "folder");
        AssertToldAtAll("visible-denial", "history", "execution", "log events", "test at INFO");
        AssertToldAtAll("http:invoke", "telemetry");
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task A_test_that_reveals_secrets_shows_them_at_trace_alone()
    {
        using var folder = new TemporaryFolder();
        await using GuardedEndpoint endpoint = await GuardedEndpoint.StartAsync(_accessToken.Secret);
        await using TestServer server = await TestServer.StartAsync(folder, "--set", "Lockstep:LogLevel=Trace");
        Dictionary<string, string> connections = await PutConnectionsAsync(server, endpoint);

        string revealed = "";
        foreach (string name in (string[])["key", "basic", "oauth"])
        {
            revealed += await TestAsync(server, connections[name], endpoint.Url + "/fine", "TRACE", reveal: true);
            string without = await TestAsync(server, connections[name], endpoint.Url + "/fine", "DEBUG", reveal: true);
            Assert.DoesNotContain(_secrets, secret => secret.IsIn(without));
        }

        Assert.All([_apiKey, _password, _accessToken, _header, _query, _body], secret => Assert.True(secret.IsIn(revealed), $"{secret.Secret} is not shown."));
        Assert.Equal(0, await server.Process.TerminateAsync(TestContext.Current.CancellationToken));
        Assert.DoesNotContain(_secrets, secret => secret.IsIn(server.Process.Error + server.Process.Output));
    }

    private static JsonObject Parameters() => new()
    {
        ["headerParameters"] = new JsonArray(new JsonObject { ["key"] = "X-Hidden", ["value"] = _header.Secret }),
        ["queryStringParameters"] = new JsonArray(new JsonObject { ["key"] = "hidden", ["value"] = _query.Secret }),
        ["bodyParameters"] = new JsonArray(new JsonObject { ["key"] = "hidden", ["value"] = _body.Secret }),
    };

    private static JsonObject Connection(string type, string member, JsonObject settings) => new()
    {
        ["authorizationType"] = type,
        ["authParameters"] = new JsonObject { [member] = settings, ["invocationHttpParameters"] = Parameters() },
    };

    private static JsonObject OAuth(string authorizationEndpoint) => Connection("OAUTH_CLIENT_CREDENTIALS", "oauthParameters", new JsonObject
    {
        ["authorizationEndpoint"] = authorizationEndpoint,
        ["httpMethod"] = "POST",
        ["clientParameters"] = new JsonObject { ["clientId"] = "visible-client", ["clientSecret"] = _clientSecret.Secret },
        ["oauthHttpParameters"] = new JsonObject
        {
            ["bodyParameters"] = new JsonArray(new JsonObject { ["key"] = "hidden", ["value"] = _tokenBody.Secret }),
        },
    });

    /// <summary>Makes a connection of each kind, and one that gets no token; answers with their ARNs.</summary>
    private async Task<Dictionary<string, string>> PutConnectionsAsync(TestServer server, GuardedEndpoint endpoint)
    {
        var arns = new Dictionary<string, string>();
        foreach ((string name, JsonObject body) in (IEnumerable<(string, JsonObject)>)
        [
            ("key", Connection("API_KEY", "apiKeyAuthParameters", new JsonObject { ["apiKeyName"] = "X-Api-Key", ["apiKeyValue"] = _apiKey.Secret })),
            ("basic", Connection("BASIC", "basicAuthParameters", new JsonObject { ["username"] = "visible-user", ["password"] = _password.Secret })),
            ("oauth", OAuth(endpoint.Url + "/token")),
            ("refused", OAuth(endpoint.Url + "/token/echoing")),
        ])
        {
            JsonNode made = await server.PutAsync("v1/connections/" + name, body);
            arns[name] = (string?)made["connectionArn"] ?? "";
            Tell("answer of the API", made);
            Tell("answer of the API", await server.PutAsync("v1/connections/" + name, body));
            Tell("answer of the API", await server.GetAsync("v1/connections/" + name));
        }

        Tell("answer of the API", await server.GetAsync("v1/connections"));
        return arns;
    }

    /// <summary>Calls each way that a call can end, with every connection, and keeps all that is told of the executions.</summary>
    private async Task ExecuteAsync(TestServer server, GuardedEndpoint endpoint, Dictionary<string, string> connections)
    {
        await server.PostAsync("v1/state-machines", new JsonObject
        {
            ["name"] = "calls",
            ["type"] = "STANDARD",
            ["definition"] = JsonNode.Parse(Definition),
            ["loggingConfiguration"] = new JsonObject
            {
                ["level"] = "ALL",
                ["includeExecutionData"] = true,
                ["destinations"] = new JsonArray(new JsonObject
                {
                    ["cloudWatchLogsLogGroup"] = new JsonObject { ["logGroupArn"] = $"arn:aws:logs:local:000000000001:log-group:{LogGroup}:*" },
                }),
            },
        });
        foreach ((string name, string arn) in connections)
        {
            foreach ((string path, string expected) in (IEnumerable<(string, string)>)
                [("/fine", ""), ("/denied", "States.Http.StatusCode.401"), ("/elsewhere", "States.Http.StatusCode.302"), ("/broken", "States.Http.Socket")])
            {
                string id = await server.StartExecutionAsync("calls", input: new JsonObject { ["url"] = endpoint.Url + path, ["connection"] = arn });
                JsonNode execution = await server.WaitForEndAsync(id);
                Assert.Equal(name == "refused" ? "Events.ConnectionResource.InvalidConnectionState" : expected, (string?)execution["error"] ?? "");
                Tell("execution", execution);
                Tell("execution", await server.DescribeAsync(id));
                foreach (JsonNode happened in await server.HistoryAsync(id))
                {
                    Tell("history", happened);
                }

                Tell("log events", await server.GetAsync($"v1/log-events?logGroup={LogGroup}&execution={Uri.EscapeDataString(id)}"));
            }
        }
    }

    /// <summary>Tests a state that calls, at each level of inspection.</summary>
    private async Task TestAsync(TestServer server, GuardedEndpoint endpoint, Dictionary<string, string> connections)
    {
        foreach (string arn in connections.Values)
        {
            foreach (string level in (string[])["INFO", "DEBUG", "TRACE"])
            {
                foreach (string path in (string[])["/fine", "/denied", "/broken"])
                {
                    Tell("test at " + level, await TestAsync(server, arn, endpoint.Url + path, level, reveal: false));
                }
            }
        }
    }

    private static async Task<string> TestAsync(TestServer server, string connection, string url, string level, bool reveal) =>
        (await server.PostAsync("v1/test-state", new JsonObject
        {
            ["definition"] = JsonNode.Parse(Definition),
            ["stateName"] = "Call",
            ["input"] = new JsonObject { ["url"] = url, ["connection"] = connection },
            ["inspectionLevel"] = level,
            ["revealSecrets"] = reveal,
        })).ToJsonString();

    private async Task TellFilesAsync(string where, TemporaryFolder folder, string pattern)
    {
        foreach (string file in Directory.EnumerateFiles(folder.PathOf("data"), pattern, SearchOption.AllDirectories))
        {
            await using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            await content.CopyToAsync(copy, TestContext.Current.CancellationToken);
            _told.Add((where, copy.ToArray()));
        }
    }

    private void Tell(string where, JsonNode what) => Tell(where, what.ToJsonString());

    private void Tell(string where, string what) => _told.Add((where, System.Text.Encoding.UTF8.GetBytes(what)));

    /// <summary>What may be seen is seen in these places, so looking there is worth something.</summary>
    private void AssertToldAtAll(string text, params string[] places)
    {
        var visible = new HiddenText(text);
        Assert.All(places, place => Assert.True(_told.Any(told => told.Where == place && visible.IsIn(told.What)), $"{text} is not in the {place}."));
    }
}
