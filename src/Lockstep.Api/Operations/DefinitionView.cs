using System.Collections.Immutable;
using System.Text.Json;
using Lockstep.Api.Routing;
using Lockstep.Service.Definitions;
using Lockstep.Service.Errors;
using Lockstep.Service.StateMachines;

namespace Lockstep.Api.Operations;

/// <summary>What an answer shows of a definition: with <c>includedData=METADATA_ONLY</c> nothing, else its text and the variables that its states read.</summary>
internal static class DefinitionView
{
    private const string Name = "includedData";

    /// <summary>The parameter of every operation that shows a definition.</summary>
    public static RouteParameter Parameter { get; } = new(
        Name, "query", "string", "ALL_DATA, or METADATA_ONLY to leave out definition and variableReferences; ALL_DATA when absent.");

    /// <summary>Reads whether the definition is to be shown. Fails with ValidationException.</summary>
    public static Result<IncludedData> Read(ApiCall call) => call.Query(Name) switch
    {
        null or "ALL_DATA" => new IncludedData(true),
        "METADATA_ONLY" => new IncludedData(false),
        _ => new ServiceError(ErrorCodes.Validation, $"{Name} has to be ALL_DATA or METADATA_ONLY.") { Target = Name },
    };

    /// <summary>Writes the definition and which variables each of its states reads.</summary>
    public static void Write(Utf8JsonWriter writer, StateMachineRecord machine)
    {
        writer.WriteJson("definition", machine.Definition);
        writer.WriteStartObject("variableReferences");
        foreach ((string state, ImmutableArray<string> variables) in VariableReferences.Of(machine))
        {
            writer.WriteStartArray(state);
            foreach (string variable in variables)
            {
                writer.WriteStringValue(variable);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    /// <summary>What was asked for.</summary>
    public sealed record IncludedData(bool WithDefinition);
}
