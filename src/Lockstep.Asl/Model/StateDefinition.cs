using System.Collections.Immutable;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Evaluation;

namespace Lockstep.Asl.Model;

/// <summary>A state as it was written. The derived records are closed: one for each of the eight types.</summary>
public abstract record StateDefinition
{
    /// <summary>The state's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its type.</summary>
    public abstract StateType Type { get; }

    /// <summary>The query language of its expressions: its own, else the machine's.</summary>
    public required QueryLanguage QueryLanguage { get; init; }

    /// <summary><c>Comment</c>.</summary>
    public string? Comment { get; init; }

    /// <summary>Name of the next state; null when the state ends its scope.</summary>
    public string? Next { get; init; }

    /// <summary><c>InputPath</c>.</summary>
    public ValueExpression? InputPath { get; init; }

    /// <summary><c>OutputPath</c>.</summary>
    public ValueExpression? OutputPath { get; init; }

    /// <summary><c>Assign</c>.</summary>
    public AssignTemplate? Assign { get; init; }

    /// <summary><c>Output</c> of a JSONata state.</summary>
    public ValueExpression? Output { get; init; }

    /// <summary>Names of the variables that its expressions read, each once, in ordinal order.</summary>
    public ImmutableArray<string> VariableReferences { get; init; } = [];

    /// <summary>The groups of states inside it: branches or the processor.</summary>
    public virtual ImmutableArray<StateGroup> InnerGroups => [];
}
