using Lockstep.Json;

namespace Lockstep.Jsonata.Evaluation.Operators;

/// <summary>Addition and its like, on doubles (JSONata, "Numeric operators"). Nothing at all on either side gives nothing.</summary>
internal sealed class ArithmeticNode(char op, Node left, Node right, int position) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        run.Fuel.Spend();
        object? leftValue = left.Evaluate(input, frame, run);
        object? rightValue = right.Evaluate(input, frame, run);
        if (leftValue is JsonNumber a && rightValue is JsonNumber b)
        {
            return Compute(Operand.Finite(a, position), Operand.Finite(b, position));
        }

        if (leftValue is not (null or JsonNumber))
        {
            throw Operand.Refused("T2001", "left", op.ToString(), leftValue, position);
        }

        return rightValue is null or JsonNumber
            ? null
            : throw Operand.Refused("T2002", "right", op.ToString(), rightValue, position);
    }

    private JsonNumber Compute(double a, double b)
    {
        double result = op switch
        {
            '+' => a + b,
            '-' => a - b,
            '*' => a * b,
            '/' => a / b,
            _ => a % b,
        };
        return double.IsFinite(result)
            ? JsonNumber.Of(result)
            : throw new JsonataException("D1001", Operand.OutOfRange, position, op.ToString());
    }
}

/// <summary>The unary minus.</summary>
internal sealed class NegationNode(Node operand, int position) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        run.Fuel.Spend();
        return operand.Evaluate(input, frame, run) switch
        {
            null => null,
            JsonNumber number => JsonNumber.Of(-Operand.Finite(number, position)),
            { } other => throw new JsonataException(
                "D1002", $"Cannot negate a non-numeric value: {Values.Shown.Of(other)}", position, "-", Values.Value.ForError(other)),
        };
    }
}
