using Azure.Core;
using Azure.Monitor.OpenTelemetry.Exporter;
using Lockstep.Service.Limits;
using Lockstep.Service.Telemetry;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Lockstep.Functions.Composition;

/// <summary>
/// Sends what the app tells to Application Insights, to a collector over OTLP, or to both. The host of the functions sends its own part by itself, under the
/// same settings, as host.json asks for OpenTelemetry. Where neither is set nothing is told, and nothing is paid.
/// </summary>
internal static class TelemetryExport
{
    /// <summary>Where Application Insights is.</summary>
    public const string MonitorKey = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>Where a collector is. The other variables of OpenTelemetry's exporter count beside it.</summary>
    public const string CollectorKey = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // A pair of tenant and machine has a time series for each status, or for each kind and outcome of its calls.
    private const int SeriesOfPair = 8;

    /// <summary>Adds what exports.</summary>
    /// <param name="services">Of the app.</param>
    /// <param name="configuration">Says where to.</param>
    /// <param name="limits">Bound the time series.</param>
    /// <param name="credential">What Application Insights is reached with; null where its connection string is enough.</param>
    public static void Add(IServiceCollection services, IConfiguration configuration, ServiceLimits limits, TokenCredential? credential)
    {
        string? monitor = configuration[MonitorKey] is { Length: > 0 } connection ? connection : null;
        bool collects = configuration[CollectorKey] is { Length: > 0 };
        IOpenTelemetryBuilder telemetry = services.AddOpenTelemetry().UseFunctionsWorkerDefaults();
        if (monitor is null && !collects)
        {
            return;
        }

        var ofTenants = TelemetryNames.Metrics
            .Where(metric => metric.Dimensions.Contains(TelemetryNames.Tenant)).Select(metric => metric.Name).ToHashSet(StringComparer.Ordinal);
        int series = checked((limits.MaxMetricLabelSets + 1) * SeriesOfPair);
        telemetry
            .WithTracing(tracing => tracing.AddSource(TelemetryNames.ApiSource, TelemetryNames.ExecutionSource))
            .WithMetrics(metrics => metrics
                .AddMeter(TelemetryNames.Meter)
                .AddView(instrument => ofTenants.Contains(instrument.Name) ? new MetricStreamConfiguration { CardinalityLimit = series } : null));
        if (collects)
        {
            telemetry.WithTracing(tracing => tracing.AddOtlpExporter()).WithMetrics(metrics => metrics.AddOtlpExporter());
        }

        if (monitor is not null)
        {
            telemetry.UseAzureMonitorExporter(options =>
            {
                options.ConnectionString = monitor;
                options.Credential = credential;

                // All or nothing: whoever starts a trace decides, as docs/telemetry.md says.
                options.SamplingRatio = 1;
                options.TracesPerSecond = null;
            });
        }
    }
}
