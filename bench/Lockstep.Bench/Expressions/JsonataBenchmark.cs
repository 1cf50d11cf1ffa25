using System.Diagnostics;
using Lockstep.Bench.Running;
using Lockstep.Json;
using Lockstep.Jsonata;

namespace Lockstep.Bench.Expressions;

/// <summary>
/// Evaluations of compiled JSONata expressions on one thread, results checked once, beside the JSONata package of Node on the same
/// expressions and documents.
/// </summary>
internal static class JsonataBenchmark
{
    private const int Batch = 20;

    /// <summary>The benchmark.</summary>
    public static Benchmark Create() => new(
        "jsonata",
        "evaluations/s of compiled expressions beside the JSONata package of Node  [--milliseconds 2000]",
        ["--milliseconds", "1"],
        (arguments, cancelled) => RunAsync(arguments.Count("milliseconds", 2_000), cancelled));

    private static async Task RunAsync(int milliseconds, CancellationToken cancelled)
    {
        Report.Title("JSONata, one thread, compiled once, results checked");
        using JsonataFloor? floor = JsonataFloor.TryStart();
        foreach (JsonataCase each in JsonataCases.All)
        {
            double ours = Measure(each, milliseconds, cancelled);
            Report.Figure(each.Name, ours, "evaluations/s");
            if (floor is not null)
            {
                double theirs = await floor.MeasureAsync(each, milliseconds, cancelled);
                Report.Figure("floor: the JSONata package", theirs, "evaluations/s");
                Report.Ratio($"{each.Name}, times the floor", ours / theirs);
            }
        }

        if (floor is null)
        {
            Console.WriteLine("  Node, or the package jsonata under artifacts/tools, is not installed: no floor (.ci/run installs the package)");
        }
    }

    private static double Measure(JsonataCase each, int milliseconds, CancellationToken cancelled)
    {
        JsonataExpression expression = JsonataExpression.Compile(each.Expression);
        JsonValue input = JsonValue.Parse(each.Document);
        if (!JsonValue.Parse(each.Expected).Equals(expression.Evaluate(input)))
        {
            throw new InvalidOperationException($"{each.Expression} gave {expression.Evaluate(input)}.");
        }

        // Long enough for the runtime to compile what is hot for good.
        Evaluate(expression, input, milliseconds, cancelled);
        return Evaluate(expression, input, milliseconds, cancelled);
    }

    private static double Evaluate(JsonataExpression expression, JsonValue input, int milliseconds, CancellationToken cancelled)
    {
        var watch = Stopwatch.StartNew();
        int count = 0;
        do
        {
            for (int i = 0; i < Batch; i++)
            {
                expression.Evaluate(input);
            }

            count += Batch;
        }
        while (watch.ElapsedMilliseconds < milliseconds && !cancelled.IsCancellationRequested);

        return count / watch.Elapsed.TotalSeconds;
    }
}
