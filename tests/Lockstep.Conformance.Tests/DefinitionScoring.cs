using Lockstep.Api.Operations;
using Lockstep.Api.Wire;
using Lockstep.Asl;
using Lockstep.Asl.Diagnostics;
using Lockstep.Conformance.Tests.Cases;
using Lockstep.Conformance.Tests.Matching;
using Lockstep.Json;
using Lockstep.Service;
using Lockstep.Service.Errors;
using Lockstep.Service.Naming;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;
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

    /// <summary>What creating or updating a state machine is refused with: the error's name, and its message word for word, as the protocol says them.</summary>
    public static void ScoreRefusal(ConformanceCase recorded, CaseScore score)
    {
        var placeholders = new Placeholders(recorded);
        var values = new RecordedValue(placeholders);
        using var stores = new CaseTargets(recorded, placeholders);
        string operation = (recorded["operation"] as JsonString)?.Value ?? "";
        var arguments = (JsonObject)placeholders.Substitute(recorded["arguments"] ?? JsonObject.Empty);
        string definition = placeholders.Substitute(recorded["definition"]?.ToString() ?? "");
        (ServiceError? refusal, string subject) = operation switch
        {
            "create_state_machine" => Create(stores.Service, arguments, definition),
            "update_state_machine" => Update(stores.Service, arguments, definition),
            _ => throw new NotSupportedException($"No way to run {operation}."),
        };
        score.Set(Layer.Status, refusal is null ? $"recorded refused, ours accepted ({operation})" : null);
        if (refusal is not null)
        {
            WireError told = WireErrors.Of(refusal, subject);
            score.Set(Layer.Outcome, values.Differ((recorded.Expected["apiError"] as JsonObject)?["Code"], JsonString.Of(told.Type), "error"));
            score.Set(Layer.Cause, values.Differ(recorded.Expected["message"], JsonString.Of(told.Message), "message"));
        }
    }

    private static (ServiceError? Refusal, string Subject) Create(LockstepService service, JsonObject arguments, string definition)
    {
        var request = new CreateStateMachineRequest((arguments["name"] as JsonString)?.Value ?? "machine", definition)
        {
            Type = arguments["type"] is JsonString { Value: "EXPRESS" } ? WorkflowType.Express : WorkflowType.Standard,
            Logging = arguments["loggingConfiguration"] is JsonObject logging ? LoggingBody.Of(logging) : null,
        };
        return (
            service.StateMachines.CreateAsync(CaseTargets.Owner, request, CancellationToken.None).AsTask().GetAwaiter().GetResult().Error,
            service.Arns.StateMachine(CaseTargets.Owner, request.Name));
    }

    /// <summary>The machine is there, with another definition; what the request names may be a version of it.</summary>
    private static (ServiceError? Refusal, string Subject) Update(LockstepService service, JsonObject arguments, string definition)
    {
        string arn = (arguments["stateMachineArn"] as JsonString)?.Value ?? "";
        if (!ArnFormat.TryParseStateMachine(arn, out TenantId tenant, out string? reference))
        {
            throw new InvalidDataException($"{arn} names no state machine.");
        }

        string name = reference.Split(':')[0];
        const string first = """{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}""";
        if (service.StateMachines.CreateAsync(tenant, new CreateStateMachineRequest(name, first), CancellationToken.None)
            .AsTask().GetAwaiter().GetResult().Error is { } refused)
        {
            throw new InvalidOperationException(refused.Message);
        }

        var request = new UpdateStateMachineRequest(definition, null) { Publish = arguments["publish"] is JsonBoolean { Value: true } };
        return (service.StateMachines.UpdateAsync(tenant, reference, request, CancellationToken.None).AsTask().GetAwaiter().GetResult().Error, arn);
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
