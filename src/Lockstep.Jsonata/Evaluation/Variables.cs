using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Evaluation;

/// <summary>A value that is known when the expression is compiled.</summary>
internal sealed class ConstantNode(object? value) : Node
{
    public object? Value { get; } = value;

    public override object? Evaluate(object? input, Frame frame, Evaluator run) => Value;
}

/// <summary>The context <c>$</c>.</summary>
internal sealed class ContextNode : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run) => Value.Normalized(Sequence.Unwrapped(input));
}

/// <summary>The input <c>$$</c>.</summary>
internal sealed class InputNode : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run) => run.Input;
}

/// <summary>A variable that the host binds, or a function of the library.</summary>
internal sealed class GlobalNode(int index) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run) => run.Globals[index];
}

/// <summary>A variable that the expression assigns; before it does, the name means what it means outside.</summary>
internal sealed class SlotNode(int hops, int slot, Node outside) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        object? value = (hops == 0 ? frame : frame.Up(hops)).Slots[slot];
        return value is null ? outside.Evaluate(input, frame, run) : ReferenceEquals(value, Undefined.Value) ? null : Value.Normalized(value);
    }
}

/// <summary>An assignment, whose value is that of the assigned expression.</summary>
internal sealed class AssignmentNode(int hops, int slot, Node value) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        object? result = value.Evaluate(input, frame, run);
        frame.Up(hops).Slots[slot] = Undefined.Slot(result);
        return Value.Normalized(result);
    }
}

/// <summary>A variable that a step of a path has bound, or the ancestor that a <c>%</c> asks for.</summary>
internal sealed class TupleVariableNode(int binding, Node? outside) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        for (Frame? at = frame; at is not null; at = at.Parent)
        {
            if (at is TupleFrame tuple && tuple.Tuple.TryFind(binding, out object? value))
            {
                return Value.Normalized(value);
            }
        }

        return outside?.Evaluate(input, frame, run);
    }
}
