using System.Text.Json.Nodes;
using Lockstep.EndToEnd.Tests.Serving;
using Lockstep.TestKit.Processes;

namespace Lockstep.EndToEnd.Tests.Commands;

/// <summary><c>lockstep run</c>: the output on standard output, everything else on standard error, the outcome in the exit code.</summary>
public sealed class RunCommandTests
{
    private const int TimeoutMilliseconds = 60_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Success_is_0_and_prints_the_output()
    {
        using var folder = new TemporaryFolder();
        folder.Write("greeting.json", Machines.Greeting);

        CommandResult result = await CommandResult.OfAsync(folder, "run", "greeting.json", "--input", """{"name":"world"}""");

        Assert.Equal((0, """{"text":"Hello, world!"}""" + "\n"), (result.ExitCode, result.Output));
        Assert.Equal(
            [
                "ExecutionStarted", "PassStateEntered  Greet", "PassStateExited  Greet", "ChoiceStateEntered  Check", "ChoiceStateExited  Check",
                "SucceedStateEntered  Done", "SucceedStateExited  Done", "ExecutionSucceeded",
            ],
            result.Error.TrimEnd('\n').Split('\n').Select(line => line.TrimStart().Split("  ", 2)[1]));
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Failure_is_3_and_shows_the_state_in_the_file()
    {
        using var folder = new TemporaryFolder();
        folder.Write("greeting.json", Machines.Greeting);
        folder.Write("nobody.json", """{ "name": "nobody" }""");

        CommandResult result = await CommandResult.OfAsync(folder, "run", "greeting.json", "--input", "@nobody.json");

        Assert.Equal((3, ""), (result.ExitCode, result.Output));
        Assert.EndsWith(
            """
            greeting.json:6:5: FAILED in state Refuse: NobodyThere: There is nobody to greet.
                6 |     "Refuse": { "Type": "Fail", "Error": "NobodyThere", "Cause": "There is nobody to greet." },
                  |     ^

            """,
            result.Error,
            StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Json_tells_the_whole_outcome()
    {
        using var folder = new TemporaryFolder();
        folder.Write("greeting.json", Machines.Greeting);

        CommandResult success = await CommandResult.OfAsync(folder, "run", "greeting.json", "--json", "--input", """{"name":1e400}""");
        CommandResult failure = await CommandResult.OfAsync(folder, "run", "greeting.json", "--json", "--input", """{"name":"nobody"}""");

        Assert.Equal((0, """{"status":"SUCCEEDED","output":{"text":"Hello, 1e400!"}}""" + "\n"), (success.ExitCode, success.Output));
        Assert.Equal(
            (3, """{"status":"FAILED","error":"NobodyThere","cause":"There is nobody to greet.","state":"Refuse","line":6,"column":5}""" + "\n"),
            (failure.ExitCode, failure.Output));
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Timeout_is_4()
    {
        using var folder = new TemporaryFolder();
        folder.Write("slow.json", """{ "TimeoutSeconds": 1, "StartAt": "Wait", "States": { "Wait": { "Type": "Wait", "Seconds": 600, "End": true } } }""");

        CommandResult result = await CommandResult.OfAsync(folder, "run", "slow.json");

        Assert.Equal((4, ""), (result.ExitCode, result.Output));
        Assert.Contains("TIMED_OUT", result.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Interrupt_is_5()
    {
        using var folder = new TemporaryFolder();
        folder.Write("week.json", Machines.WaitsForAWeek);
        await using FunctionHost functions = FunctionHost.Start();
        folder.Write("called.json", """
            {
              "StartAt": "Call",
              "States": {
                "Call": { "Type": "Task", "Resource": "arn:aws:lambda:local:000000000001:function:call", "Next": "Wait" },
                "Wait": { "Type": "Wait", "Seconds": 604800, "End": true }
              }
            }
            """);
        await using LockstepProcess run = LockstepProcess.Start(["run", "called.json", "--function", "call=" + functions.Url], workingDirectory: folder.Path);
        FunctionCall call = await functions.NextAsync();
        run.Terminate();
        await call.AnswerAsync(new JsonObject());

        Assert.Equal(5, await run.WaitForExitAsync(Cancellation));
        Assert.Contains("ABORTED", run.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Functions_are_called_where_the_command_line_says()
    {
        using var folder = new TemporaryFolder();
        await using FunctionHost functions = FunctionHost.Start();
        folder.Write("call.json", """
            { "StartAt": "Call", "States": { "Call": { "Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:price", "End": true } } }
            """);
        await using LockstepProcess run = LockstepProcess.Start(
            ["run", "call.json", "--input", "[1,2]", "--function", "price=" + functions.Url], workingDirectory: folder.Path);
        FunctionCall call = await functions.NextAsync();
        Assert.Equal("[1,2]", call.Payload?.ToJsonString());
        await call.AnswerAsync(new JsonObject { ["price"] = 3 });

        Assert.Equal(0, await run.WaitForExitAsync(Cancellation));
        Assert.Equal("""{"price":3}""" + "\n", run.Output);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Express_runs_to_its_end()
    {
        using var folder = new TemporaryFolder();
        folder.Write("greeting.json", Machines.Greeting);

        CommandResult success = await CommandResult.OfAsync(folder, "run", "greeting.json", "--type", "express", "--input", """{"name":"world"}""");
        CommandResult failure = await CommandResult.OfAsync(folder, "run", "greeting.json", "--type", "express", "--input", """{"name":"nobody"}""");

        Assert.Equal((0, """{"text":"Hello, world!"}""" + "\n"), (success.ExitCode, success.Output));
        Assert.Equal((3, ""), (failure.ExitCode, failure.Output));
        Assert.Equal("greeting.json: FAILED: NobodyThere: There is nobody to greet.\n", failure.Error);
    }

    [Theory(Timeout = TimeoutMilliseconds)]
    [InlineData("{", "the input is not JSON")]
    [InlineData("@absent.json", "cannot read absent.json: there is no such file")]
    public async Task Input_that_cannot_be_used_is_2(string input, string message)
    {
        using var folder = new TemporaryFolder();
        folder.Write("greeting.json", Machines.Greeting);

        CommandResult result = await CommandResult.OfAsync(folder, "run", "greeting.json", "--input", input);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Invalid_definition_is_1_and_runs_nothing()
    {
        using var folder = new TemporaryFolder();
        folder.Write("invalid.json", """{ "StartAt": "A", "States": { "A": { "Type": "Pass" } } }""");

        CommandResult result = await CommandResult.OfAsync(folder, "run", "invalid.json");

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("invalid.json:1:36: error", result.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Nothing_is_left_behind()
    {
        using var folder = new TemporaryFolder();
        folder.Write("greeting.json", Machines.Greeting);
        string temporary = folder.PathOf("temporary");
        Directory.CreateDirectory(temporary);
        await using LockstepProcess run = LockstepProcess.Start(
            ["run", "greeting.json", "--input", """{"name":"world"}"""],
            new Dictionary<string, string?> { ["TMPDIR"] = temporary },
            folder.Path);

        Assert.Equal(0, await run.WaitForExitAsync(Cancellation));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(temporary), path => Path.GetFileName(path).StartsWith("lockstep", StringComparison.Ordinal));
    }
}
