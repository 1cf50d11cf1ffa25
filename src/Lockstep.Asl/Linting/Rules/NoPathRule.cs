using Lockstep.Asl.Diagnostics;
using Lockstep.Json;

namespace Lockstep.Asl.Linting.Rules;

/// <summary>A path in a field that compares or shows it as text, where a field of the same name with <c>Path</c> behind it would read it.</summary>
internal sealed class NoPathRule : LintRule
{
    public override string Code => DiagnosticCodes.NoPath;

    protected override IEnumerable<Diagnostic> Check(LintedState state) => state.Definition switch
    {
        { QueryLanguage: not QueryLanguage.JsonPath } => [],
        { Type: StateType.Fail } => Find(state.Json, state.Pointer, name => name is "Error" or "Cause", LookOfText.IsPathOrCall),
        { Type: StateType.Choice } => state.Elements("Choices").SelectMany(rule => FindInRule(rule.Json, rule.Pointer)),
        _ => [],
    };

    private static bool IsTextComparison(string name) =>
        name.StartsWith("String", StringComparison.Ordinal) && !name.EndsWith("Path", StringComparison.Ordinal);

    private IEnumerable<Diagnostic> FindInRule(JsonObject rule, string pointer)
    {
        IEnumerable<Diagnostic> inner = rule.SelectMany(property => (property.Name, property.Value) switch
        {
            ("Not", JsonObject negated) => FindInRule(negated, LintedState.Below(pointer, property.Name)),
            ("And" or "Or", JsonArray parts) => parts.SelectMany((part, i) =>
                part is JsonObject json ? FindInRule(json, LintedState.Below(LintedState.Below(pointer, property.Name), i)) : []),
            _ => [],
        });
        return Find(rule, pointer, IsTextComparison, LookOfText.IsPath).Concat(inner);
    }

    private IEnumerable<Diagnostic> Find(JsonObject json, string pointer, Func<string, bool> isText, Func<string, bool> looksLikePath) => json
        .Where(property => isText(property.Name) && property.Value is JsonString text && looksLikePath(text.Value))
        .Select(property => Warning(
            $"The value of '{property.Name}' looks like a path but is taken as text: '{property.Name}Path' reads it", LintedState.Below(pointer, property.Name)));
}
