using Lockstep.Asl.Evaluation;

namespace Lockstep.Asl.Model;

/// <summary>A Fail state.</summary>
public sealed record FailDefinition : StateDefinition
{
    /// <inheritdoc/>
    public override StateType Type => StateType.Fail;

    /// <summary><c>Error</c> or <c>ErrorPath</c>.</summary>
    public ValueExpression? Error { get; init; }

    /// <summary><c>Cause</c> or <c>CausePath</c>.</summary>
    public ValueExpression? Cause { get; init; }
}
