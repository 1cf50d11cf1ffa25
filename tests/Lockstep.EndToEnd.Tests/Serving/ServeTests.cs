using System.Net;
using System.Text.Json.Nodes;
using Lockstep.TestKit.Processes;

namespace Lockstep.EndToEnd.Tests.Serving;

/// <summary>What a person does with the server, against a real process.</summary>
public sealed class ServeTests
{
    private const int TimeoutMilliseconds = 60_000;

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Machine_is_created_started_and_shows_its_history()
    {
        using var folder = new TemporaryFolder();
        await using TestServer server = await TestServer.StartAsync(folder);
        await server.CreateMachineAsync("greeting", Machines.Greeting);

        string id = await server.StartExecutionAsync("greeting", "first", new JsonObject { ["name"] = "world" });
        JsonNode execution = await server.WaitForEndAsync(id);

        Assert.Equal("greeting:first", id);
        Assert.Equal("SUCCEEDED", (string?)execution["status"]);
        Assert.Equal("Hello, world!", (string?)execution["output"]?["text"]);
        Assert.Equal(
            [
                "ExecutionStarted", "PassStateEntered", "PassStateExited", "ChoiceStateEntered", "ChoiceStateExited", "SucceedStateEntered",
                "SucceedStateExited", "ExecutionSucceeded",
            ],
            (await server.HistoryAsync(id)).Select(happened => (string?)happened["type"]));
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Killed_server_goes_on_where_it_was()
    {
        using var folder = new TemporaryFolder();
        await using FunctionHost functions = FunctionHost.Start();
        string id;
        string token;
        await using (TestServer first = await TestServer.StartAsync(folder))
        {
            foreach (string name in (string[])["step-one", "ask", "step-two"])
            {
                await first.PutAsync("v1/functions/" + name, new JsonObject { ["url"] = functions.Url + name });
            }

            await first.CreateMachineAsync("callback", Machines.WithCallback);
            id = await first.StartExecutionAsync("callback");
            await (await functions.NextAsync()).AnswerAsync(new JsonObject { ["step"] = 1 });
            FunctionCall ask = await functions.NextAsync();
            token = (string?)ask.Payload?["token"] ?? "";
            await ask.AnswerAsync(new JsonObject());
            await first.WaitForEventAsync(id, "TaskSubmitted");
            await first.Process.KillAsync(TestContext.Current.CancellationToken);
        }

        await using TestServer second = await TestServer.StartAsync(folder);
        Assert.Equal("RUNNING", (string?)(await second.DescribeAsync(id))["status"]);

        await second.PostAsync($"v1/tasks/{Uri.EscapeDataString(token)}/success", new JsonObject { ["output"] = "approved" });
        FunctionCall last = await functions.NextAsync();
        Assert.Equal("approved", (string?)last.Payload?["answer"]);
        await last.AnswerAsync(new JsonObject { ["step"] = 2 });

        JsonNode execution = await second.WaitForEndAsync(id);
        Assert.Equal("SUCCEEDED", (string?)execution["status"]);
        Assert.Equal(1, (int?)execution["output"]?["first"]?["step"]);
        Assert.Equal(2, (int?)execution["output"]?["second"]?["step"]);
        AssertWhole(await second.HistoryAsync(id));
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Call_under_way_at_the_kill_is_repeated_with_the_same_key()
    {
        using var folder = new TemporaryFolder();
        await using FunctionHost functions = FunctionHost.Start();
        string id;
        string? key;
        await using (TestServer first = await TestServer.StartAsync(folder))
        {
            await first.PutAsync("v1/functions/step-one", new JsonObject { ["url"] = functions.Url });
            await first.CreateMachineAsync("one", """
                { "StartAt": "Call", "States": { "Call": { "Type": "Task", "Resource": "arn:aws:lambda:local:000000000001:function:step-one", "End": true } } }
                """);
            id = await first.StartExecutionAsync("one");
            key = (await functions.NextAsync()).Header("Idempotency-Key");
            await first.Process.KillAsync(TestContext.Current.CancellationToken);
        }

        await using TestServer second = await TestServer.StartAsync(folder);
        FunctionCall again = await functions.NextAsync();
        Assert.NotNull(key);
        Assert.Equal(key, again.Header("Idempotency-Key"));
        await again.AnswerAsync(new JsonObject { ["done"] = true });

        JsonNode execution = await second.WaitForEndAsync(id);
        Assert.Equal("SUCCEEDED", (string?)execution["status"]);
        AssertWhole(await second.HistoryAsync(id));
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Terminated_server_finishes_the_call_under_way_and_not_the_wait()
    {
        using var folder = new TemporaryFolder();
        await using FunctionHost functions = FunctionHost.Start();
        string calling;
        string waiting;
        await using (TestServer first = await TestServer.StartAsync(folder))
        {
            await first.PutAsync("v1/functions/step-one", new JsonObject { ["url"] = functions.Url });
            await first.CreateMachineAsync("one", """
                { "StartAt": "Call", "States": { "Call": { "Type": "Task", "Resource": "arn:aws:lambda:local:000000000001:function:step-one", "End": true } } }
                """);
            await first.CreateMachineAsync("week", Machines.WaitsForAWeek);
            waiting = await first.StartExecutionAsync("week");
            calling = await first.StartExecutionAsync("one");
            FunctionCall call = await functions.NextAsync();
            first.Process.Terminate();
            await call.AnswerAsync(new JsonObject { ["done"] = true });
            Assert.Equal(0, await first.Process.WaitForExitAsync(TestContext.Current.CancellationToken));
            Assert.DoesNotContain("\"LogLevel\":\"Error\"", first.Process.Error, StringComparison.Ordinal);
        }

        await using TestServer second = await TestServer.StartAsync(folder);
        Assert.Equal("SUCCEEDED", (string?)(await second.DescribeAsync(calling))["status"]);
        Assert.Equal("RUNNING", (string?)(await second.DescribeAsync(waiting))["status"]);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Development_key_is_drawn_once_and_printed_at_every_start()
    {
        using var folder = new TemporaryFolder();
        string first = await ReadDrawnKeyAsync(folder);
        string second = await ReadDrawnKeyAsync(folder);

        Assert.StartsWith("lsk_", first, StringComparison.Ordinal);
        Assert.Equal(first, second);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Requests_without_the_key_are_refused()
    {
        using var folder = new TemporaryFolder();
        await using TestServer server = await TestServer.StartAsync(folder);
        server.Client.DefaultRequestHeaders.Authorization = null;

        using HttpResponseMessage response = await server.Client.GetAsync("v1/state-machines", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Nothing_that_the_server_prints_contains_the_key()
    {
        using var folder = new TemporaryFolder();
        await using TestServer server = await TestServer.StartAsync(folder, "--set", "Lockstep:LogLevel=Trace");
        await server.CreateMachineAsync("greeting", Machines.Greeting);
        await server.Process.TerminateAsync(TestContext.Current.CancellationToken);

        Assert.DoesNotContain(TestServer.ApiKey, server.Process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(TestServer.ApiKey, server.Process.Error, StringComparison.Ordinal);
    }

    [Theory(Timeout = TimeoutMilliseconds)]
    [InlineData("json", """^\{"Timestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",.*"LogLevel":"Warning","Category":"Lockstep\.Telemetry".*\}$""")]
    [InlineData("text", """^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z warn: Lockstep\.Telemetry\[\d+\] The collector does not take """)]
    public async Task Log_has_the_format_that_was_chosen(string format, string line)
    {
        using var folder = new TemporaryFolder();
        await using TestServer server = await TestServer.StartAsync(
            folder, "--set", "Lockstep:LogFormat=" + format, "--set", "Lockstep:Telemetry:Endpoint=http://127.0.0.1:1", "--set", "Lockstep:Telemetry:Traces=false");
        await server.Process.TerminateAsync(TestContext.Current.CancellationToken);

        Assert.Matches(line, Assert.Single(server.Process.Error.TrimEnd('\n').Split('\n')));
    }

    /// <summary>No history has a gap, a duplicate or a reordered id.</summary>
    private static void AssertWhole(IReadOnlyList<JsonNode> history) =>
        Assert.Equal(Enumerable.Range(1, history.Count), history.Select(happened => (int?)happened["id"] ?? 0));

    private static async Task<string> ReadDrawnKeyAsync(TemporaryFolder folder)
    {
        await using LockstepProcess server = LockstepProcess.Start(
            ["serve", "--data", folder.PathOf("data"), "--urls", "http://127.0.0.1:0", "--development"],
            new Dictionary<string, string?> { ["LOCKSTEP_DEV_API_KEY"] = null });
        string line = await server.WaitForLineAsync(line => line.StartsWith("API key ", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await server.TerminateAsync(TestContext.Current.CancellationToken);
        return line["API key ".Length..];
    }
}
