using Lockstep.Json;
using Lockstep.Jsonata.Evaluation.Calls;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Evaluation.Operators;

/// <summary>
/// <c>and</c> and <c>or</c>; the right side is not evaluated when the left one decides. What fails in the right side is told of the operator, as the
/// reference does.
/// </summary>
internal sealed class LogicNode(bool isAnd, Node left, Node right, int position) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        run.Fuel.Spend();
        bool first = Value.IsTrue(left.Evaluate(input, frame, run), run);
        return first != isAnd ? JsonBoolean.Of(first) : Second(input, frame, run);
    }

    private JsonBoolean Second(object? input, Frame frame, Evaluator run)
    {
        try
        {
            return JsonBoolean.Of(Value.IsTrue(right.Evaluate(input, frame, run), run));
        }
        catch (JsonataException error) when (!error.IsLimit)
        {
            throw error.Moved(position, isAnd ? "and" : "or");
        }
    }
}

/// <summary>The conditional <c>? :</c>; without its else part it is nothing when the condition is false.</summary>
internal sealed class ConditionalNode(Node condition, Node then, Node? otherwise) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        run.Fuel.Spend();
        return Value.Normalized(Value.IsTrue(condition.Evaluate(input, frame, run), run)
            ? then.Evaluate(input, frame, run)
            : otherwise?.Evaluate(input, frame, run));
    }
}

/// <summary>The default operator <c>?:</c>: the left side if it is true, else the right one.</summary>
/// <param name="left">The left side.</param>
/// <param name="right">The right side.</param>
/// <param name="isTail">Whether a function ends with it, which then gives what a call on either side gives.</param>
internal sealed class DefaultNode(Node left, Node right, bool isTail) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        run.Fuel.Spend();
        object? value = isTail && left is CallNode call ? call.List(input, frame, run) : left.Evaluate(input, frame, run);
        value = Value.IsTrue(value, run) ? value : right.Evaluate(input, frame, run);
        return isTail ? value : Value.Normalized(value);
    }
}

/// <summary>The coalescing operator <c>??</c>: the left side if there is a value, be it null, else the right one.</summary>
/// <param name="left">The left side.</param>
/// <param name="right">The right side.</param>
/// <param name="isTail">Whether a function ends with it, which then gives what a call on either side gives.</param>
internal sealed class CoalescingNode(Node left, Node right, bool isTail) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        run.Fuel.Spend();
        object? value = isTail && left is CallNode call ? call.List(input, frame, run) : left.Evaluate(input, frame, run);
        value = Value.Normalized(value) is null ? right.Evaluate(input, frame, run) : value;
        return isTail ? value : Value.Normalized(value);
    }
}
