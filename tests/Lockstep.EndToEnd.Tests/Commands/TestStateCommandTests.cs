using System.Text.Json.Nodes;
using Lockstep.EndToEnd.Tests.Serving;
using Lockstep.TestKit.Processes;

namespace Lockstep.EndToEnd.Tests.Commands;

/// <summary><c>lockstep test-state</c>: the output on standard output, what happened on standard error, the outcome in the exit code.</summary>
public sealed class TestStateCommandTests
{
    private const int TimeoutMilliseconds = 60_000;

    private const string CallsFunction = """
        { "Type": "Task", "Resource": "arn:aws:lambda:local:1:function:price", "ResultPath": "$.price", "Next": "Pay",
          "Retry": [{ "ErrorEquals": ["Busy"], "IntervalSeconds": 2 }],
          "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "Mend" }] }
        """;

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task A_mock_stands_for_the_call()
    {
        using var folder = new TemporaryFolder();
        folder.Write("state.json", CallsFunction);

        CommandResult result = await CommandResult.OfAsync(
            folder, "test-state", "state.json", "--input", """{"item":"book"}""", "--mock", """{"result":12.50}""", "--inspection-level", "debug");

        Assert.Equal((0, """{"item":"book","price":12.50}""" + "\n"), (result.ExitCode, result.Output));
        Assert.Equal(
            """
            state.json: SUCCEEDED, next Pay
              input: {"item":"book"}
              afterInputPath: {"item":"book"}
              afterParameters: {"item":"book"}
              result: 12.50
              afterResultSelector: 12.50
              afterResultPath: {"item":"book","price":12.50}

            """,
            result.Error);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Without_a_mock_the_function_is_called()
    {
        using var folder = new TemporaryFolder();
        folder.Write("machine.json", $$"""{ "StartAt": "Ask", "States": { "Ask": {{CallsFunction}}, "Pay": { "Type": "Succeed" }, "Mend": { "Type": "Succeed" } } }""");
        await using FunctionHost function = FunctionHost.Start();

        Task<CommandResult> running = CommandResult.OfAsync(
            folder, "test-state", "machine.json", "--state", "Ask", "--input", """{"item":"book"}""", "--function", $"price={function.Url}", "--json");
        FunctionCall call = await function.NextAsync();
        Assert.Equal("""{"item":"book"}""", call.Payload?.ToJsonString());
        await call.AnswerAsync(7);

        CommandResult result = await running;
        Assert.Equal((0, """{"status":"SUCCEEDED","nextState":"Pay","output":{"item":"book","price":7}}""" + "\n"), (result.ExitCode, result.Output));
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task An_error_is_3_unless_a_catcher_leads_on()
    {
        using var folder = new TemporaryFolder();
        folder.Write("state.json", CallsFunction);
        folder.Write("busy.json", """{ "errorOutput": { "error": "Busy", "cause": "later" } }""");

        CommandResult retriable = await CommandResult.OfAsync(folder, "test-state", "state.json", "--mock", "@busy.json", "--json", "-l", "debug");
        CommandResult caught = await CommandResult.OfAsync(
            folder, "test-state", "state.json", "--mock", "@busy.json", "--configuration", """{"retrierRetryCount":3}""");

        Assert.Equal(3, retriable.ExitCode);
        JsonNode? report = JsonNode.Parse(retriable.Output);
        Assert.Equal("RETRIABLE", (string?)report?["status"]);
        Assert.Equal("""{"retryIndex":0,"retryBackoffIntervalSeconds":2}""", report?["inspectionData"]?["errorDetails"]?.ToJsonString());
        Assert.Equal(
            (0, "state.json: CAUGHT_ERROR, next Mend: Busy: later\n", """{"Error":"Busy","Cause":"later"}""" + "\n"),
            (caught.ExitCode, caught.Error, caught.Output));
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task What_cannot_be_tested_is_said()
    {
        using var folder = new TemporaryFolder();
        folder.Write("wrong.json", """{ "Type": "Pass" }""");
        folder.Write("pass.json", """{ "Type": "Pass", "End": true }""");

        CommandResult invalid = await CommandResult.OfAsync(folder, "test-state", "wrong.json");
        CommandResult mocked = await CommandResult.OfAsync(folder, "test-state", "pass.json", "--mock", """{"result":1}""");
        CommandResult unread = await CommandResult.OfAsync(folder, "test-state", "pass.json", "--mock", "{");

        Assert.Equal(1, invalid.ExitCode);
        Assert.StartsWith("wrong.json:1:1: error ", invalid.Error, StringComparison.Ordinal);
        Assert.Equal((2, "lockstep: State type 'Pass' is not supported when a mock is specified\n"), (mocked.ExitCode, mocked.Error));
        Assert.Equal(2, unread.ExitCode);
        Assert.StartsWith("lockstep: --mock is not JSON.", unread.Error, StringComparison.Ordinal);
    }
}
