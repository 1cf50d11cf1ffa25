using System.Collections.Immutable;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Evaluation;

namespace Lockstep.Asl.Model;

/// <summary>A Choice state. Its <c>Assign</c> applies when no rule matches.</summary>
public sealed record ChoiceDefinition : StateDefinition
{
    /// <inheritdoc/>
    public override StateType Type => StateType.Choice;

    /// <summary><c>Choices</c>, in order.</summary>
    public required ImmutableArray<ChoiceRuleDefinition> Choices { get; init; }

    /// <summary><c>Default</c>.</summary>
    public string? Default { get; init; }
}

/// <summary>An element of <c>Choices</c>.</summary>
/// <param name="Condition">The compiled condition: comparisons, or <c>Condition</c> of a JSONata state. Null only in a definition that is refused.</param>
/// <param name="Next">Name of the state that goes on.</param>
/// <param name="Assign">Variables it assigns; null when absent.</param>
/// <param name="Output"><c>Output</c> in a JSONata state; null when absent.</param>
public sealed record ChoiceRuleDefinition(
    ConditionExpression? Condition, string Next, AssignTemplate? Assign, ValueExpression? Output);
