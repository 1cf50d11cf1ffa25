using Lockstep.Asl.Evaluation;

namespace Lockstep.Asl.Model;

/// <summary>A Wait state. Exactly one of the expressions is set.</summary>
public sealed record WaitDefinition : StateDefinition
{
    /// <inheritdoc/>
    public override StateType Type => StateType.Wait;

    /// <summary><c>Seconds</c> or <c>SecondsPath</c>.</summary>
    public ValueExpression? Seconds { get; init; }

    /// <summary><c>Timestamp</c> or <c>TimestampPath</c>.</summary>
    public ValueExpression? Timestamp { get; init; }
}
