using Lockstep.Asl.Evaluation;

namespace Lockstep.Asl.Conditions;

/// <summary><c>And</c> and <c>Or</c> over other conditions, from the first on, no further than needed.</summary>
/// <param name="operands">At least one condition.</param>
/// <param name="decisive">The outcome of one operand that decides the whole: false for And, true for Or.</param>
internal sealed class Combination(ConditionExpression[] operands, bool decisive) : ConditionExpression
{
    public override ConditionResult Evaluate(EvaluationScope scope)
    {
        foreach (ConditionExpression operand in operands)
        {
            ConditionResult result = operand.Evaluate(scope);
            if (!result.Succeeded || result.Matched == decisive)
            {
                return result;
            }
        }

        return new ConditionResult(!decisive, null);
    }
}

/// <summary><c>Not</c>.</summary>
internal sealed class Negation(ConditionExpression operand) : ConditionExpression
{
    public override ConditionResult Evaluate(EvaluationScope scope)
    {
        ConditionResult result = operand.Evaluate(scope);
        return result.Succeeded ? result with { Matched = !result.Matched } : result;
    }
}
