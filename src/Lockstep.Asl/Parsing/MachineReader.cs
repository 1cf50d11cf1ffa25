using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Model;
using Lockstep.Json;

namespace Lockstep.Asl.Parsing;

/// <summary>Reads the outermost object of a definition.</summary>
internal static class MachineReader
{
    public static StateMachineDefinition Read(JsonObject json, ReadContext context)
    {
        var fields = new Fields(json, context);
        fields.Allow(FieldSet.Machine);
        context.MachineLanguage = QueryLanguageReader.Read(fields, QueryLanguage.JsonPath, isMachine: true);
        context.Language = context.MachineLanguage;
        string? version = fields.Text("Version");
        if (version is not (null or "1.0"))
        {
            context.Problems.Error(DiagnosticCodes.InvalidValue, "The field 'Version' must be 1.0", "Version");
        }

        var definition = new StateMachineDefinition
        {
            QueryLanguage = context.MachineLanguage,
            Comment = fields.Text("Comment"),
            Version = version,
            TimeoutSeconds = fields.Integer("TimeoutSeconds", 1, Fields.MaxSeconds),
            Root = GroupReader.Read(fields, visible: null),
        };
        context.CheckVariables();
        return definition;
    }
}
