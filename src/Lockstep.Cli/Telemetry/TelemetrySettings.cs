using System.Collections.Immutable;
using System.Globalization;
using OpenTelemetry.Exporter;

namespace Lockstep.Cli.Telemetry;

/// <summary>
/// Reads <see cref="TelemetryOptions"/>: from keys of our own, and where one is not set from the environment variable that OpenTelemetry has for
/// it. A value that cannot be used is refused with its name, never replaced. As long as nothing is exported, the variables are not looked at:
/// they may be meant for other programs.
/// </summary>
internal static class TelemetrySettings
{
    /// <summary>The collector's base address.</summary>
    public const string EndpointKey = Prefix + "Endpoint";

    /// <summary>The form of OTLP.</summary>
    public const string ProtocolKey = Prefix + "Protocol";

    /// <summary>Whether anything is exported at all.</summary>
    public const string EnabledKey = Prefix + "Enabled";

    /// <summary>Whether spans are.</summary>
    public const string TracesKey = Prefix + "Traces";

    /// <summary>Whether metrics are.</summary>
    public const string MetricsKey = Prefix + "Metrics";

    /// <summary>Credentials for the collector. There is no key beside it: what is set on a command line is seen by everybody on the machine.</summary>
    public const string HeadersVariable = "OTEL_EXPORTER_OTLP_HEADERS";

    /// <summary>The name of the service.</summary>
    public const string ServiceNameVariable = "OTEL_SERVICE_NAME";

    /// <summary>What else is known of the service.</summary>
    public const string ResourceAttributesVariable = "OTEL_RESOURCE_ATTRIBUTES";

    private const string Prefix = "Lockstep:Telemetry:";
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string DisabledVariable = "OTEL_SDK_DISABLED";
    private const string TracesVariable = "OTEL_TRACES_EXPORTER";
    private const string MetricsVariable = "OTEL_METRICS_EXPORTER";
    private const string SamplerVariable = "OTEL_TRACES_SAMPLER";
    private const string RatioVariable = "OTEL_TRACES_SAMPLER_ARG";
    private const string ServiceNameAttribute = "service.name";

    /// <summary>Every number, in the order of the documentation.</summary>
    public static ImmutableArray<TelemetrySetting> Numbers { get; } =
    [
        new("SpanIntervalMs", "OTEL_BSP_SCHEDULE_DELAY", 5_000, 1, 600_000, "Longest time that spans wait until they are sent.",
            (options, value) => options with { SpanInterval = TimeSpan.FromMilliseconds(value) }),
        new("MetricIntervalMs", "OTEL_METRIC_EXPORT_INTERVAL", 60_000, 100, 3_600_000, "How often metrics are sent.",
            (options, value) => options with { MetricInterval = TimeSpan.FromMilliseconds(value) }),
        new("MaxQueuedSpans", "OTEL_BSP_MAX_QUEUE_SIZE", 16_384, 1, 1_048_576, "Spans that wait to be sent, above which further ones are dropped.",
            (options, value) => options with { MaxQueuedSpans = value }),
        new("TimeoutMs", "OTEL_EXPORTER_OTLP_TIMEOUT", 10_000, 100, 600_000, "Longest time that the collector may take to answer a batch.",
            (options, value) => options with { Timeout = TimeSpan.FromMilliseconds(value) }),
        new("FlushTimeoutMs", null, 3_000, 0, 600_000, "How long a stop waits for what has not been sent yet.",
            (options, value) => options with { FlushTimeout = TimeSpan.FromMilliseconds(value) }),
    ];

    /// <summary>Reads the options; what cannot be used ends the command.</summary>
    /// <param name="configuration">Gives the value of a key or a variable, or null.</param>
    public static TelemetryOptions Read(Func<string, string?> configuration)
    {
        var reader = new Reader(configuration);
        bool enabled = reader.Flag(EnabledKey) ?? !string.Equals(reader.Variable(DisabledVariable), "true", StringComparison.OrdinalIgnoreCase);
        (string name, string? address) = reader.Find(EndpointKey, enabled ? EndpointVariable : null);
        Uri? endpoint = address is null ? null : EndpointOf(name, address);
        bool exports = enabled && endpoint is not null;
        var options = new TelemetryOptions
        {
            Endpoint = exports ? endpoint : null,
            Protocol = ProtocolOf(reader.Find(ProtocolKey, exports ? ProtocolVariable : null)),
            Traces = reader.Flag(TracesKey) ?? (!exports || IsOtlp(reader, TracesVariable)),
            Metrics = reader.Flag(MetricsKey) ?? (!exports || IsOtlp(reader, MetricsVariable)),
        };
        foreach (TelemetrySetting setting in Numbers)
        {
            (string key, string? text) = reader.Find(setting.Key, exports ? setting.Variable : null);
            options = text is null ? options : setting.With(options, NumberOf(setting, key, text));
        }

        return exports ? Describe(reader, options with { Sampling = SamplingOf(reader) }) : options;
    }

    private static TelemetryOptions Describe(Reader reader, TelemetryOptions options)
    {
        if (reader.Variable(HeadersVariable) is { } headers)
        {
            options = options with { Headers = HeadersOf(headers) };
        }

        if (reader.Variable(ResourceAttributesVariable) is { } attributes)
        {
            options = options with { ResourceAttributes = PairsOf(ResourceAttributesVariable, attributes) };
        }

        string? name = reader.Variable(ServiceNameVariable)
            ?? options.ResourceAttributes.Where(pair => pair.Key == ServiceNameAttribute).Select(pair => pair.Value).LastOrDefault();
        return string.IsNullOrEmpty(name) ? options : options with { ServiceName = name };
    }

    private static Uri EndpointOf(string name, string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https"))
        {
            throw Refused($"{name} has to be an absolute http or https address, such as http://127.0.0.1:4318.");
        }

        // The value is not repeated: it may hold a password.
        return url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0
            ? throw Refused($"{name} has to be an address without user, query and fragment. Credentials belong into {HeadersVariable}.")
            : url;
    }

    private static OtlpExportProtocol ProtocolOf((string Name, string? Text) setting) => setting.Text switch
    {
        null or "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
        "grpc" => OtlpExportProtocol.Grpc,
        _ => throw Refused($"{setting.Name} is \"{setting.Text}\", but has to be http/protobuf or grpc."),
    };

    private static bool IsOtlp(Reader reader, string variable) => reader.Variable(variable) switch
    {
        null or "otlp" => true,
        "none" => false,
        { } other => throw Refused($"{variable} is \"{other}\", but has to be otlp or none."),
    };

    private static TraceSampling SamplingOf(Reader reader)
    {
        TraceSampling sampling = reader.Variable(SamplerVariable) is { } name ? TraceSampling.Default with { Name = name } : TraceSampling.Default;
        if (!TraceSampling.Names.Contains(sampling.Name))
        {
            throw Refused($"{SamplerVariable} is \"{sampling.Name}\", but has to be {string.Join(", ", TraceSampling.Names)}.");
        }

        if (!sampling.HasRatio || reader.Variable(RatioVariable) is not { } text)
        {
            return sampling;
        }

        return TraceSampling.TryParseRatio(text, out double ratio)
            ? sampling with { Ratio = ratio }
            : throw Refused($"{RatioVariable} is \"{text}\", but has to be a number from 0 to 1, such as 0.1.");
    }

    private static int NumberOf(TelemetrySetting setting, string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= setting.Minimum && value <= setting.Maximum
            ? value
            : throw Refused(string.Create(
                CultureInfo.InvariantCulture, $"{name} is \"{text}\", but has to be a whole number from {setting.Minimum} to {setting.Maximum}."));

    private static ImmutableArray<KeyValuePair<string, string>> PairsOf(string variable, string text) =>
        PairList.TryParse(text, out ImmutableArray<KeyValuePair<string, string>> pairs, out string? problem)
            ? pairs
            : throw Refused($"{variable} has to be name=value pairs, separated by commas, with values percent-encoded: {problem}.");

    private static CollectorHeaders HeadersOf(string text)
    {
        ImmutableArray<KeyValuePair<string, string>> fields = PairsOf(HeadersVariable, text);
        string? unusable = fields.Where(field => field.Value.Any(c => c is < ' ' or > '~')).Select(field => field.Key).FirstOrDefault();
        return unusable is null
            ? new CollectorHeaders(fields)
            : throw Refused($"{HeadersVariable}: the value of {unusable} has to consist of printable ASCII characters.");
    }

    private static CommandFailure Refused(string message) => new(ExitCode.InvalidConfiguration, message);

    private sealed class Reader(Func<string, string?> configuration)
    {
        /// <summary>The variables of OpenTelemetry count as unset when they are empty.</summary>
        public string? Variable(string name) => configuration(name) is { Length: > 0 } value ? value : null;

        public (string Name, string? Text) Find(string key, string? variable) =>
            configuration(key) is { } own ? (key, own) : variable is null ? (key, null) : (variable, Variable(variable));

        public bool? Flag(string key) => configuration(key) switch
        {
            null => null,
            { } text when bool.TryParse(text, out bool value) => value,
            { } other => throw Refused($"{key} is \"{other}\", but has to be true or false."),
        };
    }
}

/// <summary>One number of the export.</summary>
/// <param name="Name">The last part of its key.</param>
/// <param name="Variable">The environment variable that OpenTelemetry has for it; null when there is none.</param>
/// <param name="Default">The value without configuration.</param>
/// <param name="Minimum">The least value that may be configured.</param>
/// <param name="Maximum">The greatest value that may be configured.</param>
/// <param name="Meaning">What it says.</param>
/// <param name="With">Sets it.</param>
internal sealed record TelemetrySetting(
    string Name, string? Variable, int Default, int Minimum, int Maximum, string Meaning, Func<TelemetryOptions, int, TelemetryOptions> With)
{
    /// <summary>The configuration key.</summary>
    public string Key => "Lockstep:Telemetry:" + Name;
}
