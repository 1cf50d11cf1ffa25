using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Model;
using Lockstep.Asl.Queries;
using Lockstep.Json;

namespace Lockstep.Asl.Parsing;

/// <summary>Reads <c>Retry</c> and <c>Catch</c> (States Language, "Errors").</summary>
internal static class ErrorHandlingReader
{
    private const long DefaultIntervalSeconds = 1;
    private const long DefaultMaxAttempts = 3;
    private const double DefaultBackoffRate = 2.0;
    private const long MaxMaxDelaySeconds = 31_622_400;

    public static ImmutableArray<Retrier> ReadRetry(Fields fields)
    {
        JsonArray? array = fields.Array("Retry");
        if (array is null)
        {
            return [];
        }

        var retriers = ImmutableArray.CreateBuilder<Retrier>(array.Count);
        ForEach(fields.Context, "Retry", array, FieldSet.Retrier, (element, errors) =>
        {
            element.Require("ErrorEquals");
            retriers.Add(new Retrier(
                errors,
                element.Integer("IntervalSeconds", 1, Fields.MaxSeconds) ?? DefaultIntervalSeconds,
                element.Integer("MaxAttempts", 0, Fields.MaxSeconds) ?? DefaultMaxAttempts,
                ReadBackoffRate(element),
                element.Integer("MaxDelaySeconds", 1, MaxMaxDelaySeconds),
                ReadJitter(element)));
        });
        return retriers.DrainToImmutable();
    }

    public static ImmutableArray<CatcherDefinition> ReadCatch(Fields fields)
    {
        JsonArray? array = fields.Array("Catch");
        if (array is null)
        {
            return [];
        }

        var catchers = ImmutableArray.CreateBuilder<CatcherDefinition>(array.Count);
        ForEach(fields.Context, "Catch", array, FieldSet.Catcher, (element, errors) =>
        {
            element.Require("ErrorEquals", "Next");
            string next = element.NonEmptyText("Next");
            StateReader.CheckTarget(element, "Next", next.Length == 0 ? null : next);
            catchers.Add(new CatcherDefinition(
                errors,
                next,
                StateReader.ReadResultPath(element),
                TemplateReader.ReadAssign(element, StatesMembers.ErrorOutput),
                QueryReader.ReadOutput(element, StatesMembers.ErrorOutput)));
        });
        return catchers.DrainToImmutable();
    }

    private static void ForEach(
        ReadContext context, string name, JsonArray array, FieldSet allowed, Action<Fields, ImmutableArray<string>> read)
    {
        context.Problems.Enter(name);
        for (int i = 0; i < array.Count; i++)
        {
            context.Problems.Enter(i);
            if (array[i] is JsonObject json)
            {
                var element = new Fields(json, context, string.Create(CultureInfo.InvariantCulture, $"{name}[{i}]/"));
                element.Allow(allowed);
                ImmutableArray<string> errors = element.Texts("ErrorEquals");
                CheckStatesAll(errors, isLast: i == array.Count - 1, context);
                read(element, errors);
            }
            else
            {
                context.Problems.Error(DiagnosticCodes.WrongType, "Expected value of type Object");
            }

            context.Problems.Leave();
        }

        context.Problems.Leave();
    }

    private static void CheckStatesAll(ImmutableArray<string> errors, bool isLast, ReadContext context)
    {
        if (errors.Contains(StatesErrorNames.All, StringComparer.Ordinal) && (errors.Length > 1 || !isLast))
        {
            context.Problems.Error(
                DiagnosticCodes.StatesAllMisplaced,
                "States.ALL must be alone in its ErrorEquals, and in the last element of the array",
                "ErrorEquals");
        }
    }

    private static double ReadBackoffRate(Fields element)
    {
        const string Name = "BackoffRate";
        JsonValue? value = element[Name];
        if (value is null)
        {
            return DefaultBackoffRate;
        }

        if (value is not JsonNumber number)
        {
            element.WrongType(Name, "Number");
            return DefaultBackoffRate;
        }

        double rate = number.ToDouble();
        if (!(rate >= 1.0) || double.IsInfinity(rate))
        {
            element.Context.Problems.Error(DiagnosticCodes.OutOfRange, "Minimum value is 1.0", Name);
        }

        return rate;
    }

    private static JitterStrategy ReadJitter(Fields element)
    {
        const string Name = "JitterStrategy";
        switch (element.Text(Name))
        {
            case null or "NONE":
                return JitterStrategy.None;
            case "FULL":
                return JitterStrategy.Full;
            default:
                element.Context.Problems.Error(DiagnosticCodes.InvalidValue, "The field 'JitterStrategy' must be FULL or NONE", Name);
                return JitterStrategy.None;
        }
    }
}
