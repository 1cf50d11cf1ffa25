using Lockstep.Json;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Functions;

/// <summary>Numeric aggregation (JSONata, "Aggregation functions"); nothing at all gives nothing.</summary>
internal static class AggregationFunctions
{
    public static IEnumerable<LibraryFunction> All =>
    [
        new("sum", "<a<n>:n>", 1, (arguments, run) => Aggregate(arguments[0], run, 0.0, (total, value) => total + value, emptyIsNothing: false)),
        new("max", "<a<n>:n>", 1, (arguments, run) => Aggregate(arguments[0], run, double.NegativeInfinity, Math.Max, emptyIsNothing: true)),
        new("min", "<a<n>:n>", 1, (arguments, run) => Aggregate(arguments[0], run, double.PositiveInfinity, Math.Min, emptyIsNothing: true)),
        new("average", "<a<n>:n>", 1, Average),
        new("count", "<a:n>", 1, (arguments, _) => JsonNumber.Of((long)ArrayView.Of(arguments[0]).Count)),
    ];

    private static JsonNumber? Aggregate(
        object? list, Evaluation.Evaluator run, double start, Func<double, double, double> step, bool emptyIsNothing)
    {
        ArrayView items = ArrayView.Of(list);
        if (list is null || (emptyIsNothing && items.Count == 0))
        {
            return null;
        }

        run.Fuel.Spend(items.Count);
        double total = start;
        for (int i = 0; i < items.Count; i++)
        {
            total = step(total, items[i] is JsonNumber number ? number.ToDouble() : 0);
        }

        return Numbers.Finite(total);
    }

    private static JsonNumber? Average(object?[] arguments, Evaluation.Evaluator run)
    {
        ArrayView items = ArrayView.Of(arguments[0]);
        return items.Count == 0
            ? null
            : Numbers.Finite(Aggregate(arguments[0], run, 0, (total, value) => total + value, false)!.ToDouble() / items.Count);
    }
}
