using System.Diagnostics.CodeAnalysis;
using Lockstep.Json;

namespace Lockstep.Asl.Evaluation;

/// <summary>
/// What an expression can see while it is evaluated: the input (<c>$</c>), the context object (<c>$$</c>), the variables and a
/// deterministic source of random numbers. The interpreter supplies one per turn and moves it from state to state.
/// </summary>
public abstract class EvaluationScope
{
    /// <summary>The value that <c>$</c> names: the effective input, the task result or the raw input, depending on the field.</summary>
    public abstract JsonValue Input { get; }

    /// <summary>The context object that <c>$$</c> names. Built only when an expression asks for it.</summary>
    public abstract JsonValue Context { get; }

    /// <summary>Finds a variable visible in the current scope, the innermost first.</summary>
    public abstract bool TryGetVariable(string name, [MaybeNullWhen(false)] out JsonValue value);

    /// <summary>
    /// Bytes of JSON text that an expression may produce; beyond it fails with <c>States.DataLimitExceeded</c>. The payload limit of the
    /// execution; 256 KiB unless overridden.
    /// </summary>
    public virtual int MaxValueBytes => 256 * 1024;

    /// <summary>Draws the next 64 random bits from the execution's seed. The same draw on every replay.</summary>
    public abstract ulong NextRandom();
}
