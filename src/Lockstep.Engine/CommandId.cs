namespace Lockstep.Engine;

/// <summary>
/// Names one command of an execution: an ordinal that the state hands out, so the same on every replay. Outcomes refer to the
/// command they belong to by it, and the idempotency key of an effect contains it.
/// </summary>
/// <param name="Ordinal">1 for the first command of the execution, growing by one.</param>
public readonly record struct CommandId(long Ordinal)
{
    /// <inheritdoc/>
    public override string ToString() => Ordinal.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
