using Lockstep.Json;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Evaluation.Operators;

/// <summary>The integers from one to another, both included.</summary>
internal sealed class RangeNode(Node left, Node right, int position) : Node
{
    /// <summary>Most items of a range (code D2014).</summary>
    public const int MaxItems = 10_000_000;

    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        run.Fuel.Spend();
        double? from = Integer(left.Evaluate(input, frame, run), "T2003", "left");
        double? to = Integer(right.Evaluate(input, frame, run), "T2004", "right");
        if (from is null || to is null || from > to)
        {
            return null;
        }

        double count = to.Value - from.Value + 1;
        if (count > MaxItems)
        {
            throw new JsonataException("D2014", $"The size of the sequence allocated by the range operator (..) must not exceed 1e7.  Attempted to allocate {JsonNumber.Of(count)}.", position, "..", JsonNumber.Of(count));
        }

        run.SpendItems((long)count);
        var items = new Sequence((int)count);
        for (double value = from.Value; items.Count < count; value++)
        {
            items.Add(JsonNumber.Of(value));
        }

        return items.Normalized();
    }

    private double? Integer(object? value, string code, string side) => value switch
    {
        null => null,
        JsonNumber number when number.ToDouble() is var integer && Math.Truncate(integer) == integer => integer,
        _ => throw new JsonataException(
            code, $"The {side} side of the range operator (..) must evaluate to an integer", position, "..", Value.ForError(value)),
    };
}
