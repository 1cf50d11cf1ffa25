namespace Lockstep.Asl.Evaluation;

/// <summary>
/// Anything that yields a JSON value from a scope: a literal, a path, an intrinsic function call, a payload template.
/// Compiled once per definition, immutable, shared by all executions.
/// </summary>
public abstract class ValueExpression
{
    /// <summary>Evaluates in a scope. An anticipated failure is a value; nothing is thrown on any input.</summary>
    public abstract Evaluated Evaluate(EvaluationScope scope);
}
