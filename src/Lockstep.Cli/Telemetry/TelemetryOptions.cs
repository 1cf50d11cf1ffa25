using System.Collections.Immutable;
using OpenTelemetry.Exporter;

namespace Lockstep.Cli.Telemetry;

/// <summary>Where telemetry goes and how; <see cref="TelemetrySettings"/> reads and checks it.</summary>
internal sealed record TelemetryOptions
{
    /// <summary>The base address of the collector; null when nothing is exported.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The form of OTLP.</summary>
    public OtlpExportProtocol Protocol { get; init; } = OtlpExportProtocol.HttpProtobuf;

    /// <summary>Sent with every batch.</summary>
    public CollectorHeaders Headers { get; init; } = CollectorHeaders.None;

    /// <summary>Whether spans are exported.</summary>
    public bool Traces { get; init; } = true;

    /// <summary>Whether metrics are exported.</summary>
    public bool Metrics { get; init; } = true;

    /// <summary>Which traces are recorded.</summary>
    public TraceSampling Sampling { get; init; } = TraceSampling.Default;

    /// <summary>Longest time that spans wait until they are sent.</summary>
    public TimeSpan SpanInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often metrics are sent.</summary>
    public TimeSpan MetricInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Spans that wait to be sent or are being sent, above which further ones are dropped.</summary>
    public int MaxQueuedSpans { get; init; } = 16_384;

    /// <summary>Longest time that the collector may take to answer a batch.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a stop waits for what has not been sent yet.</summary>
    public TimeSpan FlushTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The name of this service.</summary>
    public string ServiceName { get; init; } = "lockstep";

    /// <summary>What else is known of it, such as <c>deployment.environment.name</c>.</summary>
    public ImmutableArray<KeyValuePair<string, string>> ResourceAttributes { get; init; } = [];

    /// <summary>Whether anything is exported.</summary>
    public bool Exports => Endpoint is not null && (Traces || Metrics);
}

/// <summary>The header fields of requests to the collector. They are credentials, so that no text is made of them by accident.</summary>
/// <param name="fields">The fields, decoded.</param>
internal sealed class CollectorHeaders(ImmutableArray<KeyValuePair<string, string>> fields)
{
    /// <summary>No fields.</summary>
    public static CollectorHeaders None { get; } = new([]);

    /// <summary>The fields, for the requests alone.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Reveal() => fields;

    /// <inheritdoc/>
    public override string ToString() => nameof(CollectorHeaders);
}
