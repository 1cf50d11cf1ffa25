using System.Globalization;
using Lockstep.Crash.MapRuns;
using Lockstep.Crash.Memory;
using Lockstep.Crash.Runner;
using Lockstep.Crash.Worker;
using Lockstep.Embedded.Hosting;

return args switch
{
    ["worker", string dataFolder, .. string[] rest] => await CrashWorker.RunAsync(dataFolder, CrashWorker.SmallLimits, rest.Contains("--trace"), Number(rest, "--life", 0)),
    ["memory", .. string[] rest] => await MemoryProbe.RunAsync(Number(rest, "--executions", 100_000)),
    ["memory-worker", string dataFolder, ..] =>
        await CrashWorker.RunAsync(dataFolder, new EmbeddedOptions(), trace: false, life: 0, (output, _) => new TokenPrinter(output)),
    ["map-run", .. string[] rest] => await MapRunProbe.RunAsync(
        Number(rest, "--items", 1_000_000), Number(rest, "--in-flight", 10_000), Number(rest, "--wait", 5), rest.Contains("--no-comparison")),
    ["map-run-worker", string dataFolder, .. string[] rest] =>
        await CrashWorker.RunAsync(dataFolder, new EmbeddedOptions(), trace: false, Number(rest, "--life", 0), (output, standard) => new ItemPrinter(output, standard)),
    [] or ["crash", ..] or ["--rounds", ..] => await CrashAsync(args),
    _ => Usage(),
};

static async Task<int> CrashAsync(string[] args)
{
    int seed = Number(args, "--seed", Environment.TickCount);
    int rounds = Number(args, "--rounds", 12);
    Console.WriteLine($"{rounds} rounds, seed {seed}");
    CrashReport report = await CrashTest.RunAsync(rounds, seed, Console.Out, args.Contains("--trace"));
    Console.WriteLine($"kills: {string.Join(", ", report.Kills.OrderBy(item => item.Key).Select(item => $"{item.Key} {item.Value}"))}");
    Console.WriteLine(
        $"{report.Executions} executions acknowledged, {report.Calls} calls, {report.RepeatedKeys} keys seen again after a crash, "
        + $"{report.TracedAcknowledgements} acknowledgements after their flush");
    foreach (string problem in report.Problems)
    {
        Console.WriteLine($"PROBLEM {problem}");
    }

    Console.WriteLine(report.Problems.Count == 0 ? "passed" : $"{report.Problems.Count} problems");
    return report.Problems.Count == 0 ? 0 : 1;
}

static int Number(string[] args, string name, int otherwise)
{
    int at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
}

static int Usage()
{
    Console.Error.WriteLine("usage: Lockstep.Crash [--rounds N] [--seed N] [--trace] | memory [--executions N] | map-run [--items N] [--in-flight N] [--wait SECONDS] [--no-comparison]");
    return 2;
}
