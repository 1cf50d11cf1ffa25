using System.Globalization;
using Lockstep.Cli;
using Lockstep.Cli.Telemetry;
using OpenTelemetry.Exporter;

namespace Lockstep.EndToEnd.Tests.Telemetry;

/// <summary>What is taken from keys and environment variables, on both sides of each limit.</summary>
public sealed class TelemetrySettingsTests
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Endpoint = "http://127.0.0.1:4318";

    public static TheoryData<string> Numbers => [.. TelemetrySettings.Numbers.Select(setting => setting.Name)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Number_takes_what_is_in_its_range_and_refuses_what_is_beyond(string name)
    {
        TelemetrySetting setting = TelemetrySettings.Numbers.Single(setting => setting.Name == name);
        foreach (string? source in (string?[])[setting.Key, setting.Variable])
        {
            if (source is null)
            {
                continue;
            }

            Assert.NotEqual(ReadNumber(source, setting.Minimum), ReadNumber(source, setting.Maximum));
            Assert.Equal(Read((EndpointVariable, Endpoint)), ReadNumber(source, setting.Default));
            foreach (long wrong in (long[])[setting.Minimum - 1L, setting.Maximum + 1L])
            {
                CommandFailure refused = Assert.Throws<CommandFailure>(() => ReadNumber(source, wrong));
                Assert.Equal(ExitCode.InvalidConfiguration, refused.Code);
                Assert.Contains($"{source} is \"{wrong}\", but has to be a whole number from", refused.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Nothing_is_exported_without_an_endpoint_and_variables_are_left_alone()
    {
        Assert.False(Read().Exports);
        Assert.Equal(Read(), Read((EndpointVariable, "")));
        Assert.Equal(Read(), Read(("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"), ("OTEL_BSP_MAX_QUEUE_SIZE", "-1"), ("OTEL_EXPORTER_OTLP_HEADERS", "?")));
    }

    [Fact]
    public void Keys_come_before_variables()
    {
        TelemetryOptions options = Read(
            (TelemetrySettings.EndpointKey, "https://collector:4318/base"),
            (EndpointVariable, Endpoint),
            (TelemetrySettings.ProtocolKey, "grpc"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("Lockstep:Telemetry:MaxQueuedSpans", "7"),
            ("OTEL_BSP_MAX_QUEUE_SIZE", "8"));

        Assert.Equal("https://collector:4318/base", options.Endpoint?.AbsoluteUri);
        Assert.Equal(OtlpExportProtocol.Grpc, options.Protocol);
        Assert.Equal(7, options.MaxQueuedSpans);
    }

    [Theory]
    [InlineData("Lockstep:Telemetry:Enabled", "false", false, false)]
    [InlineData("Lockstep:Telemetry:Enabled", "true", true, true)]
    [InlineData("OTEL_SDK_DISABLED", "TRUE", false, false)]
    [InlineData("OTEL_SDK_DISABLED", "false", true, true)]
    [InlineData("Lockstep:Telemetry:Traces", "false", false, true)]
    [InlineData("Lockstep:Telemetry:Metrics", "false", true, false)]
    [InlineData("OTEL_TRACES_EXPORTER", "none", false, true)]
    [InlineData("OTEL_METRICS_EXPORTER", "none", true, false)]
    [InlineData("OTEL_METRICS_EXPORTER", "otlp", true, true)]
    public void Each_kind_is_switched_on_and_off(string name, string value, bool traces, bool metrics)
    {
        TelemetryOptions options = Read((EndpointVariable, Endpoint), (name, value));

        Assert.Equal(traces, options.Exports && options.Traces);
        Assert.Equal(metrics, options.Exports && options.Metrics);
    }

    [Theory]
    [InlineData(EndpointVariable, "127.0.0.1:4318", "has to be an absolute http or https address")]
    [InlineData("Lockstep:Telemetry:Endpoint", "", "has to be an absolute http or https address")]
    [InlineData("Lockstep:Telemetry:Endpoint", "ftp://127.0.0.1/", "has to be an absolute http or https address")]
    [InlineData(EndpointVariable, "http://user:hidden@127.0.0.1:4318", "Credentials belong into OTEL_EXPORTER_OTLP_HEADERS")]
    [InlineData(EndpointVariable, "http://127.0.0.1:4318?key=hidden", "without user, query and fragment")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "is \"http/json\", but has to be http/protobuf or grpc")]
    [InlineData("Lockstep:Telemetry:Protocol", "", "has to be http/protobuf or grpc")]
    [InlineData("Lockstep:Telemetry:Enabled", "yes", "has to be true or false")]
    [InlineData("Lockstep:Telemetry:Traces", "on", "has to be true or false")]
    [InlineData("OTEL_METRICS_EXPORTER", "prometheus", "is \"prometheus\", but has to be otlp or none")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "a=b,hidden", "number 2 has no =")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "a b=hidden", "the name of number 1")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "=hidden", "the name of number 1")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "x-key=hidden%0A", "the value of x-key has a control character")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "x-key=hidden%C3%A4", "the value of x-key has to consist of printable ASCII")]
    [InlineData("OTEL_TRACES_SAMPLER", "jaeger_remote", "is \"jaeger_remote\", but has to be always_on, always_off")]
    [InlineData("OTEL_RESOURCE_ATTRIBUTES", "team", "OTEL_RESOURCE_ATTRIBUTES has to be name=value pairs")]
    public void Wrong_value_is_refused_without_repeating_what_may_be_secret(string name, string value, string message)
    {
        CommandFailure refused = Assert.Throws<CommandFailure>(() => name.EndsWith("ndpoint", StringComparison.OrdinalIgnoreCase)
            ? Read((name, value))
            : Read((EndpointVariable, Endpoint), (name, value)));

        Assert.Equal(ExitCode.InvalidConfiguration, refused.Code);
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "lockstep")]
    [InlineData("orders", null, "orders")]
    [InlineData(null, "a=b,service.name=billing", "billing")]
    [InlineData("orders", "service.name=billing", "orders")]
    public void Name_of_the_service_comes_from_its_variable_before_the_attributes(string? name, string? attributes, string expected) =>
        Assert.Equal(
            expected,
            Read((EndpointVariable, Endpoint), ("OTEL_SERVICE_NAME", name), ("OTEL_RESOURCE_ATTRIBUTES", attributes)).ServiceName);

    [Theory]
    [InlineData(null, "0.5", "parentbased_always_on", 1)]
    [InlineData("traceidratio", null, "traceidratio", 1)]
    [InlineData("traceidratio", "0", "traceidratio", 0)]
    [InlineData("parentbased_traceidratio", "1", "parentbased_traceidratio", 1)]
    [InlineData("parentbased_traceidratio", "0.25", "parentbased_traceidratio", 0.25)]
    public void Sampler_is_taken_with_its_ratio(string? sampler, string? ratio, string name, double expected)
    {
        TraceSampling sampling = Read((EndpointVariable, Endpoint), ("OTEL_TRACES_SAMPLER", sampler), ("OTEL_TRACES_SAMPLER_ARG", ratio)).Sampling;

        Assert.Equal(new TraceSampling(name, expected), sampling);
    }

    [Theory]
    [InlineData("1.0001")]
    [InlineData("-0.1")]
    [InlineData("half")]
    [InlineData("NaN")]
    public void Ratio_outside_0_to_1_is_refused(string ratio)
    {
        CommandFailure refused = Assert.Throws<CommandFailure>(() =>
            Read((EndpointVariable, Endpoint), ("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", ratio)));

        Assert.Contains($"OTEL_TRACES_SAMPLER_ARG is \"{ratio}\", but has to be a number from 0 to 1", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("always_on", "AlwaysOnSampler")]
    [InlineData("always_off", "AlwaysOffSampler")]
    [InlineData("traceidratio", "TraceIdRatioBasedSampler{0.500000}")]
    [InlineData("parentbased_always_on", "ParentBased{AlwaysOnSampler}")]
    [InlineData("parentbased_always_off", "ParentBased{AlwaysOffSampler}")]
    [InlineData("parentbased_traceidratio", "ParentBased{TraceIdRatioBasedSampler{0.500000}}")]
    public void Every_name_makes_its_sampler(string name, string description)
    {
        Assert.Contains(name, TraceSampling.Names);
        Assert.Equal(description, new TraceSampling(name, 0.5).Create().Description);
    }

    [Fact]
    public void Headers_are_decoded_and_make_no_text()
    {
        TelemetryOptions options = Read((EndpointVariable, Endpoint), ("OTEL_EXPORTER_OTLP_HEADERS", "x-key = hid%2Cden=1 ,b="));

        Assert.Equal([new("x-key", "hid,den=1"), new("b", "")], options.Headers.Reveal());
        Assert.DoesNotContain("hid", options.ToString(), StringComparison.Ordinal);
    }

    private static TelemetryOptions ReadNumber(string name, long value) =>
        Read((EndpointVariable, Endpoint), (name, value.ToString(CultureInfo.InvariantCulture)));

    private static TelemetryOptions Read(params (string Name, string? Value)[] values) =>
        TelemetrySettings.Read(name => values.LastOrDefault(value => value.Name == name).Value);
}
