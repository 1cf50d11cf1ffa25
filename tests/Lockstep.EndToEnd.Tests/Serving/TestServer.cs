using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lockstep.TestKit.Processes;

namespace Lockstep.EndToEnd.Tests.Serving;

/// <summary>
/// A real server process in development mode on a port of its own, and a client that has its key. The data folder belongs to the test, so
/// that another server can be started on it.
/// </summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string ApiKey = "end-to-end-key";

    private TestServer(LockstepProcess process, Uri address)
    {
        Process = process;
        Client = new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
    }

    public LockstepProcess Process { get; }

    public HttpClient Client { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts a server and waits until it listens.</summary>
    public static Task<TestServer> StartAsync(TemporaryFolder folder, params string[] more) =>
        StartAsync(folder, new Dictionary<string, string?>(), more);

    /// <summary>Starts a server with environment variables of its own and waits until it listens.</summary>
    public static async Task<TestServer> StartAsync(TemporaryFolder folder, IReadOnlyDictionary<string, string?> environment, params string[] more)
    {
        LockstepProcess process = Launch(folder, environment, more);
        return new TestServer(process, await process.WaitUntilListeningAsync(Cancellation));
    }

    /// <summary>Starts a server without waiting, as when it is expected not to start.</summary>
    public static LockstepProcess Launch(TemporaryFolder folder, params string[] more) => Launch(folder, new Dictionary<string, string?>(), more);

    /// <summary>Starts a server with environment variables of its own, without waiting.</summary>
    public static LockstepProcess Launch(TemporaryFolder folder, IReadOnlyDictionary<string, string?> environment, params string[] more) =>
        LockstepProcess.Start(
            ["serve", "--data", folder.PathOf("data"), "--development", .. more.Contains("--urls") ? more : ["--urls", "http://127.0.0.1:0", .. more]],
            new Dictionary<string, string?>(environment) { ["LOCKSTEP_DEV_API_KEY"] = ApiKey });

    /// <summary>Sends JSON and answers with the JSON of a successful response.</summary>
    public async Task<JsonNode> PostAsync(string path, JsonNode? body)
    {
        using var content = new StringContent(body?.ToJsonString() ?? "", Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await Client.PostAsync(path, content, Cancellation);
        return await ReadAsync(response);
    }

    /// <summary>Replaces something and answers with the JSON of a successful response.</summary>
    public async Task<JsonNode> PutAsync(string path, JsonNode body)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await Client.PutAsync(path, content, Cancellation);
        return await ReadAsync(response);
    }

    /// <summary>Answers with the JSON of a successful response.</summary>
    public async Task<JsonNode> GetAsync(string path)
    {
        using HttpResponseMessage response = await Client.GetAsync(path, Cancellation);
        return await ReadAsync(response);
    }

    /// <summary>Creates a machine from the text of its definition.</summary>
    public Task<JsonNode> CreateMachineAsync(string name, string definition, string type = "STANDARD") =>
        PostAsync("v1/state-machines", new JsonObject { ["name"] = name, ["type"] = type, ["definition"] = JsonNode.Parse(definition) });

    /// <summary>Starts an execution; answers with its id.</summary>
    public async Task<string> StartExecutionAsync(string machine, string? name = null, JsonNode? input = null)
    {
        var body = new JsonObject { ["input"] = input ?? new JsonObject() };
        if (name is not null)
        {
            body["name"] = name;
        }

        return (string?)(await PostAsync($"v1/state-machines/{machine}/executions", body))["id"]
            ?? throw new InvalidOperationException("The started execution has no id.");
    }

    /// <summary>The whole execution as it stands.</summary>
    public Task<JsonNode> DescribeAsync(string id) => GetAsync("v1/executions/" + Uri.EscapeDataString(id));

    /// <summary>Follows the stream until the execution has ended; answers with the execution.</summary>
    public async Task<JsonNode> WaitForEndAsync(string id) => (await FollowAsync(id, (_, _) => false)).Last;

    /// <summary>Follows the stream until an event of a type has come; answers with its data.</summary>
    public async Task<JsonNode> WaitForEventAsync(string id, string type) => (await FollowAsync(id, (name, _) => name == type)).Last;

    /// <summary>Every event of the history.</summary>
    public async Task<IReadOnlyList<JsonNode>> HistoryAsync(string id) => (await FollowAsync(id, (_, _) => false)).Events;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Process.DisposeAsync();
    }

    private async Task<(IReadOnlyList<JsonNode> Events, JsonNode Last)> FollowAsync(string id, Func<string, JsonNode, bool> isEnough)
    {
        using HttpResponseMessage response = await Client.GetAsync(
            $"v1/executions/{Uri.EscapeDataString(id)}/stream", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation), Encoding.UTF8);
        var events = new List<JsonNode>();
        string name = "";
        var data = new StringBuilder();
        while (await reader.ReadLineAsync(Cancellation) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line["event: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                data.Append(line.AsSpan("data: ".Length)).Append('\n');
            }
            else if (line.Length == 0 && data.Length > 0)
            {
                JsonNode content = JsonNode.Parse(data.ToString()) ?? throw new JsonException("An event has no data.");
                data.Clear();
                if (name == "end" || isEnough(name, content))
                {
                    return (events, content);
                }

                events.Add(content);
            }
        }

        throw new InvalidOperationException($"The stream of {id} ended before what was waited for.\n{Process.Error}");
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri}: {response.StatusCode} {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text) ?? throw new JsonException("The answer is null.");
    }
}
