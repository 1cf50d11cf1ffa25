using Lockstep.Asl.Diagnostics;
using Lockstep.Json;

namespace Lockstep.Asl.Linting.Rules;

/// <summary>
/// A path or a call in a payload template under a name without <c>.$</c>: the text itself is passed on (States Language, "Payload Template").
/// </summary>
internal sealed class NoDollarRule : LintRule
{
    /// <summary>A parameter of some services that takes JSONPaths as they are.</summary>
    private const string TakesPaths = "InputPathsMap";

    private static readonly string[] Templates = ["Parameters", "ResultSelector", "ItemSelector", "Assign", "Credentials"];

    public override string Code => DiagnosticCodes.NoDollar;

    protected override IEnumerable<Diagnostic> Check(LintedState state)
    {
        if (state.Definition.QueryLanguage != QueryLanguage.JsonPath)
        {
            return [];
        }

        IEnumerable<(JsonValue? Value, string Pointer)> templates = Templates.Select(name => (state.Json[name], state.At(name)));
        IEnumerable<(JsonValue? Value, string Pointer)> assigns = state.Elements("Catch").Concat(state.Elements("Choices"))
            .Select(element => (element.Json["Assign"], LintedState.Below(element.Pointer, "Assign")));
        return templates.Concat(assigns).SelectMany(template => Find(template.Value, template.Pointer));
    }

    private IEnumerable<Diagnostic> Find(JsonValue? value, string pointer)
    {
        switch (value)
        {
            case JsonString text when LookOfText.IsPathOrCall(text.Value):
                yield return Warning($"'{Shown(text.Value)}' looks like an expression but is passed on as text: put '.$' behind the field's name", pointer);
                break;
            case JsonObject json:
                foreach (JsonProperty property in json)
                {
                    if (!property.Name.EndsWith(".$", StringComparison.Ordinal) && property.Name != TakesPaths)
                    {
                        foreach (Diagnostic found in Find(property.Value, LintedState.Below(pointer, property.Name)))
                        {
                            yield return found;
                        }
                    }
                }

                break;
            case JsonArray array:
                for (int i = 0; i < array.Count; i++)
                {
                    if (array[i] is JsonString item && LookOfText.IsPathOrCall(item.Value))
                    {
                        yield return Warning(
                            $"'{Shown(item.Value)}' looks like an expression, but the strings of an array are passed on as text: build it with States.Array",
                            LintedState.Below(pointer, i));
                    }
                    else
                    {
                        foreach (Diagnostic found in Find(array[i], LintedState.Below(pointer, i)))
                        {
                            yield return found;
                        }
                    }
                }

                break;
            default:
                break;
        }
    }

    private static string Shown(string text) => Expressions.Shown.Text(text);
}
