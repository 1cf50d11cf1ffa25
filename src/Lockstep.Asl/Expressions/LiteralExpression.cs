using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Printing;
using Lockstep.Json;

namespace Lockstep.Asl.Expressions;

/// <summary>A fixed value.</summary>
public sealed class LiteralExpression : ValueExpression
{
    private readonly Evaluated _result;

    /// <summary>Yields the value whatever the scope.</summary>
    public LiteralExpression(JsonValue value)
    {
        Value = value;
        _result = Evaluated.Of(value);
    }

    /// <summary>The value.</summary>
    public JsonValue Value { get; }

    internal override WrittenExpression Written => WrittenExpression.Plain(Value);

    /// <inheritdoc/>
    public override Evaluated Evaluate(EvaluationScope scope) => _result;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
