namespace Lockstep.Asl.Model;

/// <summary>A Succeed state.</summary>
public sealed record SucceedDefinition : StateDefinition
{
    /// <inheritdoc/>
    public override StateType Type => StateType.Succeed;
}
