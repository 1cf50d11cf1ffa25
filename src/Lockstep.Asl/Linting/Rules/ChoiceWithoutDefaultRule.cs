using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Model;
using Lockstep.Json;

namespace Lockstep.Asl.Linting.Rules;

/// <summary>
/// A Choice state without <c>Default</c> whose rules do not plainly cover everything: the execution fails when none matches, and a Choice state
/// has no <c>Catch</c>.
/// </summary>
internal sealed class ChoiceWithoutDefaultRule : LintRule
{
    /// <summary>Comparisons of which one matches whenever the others do not.</summary>
    private static readonly string[][] Complete =
    [
        ["LessThan", "GreaterThanEquals"],
        ["LessThanEquals", "GreaterThan"],
        ["LessThan", "Equals", "GreaterThan"],
        ["LessThanEquals", "GreaterThanEquals"],
    ];

    private static readonly string[] Ordered = ["Numeric", "String", "Timestamp"];

    public override string Code => DiagnosticCodes.ChoiceWithoutDefault;

    protected override IEnumerable<Diagnostic> Check(LintedState state) =>
        state.Definition is ChoiceDefinition { Default: null } && !IsComplete([.. state.Elements("Choices").Select(rule => ChoiceCondition.Of(rule.Json))])
            ? [Warning("There is no 'Default': the execution fails when no rule matches", state.Pointer)]
            : [];

    private static bool IsComplete(HashSet<JsonValue> conditions) => conditions.Any(condition => IsAlways(condition)
        || Complements((JsonObject)condition).Any(others => others.All(conditions.Contains)));

    private static bool IsAlways(JsonValue condition) => condition is JsonObject { Count: 1 } json && json["Condition"] is JsonBoolean { Value: true };

    /// <summary>For each way to complete a condition the conditions that it takes besides.</summary>
    private static IEnumerable<JsonValue[]> Complements(JsonObject condition)
    {
        yield return [JsonObject.Of("Not", condition)];
        if (condition["Variable"] is not JsonValue variable || condition.Count != 2)
        {
            yield break;
        }

        JsonProperty comparison = condition.Single(property => property.Name != "Variable");
        if (comparison.Value is JsonBoolean { Value: bool expected })
        {
            yield return [Comparison(variable, comparison.Name, JsonBoolean.Of(!expected))];
        }

        string suffix = comparison.Name.EndsWith("Path", StringComparison.Ordinal) ? "Path" : "";
        foreach (string family in Ordered.Where(family => comparison.Name.StartsWith(family, StringComparison.Ordinal)))
        {
            foreach (string[] set in Complete)
            {
                if (set.Contains(comparison.Name[family.Length..^suffix.Length], StringComparer.Ordinal))
                {
                    yield return [.. set.Select(operation => Comparison(variable, family + operation + suffix, comparison.Value))];
                }
            }
        }
    }

    private static JsonObject Comparison(JsonValue variable, string operation, JsonValue operand) =>
        JsonObject.Of(new JsonProperty("Variable", variable), new JsonProperty(operation, operand));
}
