using System.Text.RegularExpressions;
using Lockstep.Asl.Diagnostics;
using Lockstep.Json;
using Lockstep.TestKit;

namespace Lockstep.Asl.Tests;

/// <summary>Refusals and analyses in the words of Step Functions, against its recordings.</summary>
public sealed partial class ServiceMessageTests(ITestOutputHelper output)
{
    [Fact]
    public void Recorded_refusals_have_the_recorded_message()
    {
        int count = 0;
        foreach (JsonObject recording in Recordings("create-error"))
        {
            var expected = (JsonObject)((JsonObject)recording["expected"]!)["apiError"]!; // an error recording has an API error
            if (expected.Text("Code") != "InvalidDefinition")
            {
                continue;
            }

            bool isExpress = recording["arguments"] is JsonObject arguments && arguments["type"] is JsonString { Value: "EXPRESS" };
            var options = new AslOptions { Type = isExpress ? WorkflowType.Express : WorkflowType.Standard };
            AslParseResult result = AslParser.Parse(recording["definition"]?.ToString() ?? "", options);
            Assert.False(result.IsValid);
            Assert.Equal(expected.Text("Message"), ServiceMessages.InvalidDefinition(result.Diagnostics));
            count++;
        }

        output.WriteLine($"{count} recorded refusals");
        Assert.True(count > 0);
    }

    [Fact]
    public void Recorded_validations_have_the_recorded_diagnostics()
    {
        int count = 0;
        foreach (JsonObject recording in Recordings("validate"))
        {
            string definition = recording["definitionString"] is JsonString text ? text.Value : recording["definition"]?.ToString() ?? "";
            var response = (JsonObject)((JsonObject)recording["expected"]!)["response"]!; // a validation has a response
            JsonValue[] actual = [.. AslParser.Parse(definition).Diagnostics.Select(ToServiceShape)];
            Assert.Equal(response["diagnostics"], JsonArray.Of(actual));
            count++;
        }

        output.WriteLine($"{count} recorded validations");
        Assert.True(count > 0);
    }

    [Fact]
    public void Recorded_variable_references_are_found()
    {
        int count = 0;
        foreach (JsonObject recording in Recordings("variable-references"))
        {
            AslParseResult result = AslParser.Parse(recording["definition"]?.ToString() ?? "");
            Assert.True(result.IsValid, string.Join('\n', result.Diagnostics));
            var references = new JsonObjectBuilder();
            foreach ((string state, System.Collections.Immutable.ImmutableArray<string> names) in result.Definition.GetVariableReferences())
            {
                references.Add(state, JsonArray.Of([.. names.Select(JsonString.Of)]));
            }

            Assert.Equal(((JsonObject)recording["expected"]!)["variableReferences"], references.Build()); // as above
            count++;
        }

        output.WriteLine($"{count} recorded variable references");
        Assert.True(count > 0);
    }

    private static JsonObject ToServiceShape(Diagnostic diagnostic)
    {
        JsonObject shape = JsonObject.Of("code", JsonString.Of(diagnostic.ServiceCode))
            .With("message", JsonString.Of(diagnostic.Message))
            .With("severity", JsonString.Of(diagnostic.Severity == DiagnosticSeverity.Error ? "ERROR" : "WARNING"));
        return diagnostic.ServiceLocation is null ? shape : shape.With("location", JsonString.Of(diagnostic.ServiceLocation));
    }

    private static IEnumerable<JsonObject> Recordings(string kind)
    {
        foreach (string file in Directory.EnumerateFiles(SharedData.Require("conformance"), "*.json", SearchOption.AllDirectories))
        {
            string text = File.ReadAllText(file);
            if (Kind().Match(text) is { Success: true } match && match.Groups[1].Value == kind)
            {
                yield return (JsonObject)JsonValue.Parse(text);
            }
        }
    }

    [GeneratedRegex("\"kind\": \"([a-z-]+)\"")]
    private static partial Regex Kind();
}
