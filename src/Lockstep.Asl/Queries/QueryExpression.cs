using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Expressions;
using Lockstep.Asl.Printing;
using Lockstep.Json;
using Lockstep.Jsonata;

namespace Lockstep.Asl.Queries;

/// <summary>
/// A JSONata expression in a field of a state. It fails with <c>States.QueryEvaluationError</c> when its evaluation fails, gives nothing, a
/// function, or a value of another type than the field takes; the causes are those of Step Functions.
/// </summary>
/// <param name="query">The expression.</param>
/// <param name="location">The field, as causes and the event EvaluationFailed name it: <c>Output/total</c>, <c>Choices[1]/Condition</c>.</param>
/// <param name="expected">What the field takes.</param>
internal sealed class QueryExpression(Query query, string location, QueryResultType expected) : ValueExpression
{
    /// <inheritdoc/>
    internal override bool Computes => true;

    /// <inheritdoc/>
    internal override WrittenExpression Written => WrittenExpression.Plain(JsonString.Of($"{{% {query.Text} %}}"));

    /// <inheritdoc/>
    public override Evaluated Evaluate(EvaluationScope scope)
    {
        QueryOutcome outcome;
        try
        {
            outcome = query.Evaluate(scope);
        }
        catch (JsonataException error)
        {
            // The codes of limits are this program's own: nobody finds them in the reference.
            return Fail($"threw an error during evaluation{(error.IsLimit ? ":" : $". {error.Code}:")} {error.Message}");
        }

        return outcome.Kind switch
        {
            QueryOutcomeKind.Nothing => Fail("returned nothing (undefined)."),
            QueryOutcomeKind.Unsupported => Fail("returned an unsupported result type."),
            _ => Check(outcome.Value ?? throw new InvalidOperationException("An outcome with a value has one."), scope),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => query.Text;

    private Evaluated Check(JsonValue value, EvaluationScope scope)
    {
        if (value.Utf8Length > scope.MaxValueBytes)
        {
            return Evaluated.Failed(
                StatesErrorNames.DataLimitExceeded,
                $"The JSONata expression '{Shown.Text(query.Text)}' specified for the field '{location}' returned {value.Utf8Length} bytes, more than the "
                    + $"maximum of {scope.MaxValueBytes}.");
        }

        if (expected.Kind is JsonKind kind && value.Kind != kind)
        {
            return Fail(
                $"returned an unexpected result type. Expected '{QueryResultType.NameOf(kind)}', but was '{QueryResultType.NameOf(value.Kind)}' "
                    + $"for value: {Shown.Of(value)}");
        }

        return expected.Check?.Invoke(value) is string condition
            ? Fail($"returned an unexpected value. Expected {condition}, but was: {Shown.Of(value)}")
            : Evaluated.Of(value);
    }

    private Evaluated Fail(string what) => Evaluated.Failed(new StatesError(
        StatesErrorNames.QueryEvaluationError, $"The JSONata expression '{Shown.Text(query.Text)}' specified for the field '{location}' {what}")
    {
        Location = location,
    });
}

/// <summary><c>Condition</c> of a Choice rule in a JSONata state.</summary>
internal sealed class QueryCondition(ValueExpression expression) : ConditionExpression
{
    /// <inheritdoc/>
    internal override JsonObject Written => JsonObject.Of("Condition", expression.Written.Value);

    /// <inheritdoc/>
    public override ConditionResult Evaluate(EvaluationScope scope)
    {
        Evaluated result = expression.Evaluate(scope);
        return new ConditionResult(result.Value is JsonBoolean { Value: true }, result.Error);
    }
}
