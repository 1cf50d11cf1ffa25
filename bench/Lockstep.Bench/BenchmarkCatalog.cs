using Lockstep.Bench.Durable;
using Lockstep.Bench.Expressions;
using Lockstep.Bench.Growth;
using Lockstep.Bench.InMemory;
using Lockstep.Bench.Running;
using Lockstep.Bench.Starting;
using Lockstep.Bench.Validation;

namespace Lockstep.Bench;

/// <summary>Every benchmark that the command line knows.</summary>
internal static class BenchmarkCatalog
{
    /// <summary>In the order of bench/README.md.</summary>
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        InMemoryBenchmark.Create(),
        ValidationBenchmark.Create(),
        JsonataBenchmark.Create(),
        DurableBenchmark.Create(),
        StartBenchmark.Create(),
        GrowthBenchmark.Create(),
    ];
}
