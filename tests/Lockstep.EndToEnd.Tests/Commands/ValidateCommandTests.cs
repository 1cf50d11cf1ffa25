using Lockstep.TestKit.Processes;

namespace Lockstep.EndToEnd.Tests.Commands;

/// <summary><c>lockstep validate</c> as a script and as a person see it.</summary>
public sealed class ValidateCommandTests
{
    private const int TimeoutMilliseconds = 60_000;

    private const string Valid = """
        { "StartAt": "Done", "States": { "Done": { "Type": "Succeed" } } }

        """;

    private const string Invalid = """
        {
          "StartAt": "First",
          "States": {
            "First": { "Type": "Pass", "Next": "Nowhere" },
            "Odd": { "Type": "Wat", "End": true }
          }
        }

        """;

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Valid_file_is_0()
    {
        using var folder = new TemporaryFolder();
        folder.Write("valid.asl.json", Valid);

        Assert.Equal(
            new CommandResult(0, "valid.asl.json: valid\n", ""),
            await CommandResult.OfAsync(folder, "validate", "valid.asl.json"));
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Every_problem_is_shown_in_its_place()
    {
        using var folder = new TemporaryFolder();
        folder.Write("invalid.asl.json", Invalid);
        folder.Write("valid.asl.json", Valid);

        CommandResult result = await CommandResult.OfAsync(folder, "validate", "invalid.asl.json", "valid.asl.json");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("", result.Error);
        Assert.Equal(
            """
            invalid.asl.json:4:40: error MISSING_TRANSITION_TARGET: Missing 'Next' target: Nowhere
                4 |     "First": { "Type": "Pass", "Next": "Nowhere" },
                  |                                        ^
                  at /States/First/Next
            invalid.asl.json:5:5: warning UNREACHABLE_STATE: State "Odd" is not reachable
                5 |     "Odd": { "Type": "Wat", "End": true }
                  |     ^
                  at /States/Odd
            invalid.asl.json:5:22: error INVALID_VALUE: 'Wat' is not a state type: use Pass, Task, Choice, Wait, Succeed, Fail, Parallel or Map
                5 |     "Odd": { "Type": "Wat", "End": true }
                  |                      ^
                  at /States/Odd/Type
            invalid.asl.json: invalid, 2 errors, 1 warning
            valid.asl.json: valid

            """,
            result.Output);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Minified_line_is_cut_around_the_place()
    {
        using var folder = new TemporaryFolder();
        string padding = new('x', 500);
        folder.Write("minified.json", $$$"""{"Comment":"{{{padding}}}","StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"}},"Nonsense":"{{{padding}}}"}""");

        CommandResult result = await CommandResult.OfAsync(folder, "validate", "minified.json");

        Assert.Equal(1, result.ExitCode);
        Assert.All(result.Output.Split('\n'), line => Assert.True(line.Length < 200, line));
        string[] lines = result.Output.Split('\n');
        int shown = Array.FindIndex(lines, line => line.Contains("\"Next\":\"B\"", StringComparison.Ordinal));
        Assert.Equal('"', lines[shown][lines[shown + 1].IndexOf('^', StringComparison.Ordinal)]);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Resource_that_nothing_serves_is_refused_as_the_server_would()
    {
        using var folder = new TemporaryFolder();
        folder.Write("glue.json", """
            {
              "StartAt": "Run",
              "States": {
                "Run": { "Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun", "Parameters": { "JobName": "j" }, "End": true }
              }
            }
            """);

        CommandResult result = await CommandResult.OfAsync(folder, "validate", "glue.json");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("error RESOURCE_NOT_SUPPORTED", result.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Json_is_one_document()
    {
        using var folder = new TemporaryFolder();
        folder.Write("valid.asl.json", Valid);
        folder.Write("empty.json", "[]");

        CommandResult result = await CommandResult.OfAsync(folder, "validate", "--json", "valid.asl.json", "empty.json");

        Assert.Equal(1, result.ExitCode);
        System.Text.Json.Nodes.JsonNode? files = System.Text.Json.Nodes.JsonNode.Parse(result.Output)?["files"];
        Assert.Equal([true, false], files?.AsArray().Select(file => (bool?)file?["valid"]) ?? []);
        Assert.Equal("NOT_AN_OBJECT", (string?)files?[1]?["diagnostics"]?[0]?["code"]);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Sarif_has_what_its_schema_requires_and_regions_that_cover_the_place()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a b.json", """
            {"StartAt": "Néxt😀",
             "States": {"A": {"Type": "Pass", "Result": 1, "ResultPath": null, "Next": "Nowhere"}}}
            """);
        folder.Write("valid.asl.json", Valid);

        CommandResult result = await CommandResult.OfAsync(folder, "validate", "--format", "sarif", "a b.json", "valid.asl.json");

        Assert.Equal(1, result.ExitCode);
        System.Text.Json.Nodes.JsonNode log = System.Text.Json.Nodes.JsonNode.Parse(result.Output)!; // A document.
        Assert.Equal("2.1.0", (string?)log["version"]);
        System.Text.Json.Nodes.JsonNode run = Assert.Single(log["runs"]!.AsArray())!; // Required of a log.
        System.Text.Json.Nodes.JsonNode driver = run["tool"]!["driver"]!; // Required of a run.
        Assert.Equal("lockstep", (string?)driver["name"]);
        string?[] rules = [.. driver["rules"]!.AsArray().Select(rule => (string?)rule?["id"])]; // As above.
        Assert.Equal(rules.Distinct().Order(StringComparer.Ordinal), rules);
        System.Text.Json.Nodes.JsonArray results = run["results"]!.AsArray(); // As above.
        Assert.NotEmpty(results);
        Assert.All(results, one =>
        {
            Assert.Equal((string?)one?["ruleId"], rules[(int?)one?["ruleIndex"] ?? -1]);
            Assert.Contains((string?)one?["level"], (string[])["error", "warning"]);
            Assert.False(string.IsNullOrEmpty((string?)one?["message"]?["text"]));
            Assert.Equal("a%20b.json", (string?)one?["locations"]?[0]?["physicalLocation"]?["artifactLocation"]?["uri"]);
        });
        System.Text.Json.Nodes.JsonNode? start = results.Single(one => (string?)one?["locations"]?[0]?["logicalLocations"]?[0]?["fullyQualifiedName"] == "/StartAt");
        Assert.Equal(
            """{"startLine":1,"startColumn":13,"endLine":1,"endColumn":20}""",
            start?["locations"]?[0]?["physicalLocation"]?["region"]?.ToJsonString());
    }

    [Theory(Timeout = TimeoutMilliseconds)]
    [InlineData(0)]
    [InlineData(0, "--severity", "error")]
    [InlineData(1, "--warnings-as-errors")]
    [InlineData(1, "--warnings-as-errors", "--severity", "error")]
    public async Task Warnings_fail_only_when_they_are_to(int exitCode, params string[] options)
    {
        using var folder = new TemporaryFolder();
        folder.Write("warned.json", """{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "ResultPath": null, "End": true}}}""");

        CommandResult result = await CommandResult.OfAsync(folder, ["validate", "warned.json", .. options]);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal(!options.Contains("error"), result.Output.Contains("RESULT_DISCARDED", StringComparison.Ordinal));
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task File_that_is_not_there_is_2()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(
            new CommandResult(2, "", "lockstep: cannot read absent.json: there is no such file\n"),
            await CommandResult.OfAsync(folder, "validate", "absent.json"));
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Version_and_help_are_0()
    {
        using var folder = new TemporaryFolder();

        CommandResult version = await CommandResult.OfAsync(folder, "--version");
        CommandResult help = await CommandResult.OfAsync(folder, "--help");

        Assert.Equal((0, ""), (version.ExitCode, version.Error));
        Assert.Matches(@"^\d+\.\d+\.\d+\n$", version.Output);
        Assert.Equal((0, ""), (help.ExitCode, help.Error));
        Assert.All((string[])["serve", "run", "validate"], command => Assert.Contains($"  {command} ", help.Output, StringComparison.Ordinal));
    }
}
