using System.Diagnostics;
using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Expressions;
using Lockstep.Json;

namespace Lockstep.Asl.Conditions;

/// <summary>A comparison of a selected value with a fixed or selected one (States Language, "Data-test expression").</summary>
internal sealed class Comparison(ComparisonKind kind, ComparisonOrder order, PathExpression variable, ValueExpression operand) : ConditionExpression
{
    internal override JsonObject Written => variable.Test(operand.Written.IsReference ? $"{kind}{order}Path" : $"{kind}{order}", operand.Written.Value);

    public override ConditionResult Evaluate(EvaluationScope scope)
    {
        Evaluated left = variable.Evaluate(scope);
        if (!left.Succeeded)
        {
            return new ConditionResult(false, left.Error);
        }

        Evaluated right = operand.Evaluate(scope);
        return right.Succeeded
            ? new ConditionResult(Holds(left.Value, right.Value), null)
            : new ConditionResult(false, right.Error);
    }

    private bool Holds(JsonValue left, JsonValue right)
    {
        switch (kind)
        {
            case ComparisonKind.String:
                return left is JsonString text && right is JsonString other && IsOrdered(string.CompareOrdinal(text.Value, other.Value));
            case ComparisonKind.Numeric:
                return left is JsonNumber number && right is JsonNumber otherNumber && IsOrdered(number.CompareTo(otherNumber));
            case ComparisonKind.Boolean:
                return left is JsonBoolean boolean && right is JsonBoolean otherBoolean && boolean.Value == otherBoolean.Value;
            case ComparisonKind.Timestamp:
                return left is JsonString time && Rfc3339.TryParse(time.Value, out Instant instant)
                    && right is JsonString otherTime && Rfc3339.TryParse(otherTime.Value, out Instant otherInstant)
                    && IsOrdered(instant.CompareTo(otherInstant));
            default:
                throw new UnreachableException();
        }
    }

    private bool IsOrdered(int comparison) => order switch
    {
        ComparisonOrder.Equals => comparison == 0,
        ComparisonOrder.LessThan => comparison < 0,
        ComparisonOrder.GreaterThan => comparison > 0,
        ComparisonOrder.LessThanEquals => comparison <= 0,
        ComparisonOrder.GreaterThanEquals => comparison >= 0,
        _ => throw new UnreachableException(),
    };
}
