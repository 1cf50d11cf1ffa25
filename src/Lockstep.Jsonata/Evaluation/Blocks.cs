using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Evaluation;

/// <summary>Expressions one after another; the value is that of the last.</summary>
/// <param name="expressions">The expressions.</param>
/// <param name="firstSlot">Where in the frame the block's own variables lie.</param>
/// <param name="slots">How many there are; they are forgotten when the block is entered anew.</param>
internal sealed class BlockNode(Node[] expressions, int firstSlot, int slots) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        run.Fuel.Spend();
        if (slots > 0)
        {
            Array.Clear(frame.Slots, firstSlot, slots);
        }

        object? value = null;
        foreach (Node expression in expressions)
        {
            value = expression.Evaluate(input, frame, run);
        }

        return Value.Normalized(value);
    }
}

/// <summary>A block with variables that functions made in it may keep, and that therefore has a frame of its own.</summary>
internal sealed class FramedBlockNode(Node[] expressions, FrameLayout layout) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        run.Fuel.Spend();
        var own = new Frame(frame, layout.NewSlots());
        object? value = null;
        foreach (Node expression in expressions)
        {
            value = expression.Evaluate(input, own, run);
        }

        return Value.Normalized(value);
    }
}

/// <summary>How many slots a frame has; known once everything within it is compiled.</summary>
internal sealed class FrameLayout
{
    public int Count { get; private set; }

    public int Take() => Count++;

    public object?[] NewSlots() => Count == 0 ? [] : new object?[Count];
}
