using System.Globalization;

namespace Lockstep.EndToEnd.Tests.Telemetry;

/// <summary>A span that a collector was sent; field numbers are those of opentelemetry/proto/trace/v1/trace.proto.</summary>
internal sealed record ReceivedSpan(
    string Scope, string TraceId, string SpanId, string ParentId, string Name, ulong Start, IReadOnlyDictionary<string, string> Attributes)
{
    public static IEnumerable<ReceivedSpan> In(ProtobufMessage request) =>
        from resource in request.Messages(1)
        from scope in resource.Messages(2)
        from span in scope.Messages(2)
        select new ReceivedSpan(
            scope.Messages(1).Single().Text(1), span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), span.Number(7), OtlpAttributes.Of(span, 9));
}

/// <summary>One time series of a metric that a collector was sent; see opentelemetry/proto/metrics/v1/metrics.proto.</summary>
internal sealed record ReceivedPoint(string Metric, string Unit, double Value, double[] Boundaries, IReadOnlyDictionary<string, string> Attributes)
{
    private const int Gauge = 5;
    private const int Sum = 7;
    private const int Histogram = 9;

    public static IEnumerable<ReceivedPoint> In(ProtobufMessage request) =>
        from resource in request.Messages(1)
        from scope in resource.Messages(2)
        from metric in scope.Messages(2)
        from point in PointsOf(metric)
        select point;

    private static IEnumerable<ReceivedPoint> PointsOf(ProtobufMessage metric) =>
        metric.Messages(Histogram).SelectMany(data => data.Messages(1)).Select(point => new ReceivedPoint(
            metric.Text(1), metric.Text(3), point.Number(4), point.Doubles(7), OtlpAttributes.Of(point, 9)))
        .Concat(metric.Messages(Gauge).Concat(metric.Messages(Sum)).SelectMany(data => data.Messages(1)).Select(point => new ReceivedPoint(
            metric.Text(1),
            metric.Text(3),
            point.Has(4) ? BitConverter.UInt64BitsToDouble(point.Number(4)) : (long)point.Number(6),
            [],
            OtlpAttributes.Of(point, 7))));
}

/// <summary>Attributes; see opentelemetry/proto/common/v1/common.proto.</summary>
internal static class OtlpAttributes
{
    public static IReadOnlyDictionary<string, string> Of(ProtobufMessage message, int number) =>
        message.Messages(number).ToDictionary(pair => pair.Text(1), pair => TextOf(pair.Messages(2).Single()));

    private static string TextOf(ProtobufMessage value) =>
        value.Has(2) ? (value.Number(2) != 0 ? "true" : "false")
        : value.Has(3) ? ((long)value.Number(3)).ToString(CultureInfo.InvariantCulture)
        : value.Text(1);
}
