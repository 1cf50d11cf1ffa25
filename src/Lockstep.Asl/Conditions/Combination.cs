using Lockstep.Asl.Evaluation;
using Lockstep.Json;

namespace Lockstep.Asl.Conditions;

/// <summary><c>And</c> and <c>Or</c> over other conditions, from the first on, no further than needed.</summary>
/// <param name="operands">At least one condition.</param>
/// <param name="decisive">The outcome of one operand that decides the whole: false for And, true for Or.</param>
internal sealed class Combination(ConditionExpression[] operands, bool decisive) : ConditionExpression
{
    internal override JsonObject Written => JsonObject.Of(decisive ? "Or" : "And", JsonArray.Of([.. operands.Select(operand => operand.Written)]));

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
    internal override JsonObject Written => JsonObject.Of("Not", operand.Written);

    public override ConditionResult Evaluate(EvaluationScope scope)
    {
        ConditionResult result = operand.Evaluate(scope);
        return result.Succeeded ? result with { Matched = !result.Matched } : result;
    }
}
