using Lockstep.TestKit.Processes;

namespace Lockstep.EndToEnd.Tests.Commands;

/// <summary><c>lockstep eval</c>: one expression, or a file of them.</summary>
public sealed class EvalCommandTests
{
    private const int TimeoutMilliseconds = 60_000;

    [Theory(Timeout = TimeoutMilliseconds)]
    [InlineData("jsonpath", "$.a[1:]", 0, "[2,3]\n", "")]
    [InlineData("jsonpath", "$.b", 0, "", "lockstep: the expression selects nothing\n")]
    [InlineData("jsonpath", "$.a[", 3, "", "lockstep: InvalidExpression: ")]
    [InlineData("intrinsic", "States.ArrayLength($.a)", 0, "3\n", "")]
    [InlineData("intrinsic", "States.ArrayLength($.b)", 3, "", "lockstep: States.")]
    [InlineData("jsonata", "$sum(a)", 0, "6\n", "")]
    [InlineData("jsonata", "b", 0, "", "lockstep: the expression selects nothing\n")]
    [InlineData("jsonata", "1 +", 3, "", "lockstep: S0")]
    public async Task One_expression_is_printed(string language, string expression, int code, string output, string error)
    {
        using var folder = new TemporaryFolder();

        CommandResult result = await CommandResult.OfAsync(folder, "eval", "--language", language, expression, "--input", """{"a":[1,2,3]}""");

        Assert.Equal((code, output), (result.ExitCode, result.Output));
        Assert.StartsWith(error, result.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task A_batch_is_answered_line_by_line()
    {
        using var folder = new TemporaryFolder();
        folder.Write("lines.jsonl", """
            {"expr":"$.a","data":{"a":1.50}}
            {"expr":"$x.b","data":null,"bindings":{"x":{"b":true}}}
            {"expr":"$.none","data":{}}

            {"expr":"$.a b","data":{}}
            """);

        CommandResult result = await CommandResult.OfAsync(folder, "eval", "--language", "jsonpath", "--batch", "lines.jsonl");

        string[] lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(["""{"result":1.50}""", """{"result":true}""", """{"undefined":true}"""], lines[..3]);
        Assert.Matches("""^\{"code":"InvalidExpression","message":".+","position":[0-9]+\}$""", Assert.Single(lines[3..]));
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task A_batch_of_jsonata_says_code_and_position()
    {
        using var folder = new TemporaryFolder();
        folder.Write("lines.jsonl", """
            {"expr":"a * $x","data":{"a":2},"bindings":{"x":1.5}}
            {"expr":"$","bindings":{}}
            {"expr":"\"a\" + 1","data":null}
            """);

        CommandResult result = await CommandResult.OfAsync(folder, "eval", "--language", "jsonata", "--batch", "lines.jsonl");

        string[] lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(["""{"result":3}""", """{"undefined":true}"""], lines[..2]);
        Assert.Matches("""^\{"code":"T2001","message":".+","position":[0-9]+\}$""", Assert.Single(lines[2..]));
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task It_takes_an_expression_or_a_batch()
    {
        using var folder = new TemporaryFolder();
        folder.Write("lines.jsonl", "[1]");

        Assert.Equal(2, (await CommandResult.OfAsync(folder, "eval")).ExitCode);
        Assert.Equal(2, (await CommandResult.OfAsync(folder, "eval", "$", "--batch", "lines.jsonl")).ExitCode);
        CommandResult malformed = await CommandResult.OfAsync(folder, "eval", "--batch", "lines.jsonl");
        Assert.Equal((2, "lockstep: lines.jsonl:1: expected an object with a text \"expr\".\n"), (malformed.ExitCode, malformed.Error));
    }
}
