using Lockstep.Json.Paths;
using Lockstep.TestKit;

namespace Lockstep.Json.Tests.Paths;

/// <summary>
/// The compliance suite of RFC 9535 on the ground it shares with the States Language's dialect. Where they differ, the ledger beside this
/// file says why; a case in the ledger that passes after all fails the test, so that the ledger stays true.
/// </summary>
public sealed class ComplianceSuiteTests(ITestOutputHelper output)
{
    [Fact]
    public void Agrees_with_the_suite_but_for_the_ledger()
    {
        JsonObject suite = Read(SharedData.Require("jsonpath-cts.json"));
        JsonObject ledger = Read(Repository.PathOf("tests/Lockstep.Json.Tests/Paths/compliance-ledger.json"));
        Dictionary<string, string> excluded = ledger
            .SelectMany(reason => ((JsonArray)reason.Value).Select(name => (Name: ((JsonString)name).Value, Reason: reason.Name)))
            .ToDictionary(entry => entry.Name, entry => entry.Reason);

        var unexpected = new List<string>();
        int passed = 0;
        foreach (JsonObject test in ((JsonArray)suite["tests"]!).Cast<JsonObject>())
        {
            string name = ((JsonString)test["name"]!).Value;
            bool isExcluded = excluded.Remove(name);
            string? difference = Difference(test);
            passed += difference is null ? 1 : 0;
            if (difference is not null != isExcluded)
            {
                unexpected.Add($"{name}: {difference ?? "passes, and so does not belong to the ledger"}");
            }
        }

        output.WriteLine($"{passed} cases agree, {((JsonArray)suite["tests"]!).Count - passed} are in the ledger.");
        Assert.True(unexpected.Count == 0, string.Join("\n", unexpected));
        Assert.Empty(excluded);
    }

    private static string? Difference(JsonObject test)
    {
        string selector = ((JsonString)test["selector"]!).Value;
        bool parses = JsonPath.TryParse(selector, out JsonPath? path, out JsonPathError? error);
        if (test.Contains("invalid_selector"))
        {
            return parses ? $"{selector} is accepted" : null;
        }

        if (path is null)
        {
            return $"{selector} is refused {error}";
        }

        JsonPathResult result = path.Evaluate(test["document"]!);
        JsonArray nodes = (path.IsDefinite, result.Value) switch
        {
            (_, null) => JsonArray.Empty,
            (true, JsonValue node) => JsonArray.Of(node),
            (false, JsonValue matches) => (JsonArray)matches,
        };
        bool agrees = test.TryGet("results", out JsonValue? choices)
            ? ((JsonArray)choices).Contains(nodes)
            : nodes.Equals(test["result"]);
        return agrees ? null : $"{selector} gives {nodes} instead of {choices ?? test["result"]}";
    }

    private static JsonObject Read(string file)
    {
        JsonReadResult result = JsonReader.Read(File.ReadAllBytes(file));
        Assert.True(result.IsSuccess, result.Error?.ToString());
        return (JsonObject)result.Value;
    }
}
