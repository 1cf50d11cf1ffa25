using Lockstep.Asl.Evaluation;
using Lockstep.Json;

namespace Lockstep.Asl.Expressions;

/// <summary>A payload template (States Language, "Payload Template") that is an object with at least one expression in it.</summary>
internal sealed class ObjectTemplate(string[] names, ValueExpression[] values) : ValueExpression
{
    public override Evaluated Evaluate(EvaluationScope scope)
    {
        var builder = new JsonObjectBuilder(names.Length);
        long computedBytes = 0;
        for (int i = 0; i < names.Length; i++)
        {
            Evaluated result = values[i].Evaluate(scope);
            if (!result.Succeeded)
            {
                return result;
            }

            if (TemplateBudget.IsExceeded(values[i], result.Value, scope, ref computedBytes))
            {
                return TemplateBudget.Exceeded(scope);
            }

            builder.Add(names[i], result.Value);
        }

        return Evaluated.Of(builder.Build());
    }
}

/// <summary>A payload template that is an array with at least one expression in it.</summary>
internal sealed class ArrayTemplate(ValueExpression[] items) : ValueExpression
{
    public override Evaluated Evaluate(EvaluationScope scope)
    {
        var results = new JsonValue[items.Length];
        long computedBytes = 0;
        for (int i = 0; i < items.Length; i++)
        {
            Evaluated result = items[i].Evaluate(scope);
            if (!result.Succeeded)
            {
                return result;
            }

            if (TemplateBudget.IsExceeded(items[i], result.Value, scope, ref computedBytes))
            {
                return TemplateBudget.Exceeded(scope);
            }

            results[i] = result.Value;
        }

        return Evaluated.Of(JsonArray.Of(results));
    }
}

/// <summary>
/// Bounds what one template can compute. Values that a path selects share structure and cost nothing; values that functions build are counted
/// while they are built, so that a template of thousands of calls stops at the payload limit instead of filling memory first.
/// </summary>
internal static class TemplateBudget
{
    public static bool IsExceeded(ValueExpression source, JsonValue value, EvaluationScope scope, ref long computedBytes)
    {
        if (source is not IntrinsicCall)
        {
            return false;
        }

        computedBytes += value.Utf8Length;
        return computedBytes > scope.MaxValueBytes;
    }

    public static Evaluated Exceeded(EvaluationScope scope) => Evaluated.Failed(
        StatesErrorNames.DataLimitExceeded, $"The values computed by intrinsic functions exceed the maximum of {scope.MaxValueBytes} bytes.");
}
