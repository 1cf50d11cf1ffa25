using Lockstep.Asl;
using Lockstep.Asl.Diagnostics;
using Lockstep.Conformance.Tests.Cases;
using Lockstep.Json;

namespace Lockstep.Conformance.Tests;

/// <summary>Compares what the language says of a definition without running it.</summary>
internal static class DefinitionScoring
{
    /// <summary>Validation: the same verdict. The wording of diagnostics is our own.</summary>
    public static void ScoreValidation(ConformanceCase recorded, CaseScore score)
    {
        string text = recorded["definitionString"] is JsonString given ? given.Value : recorded["definition"]?.ToString() ?? "";
        AslLoadResult result = AslCompiler.Load(text);
        bool refused = result.Diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error);
        bool expected = recorded.Expected["status"] is JsonString { Value: "FAIL" };
        score.Set(Layer.Status, refused == expected ? null : $"recorded {(expected ? "refused" : "accepted")}, ours {(refused ? "refused" : "accepted")}");
    }

    /// <summary>The variables that each state reads, sorted as the recorder sorted them.</summary>
    public static void ScoreVariableReferences(ConformanceCase recorded, CaseScore score)
    {
        AslLoadResult result = AslCompiler.Load(recorded["definition"]?.ToString() ?? "");
        score.Set(Layer.Status, result.IsValid ? null : "the definition is refused");
        if (result.IsValid)
        {
            JsonObject ours = JsonObject.Of([.. result.Definition.GetVariableReferences().Select(state => new JsonProperty(
                state.Key, JsonArray.Of([.. state.Value.Order(StringComparer.Ordinal).Select(JsonString.Of)])))]);
            JsonValue? expected = recorded.Expected["variableReferences"];
            score.Set(Layer.Outcome, ours.Equals(expected) ? null : $"recorded {expected}, ours {ours}");
        }
    }
}
