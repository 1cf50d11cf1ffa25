using Lockstep.Jsonata.Evaluation;

namespace Lockstep.Jsonata.Values;

/// <summary>A function as a value.</summary>
internal abstract class JsonataFunction
{
    /// <summary>How many arguments a higher-order function passes to it at most.</summary>
    public abstract int Arity { get; }

    /// <summary>The name for messages, such as <c>$sum</c>.</summary>
    public virtual string Name => "function";

    /// <summary>Calls the function.</summary>
    /// <param name="arguments">The arguments, nothing at all for those left out; the callee may keep and change the array.</param>
    /// <param name="input">The context of the call, for signatures that fall back on it.</param>
    /// <param name="run">The evaluation.</param>
    /// <returns>The value; a <see cref="Sequence"/> may not be normalized yet, so that the caller can still keep it an array.</returns>
    public abstract object? Invoke(object?[] arguments, object? input, Evaluator run);
}
