using System.Diagnostics.CodeAnalysis;
using Lockstep.Json;

namespace Lockstep.Asl.Evaluation;

/// <summary>The outcome of a Choice rule: whether it matched, or the error that the state fails with.</summary>
public readonly record struct ConditionResult(bool Matched, StatesError? Error)
{
    /// <summary>Whether the rule could be evaluated.</summary>
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Error is null;
}

/// <summary>A compiled Choice rule: a comparison, or And, Or, Not over others (States Language, "Choice State").</summary>
public abstract class ConditionExpression
{
    /// <summary>The fields of the rule that it is written with.</summary>
    internal abstract JsonObject Written { get; }

    /// <summary>Evaluates the rule in a scope whose input is the state's effective input.</summary>
    public abstract ConditionResult Evaluate(EvaluationScope scope);
}
