using System.Diagnostics;
using System.Globalization;
using Lockstep.Bench.Running;
using Lockstep.Json;

namespace Lockstep.Bench.InMemory;

/// <summary>
/// The interpreter alone: no store, no network, one thread, history events produced, outputs checked. A transition is a state entered. Also
/// how cost grows with the length of a loop and the width of a Map.
/// </summary>
internal static class InMemoryBenchmark
{
    public static Benchmark Create() => new(
        "in-memory",
        "transitions/s of the interpreter on one thread  [--seconds 3] [--loop 1000000] [--items 10000]",
        ["--seconds", "0", "--loop", "2000", "--items", "200"],
        (arguments, cancelled) =>
        {
            Run(arguments.Count("seconds", 3), arguments.Count("loop", 1_000_000), arguments.Count("items", 10_000), cancelled);
            return Task.CompletedTask;
        });

    /// <summary>Measures and prints.</summary>
    /// <param name="seconds">How long to measure each machine; at least one round is run.</param>
    /// <param name="longLoop">Iterations of the long loop.</param>
    /// <param name="manyItems">Items of the wide Map.</param>
    /// <param name="cancelled">Stops between rounds.</param>
    public static int Run(int seconds, int longLoop, int manyItems, CancellationToken cancelled)
    {
        Report.Title("In memory, one thread, events produced, outputs checked");
        Measure("chain of 10 Pass", InMemoryMachines.Chain(10), Input("""{"value":[1,2,3]}"""), Input("""{"value":[1,2,3]}"""), 10, seconds, cancelled);
        Measure("Choice and Pass counting to 1,000", InMemoryMachines.Loop, Counting(0, 1_000), Counting(1_000, 1_000), 2_002, seconds, cancelled);
        JsonArray thousand = Numbers(1_000);
        Measure("Map of 1,000 with a Pass", InMemoryMachines.Map, thousand, thousand, 1_001, seconds, cancelled);

        Report.Title("Growth");
        double shortLoop = Measure("loop, 1,000 iterations", InMemoryMachines.Loop, Counting(0, 1_000), Counting(1_000, 1_000), 2_002, seconds, cancelled);
        double loop = Measure(
            $"loop, {longLoop.ToString("N0", CultureInfo.InvariantCulture)} iterations",
            InMemoryMachines.Loop, Counting(0, longLoop), Counting(longLoop, longLoop), (2L * longLoop) + 2, seconds, cancelled);
        Report.Ratio("cost per transition, long loop over short", shortLoop / loop);
        JsonArray few = Numbers(100);
        JsonArray many = Numbers(manyItems);
        double narrow = Measure("Map of 100, a task each", InMemoryMachines.MapOfTasks, few, few, 101, seconds, cancelled);
        double wide = Measure(
            $"Map of {manyItems.ToString("N0", CultureInfo.InvariantCulture)}, a task each", InMemoryMachines.MapOfTasks, many, many, manyItems + 1, seconds, cancelled);
        Report.Ratio("cost per item, wide Map over narrow", narrow / wide);
        return 0;
    }

    private static double Measure(
        string label, string definition, JsonValue input, JsonValue expected, long transitions, int seconds, CancellationToken cancelled)
    {
        var run = new InMemoryRun(definition);
        var warmUp = Stopwatch.StartNew();
        do
        {
            Check(run.Execute(input), expected);
        }
        while (warmUp.Elapsed.TotalSeconds < Math.Min(seconds, 1));

        long executions = 0;
        long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        do
        {
            cancelled.ThrowIfCancellationRequested();
            Check(run.Execute(input), expected);
            executions++;
        }
        while (watch.Elapsed.TotalSeconds < seconds);

        double perSecond = executions * transitions / watch.Elapsed.TotalSeconds;
        Report.Figure(label, perSecond, "transitions/s");
        Report.Figure("  allocated", (double)(GC.GetAllocatedBytesForCurrentThread() - allocatedBefore) / (executions * transitions), "bytes/transition");
        return perSecond;
    }

    private static void Check(JsonValue output, JsonValue expected)
    {
        if (!output.Equals(expected))
        {
            throw new InvalidOperationException("The output is wrong.");
        }
    }

    private static JsonValue Input(string text) => JsonValue.Parse(text);

    private static JsonObject Counting(int count, int limit) => JsonObject.Of(
        new JsonProperty("count", JsonNumber.Of(count)), new JsonProperty("limit", JsonNumber.Of(limit)));

    private static JsonArray Numbers(int count) => JsonArray.Of([.. Enumerable.Range(0, count).Select(i => (JsonValue)JsonNumber.Of(i))]);
}
