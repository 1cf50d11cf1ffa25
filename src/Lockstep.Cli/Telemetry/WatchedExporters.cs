using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace Lockstep.Cli.Telemetry;

/// <summary>Exports spans under a watch and frees their places in the queue. A subclass and no wrapper, as an exporter finds the resource through its place in the provider.</summary>
internal sealed class WatchedSpanExporter(OtlpExporterOptions options, DeliveryWatch watch, SpanQueue queue) : OtlpTraceExporter(options)
{
    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Activity> activityBatch)
    {
        ExportResult result = base.Export(activityBatch);
        queue.Leave(activityBatch.Count);
        watch.Ended(result == ExportResult.Success);
        return result;
    }
}

/// <summary>Exports metrics under a watch.</summary>
internal sealed class WatchedMetricExporter(OtlpExporterOptions options, DeliveryWatch watch) : OtlpMetricExporter(options)
{
    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Metric> metrics)
    {
        ExportResult result = base.Export(metrics);
        watch.Ended(result == ExportResult.Success);
        return result;
    }
}
