using System.Collections.Immutable;
using System.Text.Json;
using Lockstep.Api.Operations;
using Lockstep.Service.Definitions;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;

namespace Lockstep.Api.Wire.Operations;

/// <summary>Parts that the outputs of several operations have in common.</summary>
internal static class WireWriting
{
    /// <summary>Writes <c>nextToken</c>, unless the page is the last.</summary>
    public static void WriteNextToken(this Utf8JsonWriter writer, string? token) => writer.WriteOptional("nextToken", token);

    /// <summary>Writes a list.</summary>
    public static void WriteList<T>(this Utf8JsonWriter writer, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(name);
        foreach (T item in items)
        {
            writer.WriteStartObject();
            write(writer, item);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes a list of tags, by key.</summary>
    public static void WriteTags(this Utf8JsonWriter writer, IReadOnlyDictionary<string, string> tags) => writer.WriteList(
        "tags",
        tags.OrderBy(tag => tag.Key, StringComparer.Ordinal),
        static (writer, tag) =>
        {
            writer.WriteString("key", tag.Key);
            writer.WriteString("value", tag.Value);
        });

    /// <summary>Writes inputs or outputs as JSON text with <c>…Details</c>, which says whether they are there; nothing when there are none.</summary>
    public static void WriteData(this Utf8JsonWriter writer, string name, string? json, bool isIncluded)
    {
        if (json is null)
        {
            return;
        }

        if (isIncluded)
        {
            writer.WriteString(name, json);
        }

        writer.WriteStartObject(name + "Details");
        writer.WriteBoolean("included", isIncluded);
        writer.WriteEndObject();
    }

    /// <summary>Writes the state machine that an execution ran, and the version and alias that it was started through.</summary>
    public static void WriteOrigin(this Utf8JsonWriter writer, ExecutionRecord execution)
    {
        writer.WriteString("stateMachineArn", execution.StateMachineArn);
        writer.WriteOptional("stateMachineVersionArn", execution.StateMachineVersionArn);
        writer.WriteOptional("stateMachineAliasArn", execution.StateMachineAliasArn);
    }

    /// <summary>Writes which variables each state reads; nothing when none does.</summary>
    public static void WriteVariableReferences(this Utf8JsonWriter writer, StateMachineRecord machine)
    {
        var references = VariableReferences.Of(machine);
        if (references.IsEmpty)
        {
            return;
        }

        writer.WriteStartObject("variableReferences");
        foreach ((string state, ImmutableArray<string> names) in references)
        {
            writer.WriteStartArray(state);
            foreach (string name in names)
            {
                writer.WriteStringValue(name);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes logging as it was chosen, and tracing and encryption as they are without a choice.</summary>
    public static void WriteSettings(this Utf8JsonWriter writer, StateMachineRecord machine)
    {
        LoggingBody.Write(writer, machine.Logging);
        writer.WriteStartObject("tracingConfiguration");
        writer.WriteBoolean("enabled", false);
        writer.WriteEndObject();
        writer.WriteStartObject("encryptionConfiguration");
        writer.WriteString("type", "AWS_OWNED_KEY");
        writer.WriteEndObject();
    }
}
