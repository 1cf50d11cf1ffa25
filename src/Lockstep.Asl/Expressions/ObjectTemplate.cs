using System.Runtime.CompilerServices;
using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Printing;
using Lockstep.Json;

namespace Lockstep.Asl.Expressions;

/// <summary>
/// A payload template (States Language, "Payload Template") that is an object with at least one expression in it. The names are known beforehand:
/// results share them.
/// </summary>
internal sealed class ObjectTemplate : ValueExpression
{
    private readonly JsonObject _shape;
    private readonly ValueExpression[] _values;

    public ObjectTemplate(string[] names, ValueExpression[] values)
    {
        var shape = new JsonObjectBuilder(names.Length);
        foreach (string name in names)
        {
            // A name given twice has been reported; the template is never evaluated.
            shape.Set(name, JsonNull.Instance);
        }

        _shape = shape.Build();
        _values = values;
    }

    internal override WrittenExpression Written
    {
        get
        {
            var written = new JsonObjectBuilder(_values.Length);
            for (int i = 0; i < _values.Length; i++)
            {
                WrittenExpression value = _values[i].Written;
                written.Add(value.IsReference ? _shape[i].Name + ".$" : _shape[i].Name, value.Value);
            }

            return WrittenExpression.Plain(written.Build());
        }
    }

    public override Evaluated Evaluate(EvaluationScope scope)
    {
        var small = default(SmallBuffer);
        Span<JsonValue> results = _values.Length <= SmallBuffer.Length ? small[.._values.Length] : new JsonValue[_values.Length];
        Evaluated failure = TemplateBudget.EvaluateAll(_values, results, scope);
        return failure.Error is null ? Evaluated.Of(_shape.WithValues(results)) : failure;
    }
}

/// <summary>A payload template that is an array with at least one expression in it.</summary>
internal sealed class ArrayTemplate(ValueExpression[] items) : ValueExpression
{
    internal override WrittenExpression Written => WrittenExpression.Plain(JsonArray.Of([.. items.Select(item => item.Written.Value)]));

    public override Evaluated Evaluate(EvaluationScope scope)
    {
        var results = new JsonValue[items.Length];
        Evaluated failure = TemplateBudget.EvaluateAll(items, results, scope);
        return failure.Error is null ? Evaluated.Of(JsonArray.Of(results)) : failure;
    }
}

/// <summary>Room for the values of a small template on the stack.</summary>
[InlineArray(Length)]
internal struct SmallBuffer
{
    public const int Length = 8;

    private JsonValue _first;
}

/// <summary>
/// Bounds what one template can compute. Values that a path selects share structure and cost nothing; values that functions build are counted
/// while they are built, so that a template of thousands of calls stops at the payload limit instead of filling memory first.
/// </summary>
internal static class TemplateBudget
{
    /// <summary>Evaluates the parts of a template in order; gives the failure of the first that fails.</summary>
    public static Evaluated EvaluateAll(ValueExpression[] parts, Span<JsonValue> results, EvaluationScope scope)
    {
        long computedBytes = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            Evaluated result = parts[i].Evaluate(scope);
            if (!result.Succeeded)
            {
                return result;
            }

            results[i] = result.Value;
            computedBytes += parts[i].Computes ? result.Value.Utf8Length : 0;
            if (computedBytes > scope.MaxValueBytes)
            {
                return Evaluated.Failed(
                    StatesErrorNames.DataLimitExceeded,
                    $"The values computed by {(parts[i] is IntrinsicCall ? "intrinsic functions" : "expressions")} exceed the maximum of "
                        + $"{scope.MaxValueBytes} bytes.");
            }
        }

        return default;
    }
}
