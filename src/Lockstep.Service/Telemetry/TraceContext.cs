using System.Buffers;
using System.Diagnostics;
using System.Globalization;

namespace Lockstep.Service.Telemetry;

/// <summary>A place in a trace, as W3C Trace Context hands it from caller to callee. <c>tracestate</c> is not carried on.</summary>
/// <param name="TraceId">The trace; never 0.</param>
/// <param name="SpanId">The span; never 0.</param>
/// <param name="Sampled">Whether the caller records it.</param>
public readonly record struct TraceContext(UInt128 TraceId, ulong SpanId, bool Sampled)
{
    private const int Length = 55;
    private const int SpanAt = 36;
    private const int FlagsAt = 53;
    private const byte SampledFlag = 1;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>
    /// Reads a traceparent. False when it is none: then it counts as absent, as the recommendation says. Of later versions the first four fields
    /// are read, which will not change.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TraceContext context)
    {
        context = default;
        if (text.Length < Length || text[2] != '-' || text[SpanAt - 1] != '-' || text[FlagsAt - 1] != '-'
            || (text.Length > Length && (text.StartsWith("00") || text[Length] != '-'))
            || !IsHex(text[..2]) || text.StartsWith("ff")
            || !IsHex(text[3..(SpanAt - 1)]) || !IsHex(text[SpanAt..(FlagsAt - 1)]) || !IsHex(text[FlagsAt..Length]))
        {
            return false;
        }

        var traceId = UInt128.Parse(text[3..(SpanAt - 1)], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        ulong spanId = ulong.Parse(text[SpanAt..(FlagsAt - 1)], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        byte flags = byte.Parse(text[FlagsAt..Length], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        context = new TraceContext(traceId, spanId, (flags & SampledFlag) != 0);
        return traceId != UInt128.Zero && spanId != 0;
    }

    /// <summary>The place of a span of this process; null when it has no W3C id.</summary>
    public static TraceContext? Of(Activity? activity) =>
        activity is { IdFormat: ActivityIdFormat.W3C, Id: { } id } && TryParse(id, out TraceContext context) ? context : null;

    /// <summary>The place in the form that the framework's spans take.</summary>
    public ActivityContext ToActivityContext() => new(
        ActivityTraceId.CreateFromString(TraceIdText(TraceId)),
        ActivitySpanId.CreateFromString(SpanIdText(SpanId)),
        Sampled ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None,
        isRemote: true);

    /// <summary>The traceparent.</summary>
    public override string ToString() => string.Create(Length, this, static (text, context) =>
    {
        "00-".CopyTo(text);
        context.TraceId.TryFormat(text[3..], out _, "x32", CultureInfo.InvariantCulture);
        text[SpanAt - 1] = '-';
        context.SpanId.TryFormat(text[SpanAt..], out _, "x16", CultureInfo.InvariantCulture);
        (context.Sampled ? "-01" : "-00").CopyTo(text[(FlagsAt - 1)..]);
    });

    /// <summary>32 hexadecimal digits.</summary>
    internal static string TraceIdText(UInt128 traceId) => traceId.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>16 hexadecimal digits.</summary>
    internal static string SpanIdText(ulong spanId) => spanId.ToString("x16", CultureInfo.InvariantCulture);

    private static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(HexDigits);
}
