using Lockstep.Asl;
using Lockstep.Asl.Diagnostics;
using Lockstep.Conformance.Tests.Cases;
using Lockstep.Conformance.Tests.Matching;
using Lockstep.Json;
using Lockstep.Service.Definitions;
using Lockstep.Service.Errors;
using Lockstep.Service.Limits;
using Lockstep.Targets;
using WorkflowType = Lockstep.Service.StateMachines.WorkflowType;

namespace Lockstep.Conformance.Tests;

/// <summary>Compares what the language says of a definition without running it.</summary>
internal static class DefinitionScoring
{
    /// <summary>Validation: the same verdict, and the errors with AWS's codes, places and words. What warnings say is our own.</summary>
    public static void ScoreValidation(ConformanceCase recorded, CaseScore score)
    {
        string text = recorded["definitionString"] is JsonString given ? given.Value : recorded["definition"]?.ToString() ?? "";
        AslLoadResult result = AslCompiler.Load(text);
        bool refused = result.Diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error);
        bool expected = recorded.Expected["status"] is JsonString { Value: "FAIL" };
        score.Set(Layer.Status, refused == expected ? null : $"recorded {(expected ? "refused" : "accepted")}, ours {(refused ? "refused" : "accepted")}");
        if ((recorded.Expected["response"] as JsonObject)?["diagnostics"] is not JsonArray diagnostics)
        {
            return;
        }

        JsonObject[] told = [.. diagnostics.OfType<JsonObject>().Where(d => d["severity"] is JsonString { Value: "ERROR" })];
        Diagnostic[] ours = [.. result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)];
        Compare(Layer.Outcome, "code", d => d.ServiceCode);
        Compare(Layer.Cause, "message", d => d.Message);
        Compare(Layer.Details, "location", d => d.ServiceLocation);

        void Compare(Layer layer, string member, Func<Diagnostic, string?> of)
        {
            string left = string.Join(" | ", told.Select(d => (d[member] as JsonString)?.Value ?? "nothing"));
            string right = string.Join(" | ", ours.Select(d => of(d) ?? "nothing"));
            score.Set(layer, left == right ? null : $"{member}: recorded {left}, ours {right}");
        }
    }

    /// <summary>What CreateStateMachine says of a definition that is refused: the error's name, and its message word for word.</summary>
    public static void ScoreCreation(ConformanceCase recorded, CaseScore score)
    {
        var placeholders = new Placeholders(recorded);
        var values = new RecordedValue(placeholders);
        if (recorded["operation"] is not JsonString { Value: "create_state_machine" } operation)
        {
            throw new NotSupportedException($"No way to run {recorded["operation"]}.");
        }

        bool express = (recorded["arguments"] as JsonObject)?["type"] is JsonString { Value: "EXPRESS" };
        ServiceError? refusal = new DefinitionCompiler(StandardTargets.Catalog, ServiceLimits.Default).Check(
            placeholders.Substitute(recorded["definition"]?.ToString() ?? ""), express ? WorkflowType.Express : WorkflowType.Standard);
        score.Set(Layer.Status, refusal is null ? $"recorded refused, ours accepted ({operation.Value})" : null);
        if (refusal is not null)
        {
            JsonValue? error = recorded.Expected["apiError"];
            score.Set(Layer.Outcome, values.Differ((error as JsonObject)?["Code"], JsonString.Of(refusal.Code), "error"));
            score.Set(
                Layer.Cause,
                values.Differ(recorded.Expected["message"], JsonString.Of(ServiceMessages.InvalidDefinition(refusal.Diagnostics)), "message"));
        }
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
