using Lockstep.Asl.Compiled;
using Lockstep.Asl.Evaluation;
using Lockstep.Json;
using Lockstep.TestKit;

namespace Lockstep.Asl.Tests;

/// <summary>All comparison operators: a corpus of rules, and the recorded tables.</summary>
public sealed class ChoiceTests(ITestOutputHelper output)
{
    private static readonly JsonValue Input = JsonValue.Parse(
        """
        {"text":"abc","sameText":"abc","star":"a*\\","number":5,"huge":123456789012345678901234567890,"flag":true,"nothing":null,
         "time":"2024-05-06T12:00:00Z"}
        """);

    public static TheoryData<string> Rules => [.. CorpusFile.Read("choices.json").Select(json => json.ToString())];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_decides_as_the_corpus_says(string text)
    {
        var json = (JsonObject)JsonValue.Parse(text);
        JsonObject rule = ((JsonObject)json["rule"]!).With("Next", JsonString.Of("B")); // every case has a rule
        var scope = new TestScope(Input, JsonValue.Parse("""{"Execution":{"Name":"run-1"}}"""))
        {
            Variables = { ["variable"] = JsonValue.Parse("""{"list":["first"]}""") },
        };
        ConditionResult result = Decide(
            """
            {"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[RULE],"Default":"B"},
              "B":{"Type":"Pass","Assign":{"variable":1,"other":1},"End":true}}}
            """.Replace("RULE", rule.ToString(), StringComparison.Ordinal),
            scope);
        Assert.Equal(json["cause"] is JsonString cause ? cause.Value : null, result.Error?.Cause);
        Assert.Equal(json["is"] is JsonBoolean { Value: true }, result.Matched);
        Assert.Equal(json.Contains("cause") ? StatesErrorNames.Runtime : null, result.Error?.Name);
    }

    [Fact]
    public void Recorded_tables_decide_as_recorded()
    {
        int count = 0;
        foreach (string file in Directory.EnumerateFiles(SharedData.Require("conformance/choice_operators"), "*.json"))
        {
            var recording = (JsonObject)JsonValue.Parse(File.ReadAllText(file));
            foreach (JsonObject row in ((JsonArray)recording["rows"]!).Cast<JsonObject>()) // a choice table has rows
            {
                JsonValue definition = row["definition"] ?? recording["definition"] ?? JsonNull.Instance;
                ConditionResult result = Decide(definition.ToString(), new TestScope(row["input"] ?? JsonNull.Instance));
                string expected = ((JsonObject)row["expectedOutput"]!).Text("TestResult.$"); // and each row an outcome
                Assert.True(result.Succeeded, result.Error?.Cause);
                Assert.Equal(expected, result.Matched ? "ConditionTrue" : "ConditionFalse");
                count++;
            }
        }

        output.WriteLine($"{count} recorded rows");
        Assert.True(count > 0);
    }

    private static ConditionResult Decide(string definition, EvaluationScope scope)
    {
        AslLoadResult loaded = AslCompiler.Load(definition);
        Assert.True(loaded.IsValid, string.Join('\n', loaded.Diagnostics));
        return Assert.IsType<CompiledChoice>(loaded.Machine.States[0]).Rules[0].Condition.Evaluate(scope);
    }
}
