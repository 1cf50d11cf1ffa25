using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Intrinsics;
using Lockstep.Asl.Printing;
using Lockstep.Json;

namespace Lockstep.Asl.Expressions;

/// <summary>A call of an intrinsic function (States Language, "Intrinsic Functions"). Arguments are evaluated from left to right.</summary>
internal sealed class IntrinsicCall(string text, IntrinsicFunction function, ValueExpression[] arguments) : ValueExpression
{
    private const int FreeBytes = 1024;

    internal override bool Computes => true;

    internal override WrittenExpression Written => WrittenExpression.Reference(text);

    public override Evaluated Evaluate(EvaluationScope scope)
    {
        long bytes = 0;
        var small = default(SmallBuffer);
        Span<JsonValue> values = arguments.Length <= SmallBuffer.Length ? small[..arguments.Length] : new JsonValue[arguments.Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            Evaluated argument = arguments[i].Evaluate(scope);
            if (!argument.Succeeded)
            {
                return arguments[i] is PathExpression ? Worded(argument.Error) : argument;
            }

            values[i] = argument.Value;
            bytes += argument.Value.Utf8Length;
        }

        // Small calls are free: what they cost is bounded by the length of the definition.
        if (bytes > FreeBytes && !scope.TrySpend(bytes / EvaluationScope.BytesPerUnit))
        {
            return Evaluated.Failed(scope.TooMuchWork(text));
        }

        Evaluated result = function.Body(values, scope);
        return result.Succeeded || result.Error.Name == StatesErrorNames.DataLimitExceeded ? result : Worded(result.Error);
    }

    public override string ToString() => text;

    private Evaluated Worded(StatesError error) =>
        Evaluated.Failed(error with { Cause = $"The function '{text}' had the following error: {error.Cause}" });
}
