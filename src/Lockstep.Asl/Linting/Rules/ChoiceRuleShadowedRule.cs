using Lockstep.Asl.Diagnostics;
using Lockstep.Json;

namespace Lockstep.Asl.Linting.Rules;

/// <summary>A Choice rule with the condition of an earlier one: the first that matches is taken, so that this one never is.</summary>
internal sealed class ChoiceRuleShadowedRule : LintRule
{
    public override string Code => DiagnosticCodes.ChoiceRuleShadowed;

    protected override IEnumerable<Diagnostic> Check(LintedState state)
    {
        if (state.Definition.Type != StateType.Choice)
        {
            yield break;
        }

        var before = new HashSet<JsonValue>();
        foreach ((JsonObject json, string pointer) in state.Elements("Choices"))
        {
            if (!before.Add(ChoiceCondition.Of(json)))
            {
                yield return Warning("The rule never matches first: an earlier rule has the same condition", pointer);
            }
        }
    }
}
