using System.Globalization;
using System.Text.RegularExpressions;
using Lockstep.Json;
using Lockstep.TestKit;
using Lockstep.TestKit.Processes;

namespace Lockstep.EndToEnd.Tests.Commands;

/// <summary>
/// The recordings of mock configurations, run as somebody runs them who has a definition, an input and the file of mocks: by <c>lockstep run</c>. Compared are status,
/// output or error, cause, and the types of events that the command shows; their details it does not show.
/// </summary>
public sealed partial class RecordedMockTests(ITestOutputHelper output)
{
    private const int TimeoutMilliseconds = 120_000;

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Every_recording_of_a_mock_configuration_comes_out_as_recorded()
    {
        string[] files = Directory.GetFiles(SharedData.Require("conformance/local_mocking"), "*.json");
        Assert.NotEmpty(files);
        int[] passed = new int[4];
        List<string> differences = [];
        foreach (string file in files.Order(StringComparer.Ordinal))
        {
            (string Layer, string Recorded, string Ours)[] layers = await RunAsync((JsonObject)JsonValue.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)));
            for (int i = 0; i < layers.Length; i++)
            {
                passed[i] += layers[i].Recorded == layers[i].Ours ? 1 : 0;
            }

            differences.AddRange(layers.Where(layer => layer.Recorded != layer.Ours)
                .Select(layer => $"{Path.GetFileName(file)} {layer.Layer}: recorded {layer.Recorded}, ours {layer.Ours}"));
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{files.Length} recordings over lockstep run: (a) status {passed[0]}, (b) output or error {passed[1]}, (c) cause {passed[2]}, (d) event types {passed[3]}."));
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    private static async Task<(string Layer, string Recorded, string Ours)[]> RunAsync(JsonObject recorded)
    {
        using var folder = new TemporaryFolder();
        folder.Write("m.json", Substitute(recorded, recorded["definition"]));
        folder.Write("mocks.json", Substitute(recorded, recorded["mockConfig"]));
        folder.Write("input.json", Substitute(recorded, recorded["input"]));
        CommandResult result = await CommandResult.OfAsync(
            folder, "run", "m.json", "--input", "@input.json", "--mocks", "mocks.json", "--test-case", "TestCaseName", "--json");
        var expected = (JsonObject?)recorded["expected"];
        var ours = (JsonObject)JsonValue.Parse(result.Output);
        string told = string.Join(' ', EventLine().Matches(result.Error).Select(match => match.Groups[1].Value));
        return
        [
            ("status", Text(expected?["status"]), Text(ours["status"])),
            expected?["error"] is JsonString
                ? ("error", Text(expected["error"]), Text(ours["error"]))
                : ("output", Drawn().Replace(Text(expected?["output"]), "drawn"), Identifier().Replace(Text(ours["output"]), "drawn")),
            ("cause", Text(expected?["cause"]), Text(ours["cause"])),
            ("event types", string.Join(' ', (expected?["eventTypes"] as JsonArray ?? JsonArray.Empty).Select(Text)), told),
        ];
    }

    /// <summary>A text of the case with its placeholders replaced, by what the recording shows where it shows something.</summary>
    private static string Substitute(JsonObject recorded, JsonValue? part)
    {
        string text = part?.ToString() ?? "";
        foreach (JsonObject alias in (recorded["inputAliases"] as JsonArray ?? JsonArray.Empty).OfType<JsonObject>())
        {
            text = text.Replace(Text(alias["sent"]), Text(alias["recordedAs"]), StringComparison.Ordinal);
        }

        // ARNs have to be well formed: a recording hides partition and region, and what else a name stands for is any name.
        return Placeholder().Replace(text, match => match.Groups[1].Value switch
        {
            "LAMBDA" => "arn:aws:lambda:us-east-1:111111111111:function:" + match.Groups[2].Value,
            _ => match.Groups[1].Value + "-" + match.Groups[2].Value,
        });
    }

    private static string Text(JsonValue? value) => value switch
    {
        null or JsonNull => "",
        JsonString text => text.Value,
        JsonObject json => "{" + string.Join(',', json.OrderBy(member => member.Name, StringComparer.Ordinal).Select(member => $"\"{member.Name}\":{Nested(member.Value)}")) + "}",
        JsonArray array => "[" + string.Join(',', array.Select(Nested)) + "]",
        _ => value.ToString(),
    };

    private static string Nested(JsonValue value) => value is JsonObject or JsonArray ? Text(value) : value.ToString();

    [GeneratedRegex(@"\$([A-Z_]+):([A-Za-z0-9_]+)")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^ *[0-9]+\.[0-9]{3}  ([A-Za-z]+)", RegexOptions.Multiline)]
    private static partial Regex EventLine();

    [GeneratedRegex("<uuid:[0-9]+>")]
    private static partial Regex Drawn();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Identifier();
}
