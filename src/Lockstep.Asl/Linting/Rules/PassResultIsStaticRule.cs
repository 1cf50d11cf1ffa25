using Lockstep.Asl.Diagnostics;
using Lockstep.Json;

namespace Lockstep.Asl.Linting.Rules;

/// <summary>A path in <c>Result</c> of a Pass state, which is taken as it stands; <c>Parameters</c> evaluates.</summary>
internal sealed class PassResultIsStaticRule : LintRule
{
    public override string Code => DiagnosticCodes.PassResultIsStatic;

    protected override IEnumerable<Diagnostic> Check(LintedState state) =>
        state.Definition.Type == StateType.Pass && state.Json["Result"] is JsonValue result ? Find(result, state.At("Result")) : [];

    private IEnumerable<Diagnostic> Find(JsonValue value, string pointer) => value switch
    {
        JsonString text when LookOfText.IsPathOrCall(text.Value) =>
            [Warning("'Result' of a Pass state is never evaluated: use 'Parameters' for a value with paths or calls in it", pointer)],
        JsonObject json => json.SelectMany(property => Find(property.Value, LintedState.Below(pointer, property.Name))),
        JsonArray array => array.SelectMany((item, i) => Find(item, LintedState.Below(pointer, i))),
        _ => [],
    };
}
