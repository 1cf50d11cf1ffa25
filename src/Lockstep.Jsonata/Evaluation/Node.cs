namespace Lockstep.Jsonata.Evaluation;

/// <summary>
/// A node of a compiled expression. Immutable apart from hints that only speed depends on, so that many threads may evaluate one at a time.
/// </summary>
internal abstract class Node
{
    /// <summary>Evaluates the node; the value is normalized: a sequence of one item is that item.</summary>
    /// <param name="input">The context, <c>$</c>.</param>
    /// <param name="frame">The variables.</param>
    /// <param name="run">The evaluation.</param>
    /// <returns>A value, or null for nothing at all.</returns>
    public abstract object? Evaluate(object? input, Frame frame, Evaluator run);
}
