using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Queries;
using Lockstep.Json;

namespace Lockstep.Asl.Linting.Rules;

/// <summary>
/// A string that looks like an expression of the other query language, or like a JSONata expression with text around it: it stays text.
/// </summary>
internal sealed class ExpressionIsTextRule : LintRule
{
    private static readonly string[] NotOurs = ["Comment", "Branches", "ItemProcessor", "Iterator"];

    public override string Code => DiagnosticCodes.ExpressionIsText;

    protected override IEnumerable<Diagnostic> Check(LintedState state) => state.Json
        .Where(property => !NotOurs.Contains(property.Name, StringComparer.Ordinal))
        .SelectMany(property => Find(property.Value, state.At(property.Name), state.Definition.QueryLanguage == QueryLanguage.Jsonata));

    private IEnumerable<Diagnostic> Find(JsonValue value, string pointer, bool isJsonata) => value switch
    {
        JsonString text => Complaint(text, isJsonata) is string message ? [Warning(message, pointer)] : [],
        JsonObject json => json.SelectMany(property => Find(property.Value, LintedState.Below(pointer, property.Name), isJsonata)),
        JsonArray array => array.SelectMany((item, i) => Find(item, LintedState.Below(pointer, i), isJsonata)),
        _ => [],
    };

    private static string? Complaint(JsonString text, bool isJsonata)
    {
        bool isWhole = QueryString.TryRead(text, out _, out _);
        if (!isJsonata)
        {
            return isWhole ? "'{% … %}' is text in a JSONPath state: set its QueryLanguage to JSONata" : null;
        }

        if (isWhole)
        {
            return null;
        }

        int opening = text.Value.IndexOf("{%", StringComparison.Ordinal);
        if (opening >= 0 && text.Value.IndexOf("%}", opening + 2, StringComparison.Ordinal) >= 0)
        {
            return "A string with something before '{%' or behind '%}' is text: join the parts inside the expression with '&'";
        }

        return LookOfText.IsPathOrCall(text.Value)
            ? $"'{Expressions.Shown.Text(text.Value)}' looks like an expression but is text in a JSONata state: write it as '{{% … %}}', the input as $states.input"
            : null;
    }
}
