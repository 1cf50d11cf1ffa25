using Lockstep.Jsonata.Evaluation.Paths;

namespace Lockstep.Jsonata.Evaluation;

/// <summary>
/// The variables of one call, or of one evaluation of a block that makes functions. Which variable lies where is decided when the expression
/// is compiled. A slot that is null has not been assigned yet.
/// </summary>
internal class Frame(Frame? parent, object?[] slots)
{
    public Frame? Parent { get; } = parent;

    public object?[] Slots { get; } = slots;

    public Frame Up(int hops)
    {
        Frame frame = this;
        for (; hops > 0; hops--)
        {
            frame = frame.Parent ?? throw new InvalidOperationException("The expression was compiled for more frames than there are.");
        }

        return frame;
    }
}

/// <summary>A frame for one tuple of a path that binds variables.</summary>
internal sealed class TupleFrame(Frame parent, PathTuple tuple) : Frame(parent, [])
{
    public PathTuple Tuple { get; } = tuple;
}

/// <summary>What stands in a slot that was assigned nothing at all.</summary>
internal sealed class Undefined
{
    private Undefined()
    {
    }

    public static Undefined Value { get; } = new();

    public static object Slot(object? value) => value ?? Value;
}
