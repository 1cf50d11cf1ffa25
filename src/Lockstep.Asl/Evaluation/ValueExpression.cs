using Lockstep.Asl.Printing;

namespace Lockstep.Asl.Evaluation;

/// <summary>
/// Anything that yields a JSON value from a scope: a literal, a path, an intrinsic function call, a payload template.
/// Compiled once per definition, immutable, shared by all executions.
/// </summary>
public abstract class ValueExpression
{
    /// <summary>Whether the value is made by the evaluation, so that its size is new memory, and not selected from what is there.</summary>
    internal virtual bool Computes => false;

    /// <summary>How it is written in a definition.</summary>
    internal abstract WrittenExpression Written { get; }

    /// <summary>Evaluates in a scope. An anticipated failure is a value; nothing is thrown on any input.</summary>
    public abstract Evaluated Evaluate(EvaluationScope scope);
}
