using System.Diagnostics;
using System.Text.Json;
using Lockstep.Asl;
using Lockstep.Bench.Running;
using Lockstep.Json;

namespace Lockstep.Bench.Validation;

/// <summary>
/// Validates distinct texts of 50 states on one thread, beside JsonDocument.Parse of the same texts as the floor. No text is seen
/// twice in a round, so nothing but real work can be remembered.
/// </summary>
internal static class ValidationBenchmark
{
    /// <summary>The benchmark.</summary>
    public static Benchmark Create() => new(
        "validate",
        "validations/s of distinct 50-state definitions beside JsonDocument.Parse  [--texts 2000] [--states 50] [--rounds 5]",
        ["--texts", "20", "--rounds", "1"],
        (arguments, _) =>
        {
            Run(arguments.Count("texts", 2_000), arguments.Count("states", 50), arguments.Count("rounds", 5));
            return Task.CompletedTask;
        });

    private static void Run(int texts, int states, int rounds)
    {
        // One more set than rounds: the first warms up the compiler of the runtime, not a cache of ours.
        byte[][][] sets = [.. Enumerable.Range(0, rounds + 1)
            .Select(round => Enumerable.Range(0, texts).Select(text => GeneratedDefinition.Of(states, seed: (round * texts) + text)).ToArray())];
        Report.Title($"Validation, {texts:N0} distinct definitions of {states} states, {sets[0][0].Length:N0} bytes each, best of {rounds}");

        double parse = Best(sets, text => JsonDocument.Parse(text).Dispose());
        double read = Best(sets, text => Require(JsonReader.Read(text, JsonReadLimits.Default).IsSuccess));
        double validate = Best(sets, text => Require(AslParser.Parse(text).IsValid));
        double load = Best(sets, text => Require(AslCompiler.Load(text).IsValid));

        Report.Figure("floor: JsonDocument.Parse", texts / parse, "texts/s");
        Report.Figure("Lockstep.Json alone", texts / read, "texts/s");
        Report.Figure("validate", texts / validate, "texts/s");
        Report.Figure("validate and compile", texts / load, "texts/s");
        Report.Ratio("validate, times the floor", validate / parse);
        Report.Ratio("validate and compile, times the floor", load / parse);
    }

    private static double Best(byte[][][] sets, Action<byte[]> work)
    {
        double best = double.PositiveInfinity;
        foreach ((int round, byte[][] set) in sets.Index())
        {
            GC.Collect();
            long started = Stopwatch.GetTimestamp();
            foreach (byte[] text in set)
            {
                work(text);
            }

            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            best = round == 0 ? best : Math.Min(best, seconds);
        }

        return best;
    }

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new InvalidOperationException("A generated definition is not valid.");
        }
    }
}
