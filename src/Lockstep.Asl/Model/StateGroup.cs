using System.Collections.Immutable;

namespace Lockstep.Asl.Model;

/// <summary>States that transition among each other: a machine, a Parallel branch or a Map processor.</summary>
/// <param name="StartAt">Name of the first state.</param>
/// <param name="States">The states in the order of the text.</param>
public sealed record StateGroup(string StartAt, ImmutableArray<StateDefinition> States)
{
    /// <summary>These states and those nested in them, in the order of the text.</summary>
    public IEnumerable<StateDefinition> AllStates()
    {
        foreach (StateDefinition state in States)
        {
            yield return state;
            foreach (StateGroup inner in state.InnerGroups)
            {
                foreach (StateDefinition nested in inner.AllStates())
                {
                    yield return nested;
                }
            }
        }
    }
}
