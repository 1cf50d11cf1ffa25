using System.Diagnostics;
using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Expressions;
using Lockstep.Json;

namespace Lockstep.Asl.Conditions;

/// <summary>
/// <c>IsPresent</c>, <c>IsNull</c>, <c>IsString</c>, <c>IsNumeric</c>, <c>IsBoolean</c>, <c>IsTimestamp</c>: true when the answer is the
/// expected one. Only <c>IsPresent</c> may ask about a value that does not exist.
/// </summary>
internal sealed class TypeTest(TypeQuestion question, bool expected, PathExpression variable) : ConditionExpression
{
    internal override JsonObject Written => variable.Test($"Is{question}", JsonBoolean.Of(expected));

    public override ConditionResult Evaluate(EvaluationScope scope)
    {
        if (question == TypeQuestion.Present)
        {
            PathOutcome outcome = variable.Read(scope, out _);
            return outcome == PathOutcome.TooMuchWork
                ? new ConditionResult(false, scope.TooMuchWork(variable.Text))
                : new ConditionResult((outcome == PathOutcome.Found) == expected, null);
        }

        Evaluated result = variable.Evaluate(scope);
        return result.Succeeded
            ? new ConditionResult(Answer(result.Value) == expected, null)
            : new ConditionResult(false, result.Error);
    }

    private bool Answer(JsonValue value) => question switch
    {
        TypeQuestion.Null => value is JsonNull,
        TypeQuestion.Boolean => value is JsonBoolean,
        TypeQuestion.Numeric => value is JsonNumber,
        TypeQuestion.String => value is JsonString,
        TypeQuestion.Timestamp => value is JsonString text && Rfc3339.TryParse(text.Value, out _),
        _ => throw new UnreachableException(),
    };
}
