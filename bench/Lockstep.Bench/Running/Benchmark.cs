namespace Lockstep.Bench.Running;

/// <summary>One named benchmark.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Summary">What it measures, in one line, with its arguments.</param>
/// <param name="Smoke">Arguments that make it run in about a second: CI runs every benchmark with them and judges only that it runs.</param>
/// <param name="RunAsync">Runs it and prints its figures.</param>
internal sealed record Benchmark(string Name, string Summary, string[] Smoke, Func<BenchmarkArguments, CancellationToken, Task> RunAsync);
