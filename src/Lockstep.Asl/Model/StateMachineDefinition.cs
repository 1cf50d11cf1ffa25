using System.Collections.Immutable;

namespace Lockstep.Asl.Model;

/// <summary>
/// A valid definition as it was written: names instead of indices, every field of the specification. <see cref="AslParser"/> makes it, and only
/// from a text without errors.
/// </summary>
public sealed record StateMachineDefinition
{
    /// <summary>The query language of states that do not say their own.</summary>
    public required QueryLanguage QueryLanguage { get; init; }

    /// <summary><c>Comment</c>.</summary>
    public string? Comment { get; init; }

    /// <summary><c>Version</c> of the language; only <c>1.0</c> exists.</summary>
    public string? Version { get; init; }

    /// <summary><c>TimeoutSeconds</c> of the whole execution.</summary>
    public long? TimeoutSeconds { get; init; }

    /// <summary>The states of the machine itself.</summary>
    public required StateGroup Root { get; init; }

    /// <summary>
    /// The variables that each state reads, by the state's name, nested states included; states that read none are left out. Names are in
    /// ordinal order.
    /// </summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> GetVariableReferences()
    {
        var references = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        foreach (StateDefinition state in Root.AllStates())
        {
            if (!state.VariableReferences.IsEmpty)
            {
                references.Add(state.Name, state.VariableReferences);
            }
        }

        return references.ToImmutable();
    }
}
