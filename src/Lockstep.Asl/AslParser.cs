using System.Collections.Immutable;
using System.Text;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Model;
using Lockstep.Asl.Parsing;
using Lockstep.Json;

namespace Lockstep.Asl;

/// <summary>Reads definitions in the Amazon States Language. Never throws on any text; reports every problem at once.</summary>
public static class AslParser
{
    /// <summary>Reads and checks a definition.</summary>
    /// <param name="definition">The text.</param>
    /// <param name="options">What it is checked against; the defaults when null.</param>
    public static AslParseResult Parse(string definition, AslOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return Parse(Encoding.UTF8.GetBytes(definition), options);
    }

    /// <summary>Reads and checks a definition.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="options">What it is checked against; the defaults when null.</param>
    public static AslParseResult Parse(ReadOnlySpan<byte> utf8, AslOptions? options = null) => Read(utf8, options, MachineReader.Read);

    /// <summary>
    /// Reads and checks one state on its own. The result is a machine that begins with it; the states that it may lead to are there by name
    /// and end at once.
    /// </summary>
    /// <param name="utf8">The text of the state.</param>
    /// <param name="name">The name that the state gets.</param>
    /// <param name="options">What it is checked against; the defaults when null.</param>
    public static AslParseResult ParseState(ReadOnlySpan<byte> utf8, string name, AslOptions? options = null) =>
        Read(utf8, options, (json, context) => SingleStateReader.Read(name, json, context));

    private static AslParseResult Read(ReadOnlySpan<byte> utf8, AslOptions? given, Func<JsonObject, ReadContext, StateMachineDefinition> read)
    {
        AslOptions options = given ?? AslOptions.Default;
        var limits = new JsonReadLimits { MaxBytes = options.Limits.MaxDefinitionBytes, MaxDepth = options.Limits.MaxDefinitionDepth };
        JsonReadResult result = JsonReader.Read(utf8, limits);
        if (!result.TryGetValue(out JsonValue? value, out JsonReadError? error))
        {
            return new AslParseResult(null, [JsonDiagnostics.Of(error, utf8, options.Limits)]);
        }

        if (value is not JsonObject json)
        {
            return new AslParseResult(null, [JsonDiagnostics.NotAnObject()]);
        }

        var context = new ReadContext(options) { Root = json };
        StateMachineDefinition definition = read(json, context);
        ImmutableArray<Diagnostic> diagnostics = context.Problems.Located(utf8);
        return new AslParseResult(context.Problems.HasErrors ? null : definition, diagnostics);
    }
}
