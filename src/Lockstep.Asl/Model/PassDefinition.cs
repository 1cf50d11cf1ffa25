using Lockstep.Asl.Compiled;
using Lockstep.Asl.Evaluation;
using Lockstep.Json;

namespace Lockstep.Asl.Model;

/// <summary>A Pass state.</summary>
public sealed record PassDefinition : StateDefinition
{
    /// <inheritdoc/>
    public override StateType Type => StateType.Pass;

    /// <summary><c>Parameters</c>.</summary>
    public ValueExpression? Parameters { get; init; }

    /// <summary><c>Result</c>.</summary>
    public JsonValue? Result { get; init; }

    /// <summary><c>ResultPath</c>.</summary>
    public ResultPlacement? ResultPath { get; init; }
}
