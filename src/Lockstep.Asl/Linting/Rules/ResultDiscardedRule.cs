using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Model;

namespace Lockstep.Asl.Linting.Rules;

/// <summary>A field that shapes a result which <c>"ResultPath": null</c> then drops.</summary>
internal sealed class ResultDiscardedRule : LintRule
{
    public override string Code => DiagnosticCodes.ResultDiscarded;

    protected override IEnumerable<Diagnostic> Check(LintedState state)
    {
        // Assign sees the result before it is dropped.
        string? field = state.Definition switch
        {
            { Assign: not null } => null,
            PassDefinition { ResultPath.Discard: true, Result: not null } => "Result",
            PassDefinition { ResultPath.Discard: true, Parameters: not null } => "Parameters",
            WorkStateDefinition { ResultPath.Discard: true, ResultSelector: not null } => "ResultSelector",
            _ => null,
        };
        return field is null ? [] : [Warning($"'{field}' has no effect: 'ResultPath' null drops the result", state.At(field))];
    }
}
