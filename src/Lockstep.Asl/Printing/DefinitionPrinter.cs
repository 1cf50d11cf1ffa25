using Lockstep.Asl.Model;
using Lockstep.Json;

namespace Lockstep.Asl.Printing;

/// <summary>
/// Writes a definition that was read as a definition again: everything that it means, in one order of fields whatever the text had. Reading the result gives the same
/// definition, and writing that gives the same text. What means nothing is gone: comments of branches, processors, rules, retriers and catchers, and defaults of the language
/// that are the same written and unwritten.
/// </summary>
public static class DefinitionPrinter
{
    /// <summary>The definition as JSON.</summary>
    public static JsonObject Print(StateMachineDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        FieldWriter fields = new FieldWriter()
            .Text("Comment", definition.Comment)
            .Text("QueryLanguage", definition.QueryLanguage == QueryLanguage.Jsonata ? FieldWriter.Jsonata : null)
            .Text("Version", definition.Version)
            .Number("TimeoutSeconds", definition.TimeoutSeconds);
        StatePrinter.WriteGroup(fields, definition.Root, definition.QueryLanguage);
        return fields.Build();
    }
}
