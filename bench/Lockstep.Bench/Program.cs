using Lockstep.Bench;
using Lockstep.Bench.Running;

// Runs one benchmark by name, or with `smoke` every one with tiny counts. Figures are meant to be compared within one run.
if (args.Length == 0 || args[0] is "--help" or "-h")
{
    Console.WriteLine("usage: dotnet run -c Release --project bench/Lockstep.Bench -- NAME [--argument value]...\n");
    foreach (Benchmark benchmark in BenchmarkCatalog.All)
    {
        Console.WriteLine($"  {benchmark.Name,-14} {benchmark.Summary}");
    }

    Console.WriteLine($"  {"smoke",-14} every benchmark above with tiny counts: that they run, not how fast");
    return args.Length == 0 ? 2 : 0;
}

if (args[0] == "smoke")
{
    foreach (Benchmark benchmark in BenchmarkCatalog.All)
    {
        Report.Title($"== {benchmark.Name}");
        int code = await RunAsync(benchmark, benchmark.Smoke);
        if (code != 0)
        {
            return code;
        }
    }

    return 0;
}

if (BenchmarkCatalog.All.FirstOrDefault(benchmark => benchmark.Name == args[0]) is not { } chosen)
{
    Console.Error.WriteLine($"There is no benchmark '{args[0]}'; run without arguments for the list.");
    return 2;
}

return await RunAsync(chosen, args[1..]);

static async Task<int> RunAsync(Benchmark benchmark, string[] arguments)
{
    if (BenchmarkArguments.TryParse(arguments, out string problem) is not { } parsed)
    {
        Console.Error.WriteLine(problem);
        return 2;
    }

    using var interrupted = new CancellationTokenSource();
    ConsoleCancelEventHandler interrupt = (_, pressed) =>
    {
        pressed.Cancel = true;
        interrupted.Cancel();
    };
    Console.CancelKeyPress += interrupt;
    try
    {
        await benchmark.RunAsync(parsed, interrupted.Token);
    }
    finally
    {
        Console.CancelKeyPress -= interrupt;
    }

    string[] unread = [.. parsed.Unread];
    if (unread.Length > 0)
    {
        Console.Error.WriteLine($"{benchmark.Name} has no argument --{string.Join(", --", unread)}.");
        return 2;
    }

    return 0;
}
