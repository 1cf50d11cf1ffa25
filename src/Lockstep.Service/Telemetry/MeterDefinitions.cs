using System.Diagnostics.Metrics;
using System.Numerics;

namespace Lockstep.Service.Telemetry;

/// <summary>Makes instruments from their definitions, so that neither can differ from the other.</summary>
internal static class MeterDefinitions
{
    // A commit takes milliseconds and an execution may take days; the default of exporters is made for milliseconds as the unit.
    private static readonly double[] Seconds =
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400];

    private static readonly double[] Amounts = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

    /// <summary>The counter of a definition.</summary>
    public static Counter<long> Count(this Meter meter, MetricDefinition definition) =>
        meter.CreateCounter<long>(definition.Name, definition.Unit, definition.Meaning);

    /// <summary>The histogram of a definition, with boundaries that suit its unit.</summary>
    public static Histogram<T> Measure<T>(this Meter meter, MetricDefinition definition)
        where T : struct, INumber<T> =>
        meter.CreateHistogram(
            definition.Name,
            definition.Unit,
            definition.Meaning,
            tags: null,
            new InstrumentAdvice<T> { HistogramBucketBoundaries = [.. (definition.Unit == "s" ? Seconds : Amounts).Select(T.CreateChecked)] });
}
