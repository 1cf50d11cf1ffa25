using System.Reflection;
using Lockstep.Service.Limits;
using Lockstep.Service.Telemetry;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Lockstep.Cli.Telemetry;

/// <summary>
/// Sends what the service tells to a collector. Invariant: nobody waits for it but a stop, and that not longer than
/// <see cref="TelemetryOptions.FlushTimeout"/>; what the collector does not take in time is lost.
/// </summary>
internal sealed partial class TelemetryExport : IDisposable
{
    private const int MaxSpansPerBatch = 512;

    // A pair of tenant and machine has a time series for each status, or for each kind and outcome of its calls. The exporter counts what is
    // beyond together, under its own attribute.
    private const int SeriesOfPair = 8;

    private readonly TelemetryOptions _options;
    private readonly ILogger _logger;
    private readonly SpanQueue _queue;
    private readonly TracerProvider? _traces;
    private readonly MeterProvider? _metrics;

    private TelemetryExport(TelemetryOptions options, Uri endpoint, ServiceLimits limits, ILogger logger)
    {
        _options = options;
        _logger = logger;
        _queue = new SpanQueue(logger, options.MaxQueuedSpans);
        Telemetry = new ServiceTelemetry(limits);
        ResourceBuilder resource = DescribeProcess(options);
        _traces = options.Traces ? ExportTraces(endpoint, resource) : null;
        _metrics = options.Metrics ? ExportMetrics(endpoint, resource, limits) : null;
    }

    /// <summary>What the service is to tell.</summary>
    public ServiceTelemetry Telemetry { get; }

    /// <summary>Starts exporting; null when there is nowhere to export to, so that nothing is told at all.</summary>
    public static TelemetryExport? Start(TelemetryOptions options, ServiceLimits limits, ILogger logger) =>
        options is { Exports: true, Endpoint: { } endpoint } ? new TelemetryExport(options, endpoint, limits, logger) : null;

    /// <summary>Sends what has not been sent yet, within the time for it. To be called once, while everything that is told of still stands.</summary>
    public async Task StopAsync()
    {
        int timeout = (int)_options.FlushTimeout.TotalMilliseconds;
        bool[] whole = await Task.WhenAll(
            Task.Run(() => _traces?.Shutdown(timeout) ?? true), Task.Run(() => _metrics?.Shutdown(timeout) ?? true));
        if (whole.Contains(false))
        {
            LogUnsent(_logger, timeout);
        }

        if (_queue.Dropped is > 0 and long dropped)
        {
            LogDropped(_logger, dropped);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Without effect after a stop. A start that has failed leaves without waiting for the collector.
        _traces?.Shutdown(0);
        _metrics?.Shutdown(0);
        _traces?.Dispose();
        _metrics?.Dispose();
        Telemetry.Dispose();
    }

    private static ResourceBuilder DescribeProcess(TelemetryOptions options)
    {
        string version = typeof(TelemetryExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        return ResourceBuilder.CreateEmpty()
            .AddTelemetrySdk()
            .AddAttributes([new("service.version", version), new("service.instance.id", Guid.NewGuid().ToString())])
            .AddAttributes(options.ResourceAttributes.Select(pair => new KeyValuePair<string, object>(pair.Key, pair.Value)))
            .AddAttributes([new("service.name", options.ServiceName)]);
    }

    private TracerProvider ExportTraces(Uri endpoint, ResourceBuilder resource)
    {
        (OtlpExporterOptions exporter, DeliveryWatch watch) = Exporter(endpoint, "spans", "v1/traces");
        return Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(TelemetryNames.ApiSource, TelemetryNames.ExecutionSource)
            .SetSampler(_options.Sampling.Create())
            .AddProcessor(new QueuedSpanProcessor(_queue, new WatchedSpanExporter(exporter, watch, _queue), _options, MaxSpansPerBatch))
            .Build();
    }

    private MeterProvider ExportMetrics(Uri endpoint, ResourceBuilder resource, ServiceLimits limits)
    {
        (OtlpExporterOptions exporter, DeliveryWatch watch) = Exporter(endpoint, "metrics", "v1/metrics");
        var ofTenants = TelemetryNames.Metrics
            .Where(metric => metric.Dimensions.Contains(TelemetryNames.Tenant)).Select(metric => metric.Name).ToHashSet(StringComparer.Ordinal);
        int series = checked((limits.MaxMetricLabelSets + 1) * SeriesOfPair);
        return Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(TelemetryNames.Meter)
            .AddView(instrument => ofTenants.Contains(instrument.Name) ? new MetricStreamConfiguration { CardinalityLimit = series } : null)
            .AddReader(new PeriodicExportingMetricReader(
                new WatchedMetricExporter(exporter, watch),
                (int)_options.MetricInterval.TotalMilliseconds,
                (int)_options.Timeout.TotalMilliseconds))
            .Build();
    }

    private (OtlpExporterOptions Options, DeliveryWatch Watch) Exporter(Uri endpoint, string what, string path)
    {
        // Over gRPC the exporter adds the path itself.
        Uri address = _options.Protocol == OtlpExportProtocol.Grpc ? endpoint : new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/{path}");
        var watch = new DeliveryWatch(_logger, what, address);
        var options = new OtlpExporterOptions
        {
            Endpoint = address,
            Protocol = _options.Protocol,
            TimeoutMilliseconds = (int)_options.Timeout.TotalMilliseconds,

            // The client has them, decoded. Empty, so that the exporter does not read the environment once more.
            Headers = "",
            HttpClientFactory = () => Client(watch),
        };
        return (options, watch);
    }

    private HttpClient Client(DeliveryWatch watch)
    {
        var client = new HttpClient(new CollectorHandler(watch)) { Timeout = _options.Timeout };
        foreach ((string name, string value) in _options.Headers.Reveal())
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        }

        return client;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The collector did not take all telemetry within {FlushTimeoutMs} ms; the rest is lost.")]
    private static partial void LogUnsent(ILogger logger, int flushTimeoutMs);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Dropped} spans were dropped since the start, as too many waited.")]
    private static partial void LogDropped(ILogger logger, long dropped);
}
