using Lockstep.Asl.Diagnostics;

namespace Lockstep.Asl.Parsing;

/// <summary>Reads the <c>QueryLanguage</c> field.</summary>
internal static class QueryLanguageReader
{
    private const string Name = "QueryLanguage";

    public static QueryLanguage Read(Fields fields, QueryLanguage inherited, bool isMachine)
    {
        switch (fields.Text(Name))
        {
            case null:
                return inherited;
            case "JSONata":
                return QueryLanguage.Jsonata;
            case "JSONPath":
                if (!isMachine && inherited == QueryLanguage.Jsonata)
                {
                    fields.Context.Problems.ErrorInField(
                        DiagnosticCodes.InvalidValue, "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", Name);
                }

                return QueryLanguage.JsonPath;
            default:
                fields.Context.Problems.Error(DiagnosticCodes.InvalidValue, $"The field '{Name}' must be JSONPath or JSONata", Name);
                return inherited;
        }
    }
}
