using System.Globalization;
using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Printing;
using Lockstep.Json;

namespace Lockstep.Asl.Expressions;

/// <summary>
/// A field such as <c>TimeoutSecondsPath</c> that must select an integer in a range. Yields a <see cref="JsonNumber"/> whose
/// <see cref="JsonNumber.TryGetInt64"/> holds. A string with an integer in it is accepted.
/// </summary>
internal sealed class IntegerField(string field, string subject, PathExpression path, long smallest, long largest) : ValueExpression
{
    internal override WrittenExpression Written => path.Written;

    public override Evaluated Evaluate(EvaluationScope scope)
    {
        Evaluated result = path.Evaluate(scope);
        if (!result.Succeeded)
        {
            return result;
        }

        long value = 0;
        bool isInteger = result.Value switch
        {
            JsonNumber number => number.TryGetInt64(out value),
            JsonString text => long.TryParse(text.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value),
            _ => false,
        };
        if (!isInteger || value is < int.MinValue or > int.MaxValue)
        {
            return Evaluated.Failed(
                StatesErrorNames.Runtime,
                $"The {field} field refers to value \"{Shown.Content(result.Value)}\" which is not a valid integer: {path.Text}");
        }

        if (value < smallest || value > largest)
        {
            string range = smallest == 0 && value < 0 ? "cannot be negative" : $"must be between {smallest} and {largest}";
            return Evaluated.Failed(StatesErrorNames.Runtime, $"{subject} {range}.");
        }

        return result.Value is JsonNumber ? result : Evaluated.Of(JsonNumber.Of(value));
    }
}

/// <summary><c>ToleratedFailurePercentagePath</c>: must select a number in a range from 0. A string with a number in it is accepted.</summary>
internal sealed class PercentageField(string field, string subject, PathExpression path, int largest) : ValueExpression
{
    internal override WrittenExpression Written => path.Written;

    public override Evaluated Evaluate(EvaluationScope scope)
    {
        Evaluated result = path.Evaluate(scope);
        if (!result.Succeeded)
        {
            return result;
        }

        JsonNumber? number = result.Value switch
        {
            JsonNumber given => given,
            JsonString text when JsonReader.Read(text.Value) is { IsSuccess: true, Value: JsonNumber written } => written,
            _ => null,
        };
        if (number is null)
        {
            return Evaluated.Failed(
                StatesErrorNames.Runtime,
                $"The {field} field refers to value \"{Shown.Content(result.Value)}\" which is not a valid float: {path.Text}");
        }

        return number.CompareTo(JsonNumber.Of(0)) < 0 || number.CompareTo(JsonNumber.Of(largest)) > 0
            ? Evaluated.Failed(StatesErrorNames.Runtime, $"{subject} must be between 0 and {largest}.")
            : Evaluated.Of(number);
    }
}

/// <summary><c>TimestampPath</c>: must select an RFC 3339 timestamp. Yields it as a <see cref="JsonString"/>.</summary>
internal sealed class TimestampField(string field, PathExpression path) : ValueExpression
{
    internal override WrittenExpression Written => path.Written;

    public override Evaluated Evaluate(EvaluationScope scope)
    {
        Evaluated result = path.Evaluate(scope);
        return !result.Succeeded || (result.Value is JsonString text && Rfc3339.TryParse(text.Value, out _))
            ? result
            : Evaluated.Failed(
                StatesErrorNames.Runtime,
                $"The {field} parameter does not reference a valid ISO-8601 extended offset date-time format string: "
                    + $"{path.Text} == {Shown.Content(result.Value)}");
    }
}

/// <summary><c>ErrorPath</c> and <c>CausePath</c>: must yield a string.</summary>
internal sealed class TextField(string field, ValueExpression source) : ValueExpression
{
    internal override WrittenExpression Written => source.Written;

    public override Evaluated Evaluate(EvaluationScope scope)
    {
        Evaluated result = source.Evaluate(scope);
        return !result.Succeeded || result.Value is JsonString
            ? result
            : Evaluated.Failed(
                StatesErrorNames.Runtime, $"The {field} field refers to value \"{Shown.Content(result.Value)}\" which is not a string: {source}");
    }
}

/// <summary><c>ItemsPath</c>: must select an array, or in DISTRIBUTED mode an object.</summary>
internal sealed class ItemsField(PathExpression path) : ValueExpression
{
    internal override WrittenExpression Written => path.Written;

    public override Evaluated Evaluate(EvaluationScope scope)
    {
        Evaluated result = path.Evaluate(scope);
        return !result.Succeeded || result.Value is JsonArray || (result.Value is JsonObject && scope.GoesOverMembers)
            ? result
            : Evaluated.Failed(StatesErrorNames.Runtime, $"Reference path \"{WithoutContextRoot(path.Text)}\" must point to array.");
    }

    // Step Functions shows a path into the context object as a path into the document it names.
    private static string WithoutContextRoot(string text) => text.StartsWith("$$", StringComparison.Ordinal) ? text[1..] : text;
}
