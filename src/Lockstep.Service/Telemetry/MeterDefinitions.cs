using System.Diagnostics.Metrics;

namespace Lockstep.Service.Telemetry;

/// <summary>Makes instruments from their definitions, so that neither can differ from the other.</summary>
internal static class MeterDefinitions
{
    /// <summary>The counter of a definition.</summary>
    public static Counter<long> Count(this Meter meter, MetricDefinition definition) =>
        meter.CreateCounter<long>(definition.Name, definition.Unit, definition.Meaning);

    /// <summary>The histogram of a definition.</summary>
    public static Histogram<T> Measure<T>(this Meter meter, MetricDefinition definition)
        where T : struct => meter.CreateHistogram<T>(definition.Name, definition.Unit, definition.Meaning);
}
