using System.Collections.Immutable;

namespace Lockstep.Asl.Model;

/// <summary>A Parallel state.</summary>
public sealed record ParallelDefinition : WorkStateDefinition
{
    /// <inheritdoc/>
    public override StateType Type => StateType.Parallel;

    /// <summary><c>Branches</c>, in order.</summary>
    public required ImmutableArray<StateGroup> Branches { get; init; }

    /// <inheritdoc/>
    public override ImmutableArray<StateGroup> InnerGroups => Branches;
}
