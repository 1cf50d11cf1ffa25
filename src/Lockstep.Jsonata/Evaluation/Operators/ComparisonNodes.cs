using Lockstep.Json;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Evaluation.Operators;

/// <summary>The order of two numbers or two strings, these by UTF-16 units.</summary>
internal sealed class OrderNode(string op, Node left, Node right, int position) : Node
{
    private readonly bool _orEqual = op.Length == 2;
    private readonly bool _less = op[0] == '<';

    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        run.Fuel.Spend();
        object? leftValue = left.Evaluate(input, frame, run);
        object? rightValue = right.Evaluate(input, frame, run);
        if (leftValue is JsonNumber a && rightValue is JsonNumber b)
        {
            double x = a.ToDouble();
            double y = b.ToDouble();
            return JsonBoolean.Of(_less ? (_orEqual ? x <= y : x < y) : (_orEqual ? x >= y : x > y));
        }

        if (leftValue is JsonString s && rightValue is JsonString t)
        {
            int order = string.CompareOrdinal(s.Value, t.Value);
            return JsonBoolean.Of(order == 0 ? _orEqual : order < 0 == _less);
        }

        Check(leftValue);
        Check(rightValue);
        return leftValue is null || rightValue is null
            ? null
            : throw JsonataException.Naming(
                "T2009",
                token => $"The values {Shown.Of(leftValue)} and {Shown.Of(rightValue)} either side of operator {JsonataException.Shown(token)} must be of the same data type",
                position,
                op,
                (JsonValue)rightValue);
    }

    private void Check(object? value)
    {
        if (value is not (null or JsonNumber or JsonString))
        {
            throw JsonataException.Naming(
                "T2010",
                token => $"The expressions either side of operator {JsonataException.Shown(token)} must evaluate to numeric or string values",
                position,
                op,
                Value.ForError(value));
        }
    }
}

/// <summary>Equality of values; nothing at all is neither equal to anything nor different from it.</summary>
internal sealed class EqualityNode(bool equal, Node left, Node right) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        run.Fuel.Spend();
        object? leftValue = left.Evaluate(input, frame, run);
        object? rightValue = right.Evaluate(input, frame, run);
        return JsonBoolean.Of(
            leftValue is not null && rightValue is not null && DeepEquality.AreEqual(leftValue, rightValue, run) == equal);
    }
}

/// <summary>Whether a scalar is among the items of an array.</summary>
internal sealed class InclusionNode(Node left, Node right) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        run.Fuel.Spend();
        object? item = left.Evaluate(input, frame, run);
        object? items = right.Evaluate(input, frame, run);
        if (item is null || items is null)
        {
            return JsonBoolean.False;
        }

        ArrayView view = ArrayView.Of(items);
        run.Fuel.Spend(view.Count);
        for (int i = 0; i < view.Count; i++)
        {
            if (IsSame(item, view[i]))
            {
                return JsonBoolean.True;
            }
        }

        return JsonBoolean.False;
    }

    /// <summary>
    /// Scalars by value; arrays, objects and functions only if they are one and the same. There is only one empty array and one empty object,
    /// whatever has made them, so these are not the same as any.
    /// </summary>
    private static bool IsSame(object item, object? other) => (item, other) switch
    {
        (JsonString a, JsonString b) => string.Equals(a.Value, b.Value),
        (JsonNumber a, JsonNumber b) => a.ToDouble() == b.ToDouble(),
        (JsonObject { Count: 0 } or JsonArray { Count: 0 }, _) => false,
        _ => ReferenceEquals(item, other),
    };
}
