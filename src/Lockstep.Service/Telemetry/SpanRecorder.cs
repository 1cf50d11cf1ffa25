using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Lockstep.Service.Telemetry;

/// <summary>
/// Hands spans to whoever listens that are already over: with recorded times, and with an id of our own choice. The framework draws span ids at
/// random and has no member to set one, so its field is set; a test fails should a later framework name it otherwise.
/// </summary>
internal static class SpanRecorder
{
    /// <summary>Begins a span with a given place; null when nobody records it. The caller adds to it and ends it with <see cref="End"/>.</summary>
    /// <param name="source">The source.</param>
    /// <param name="name">The name of the span.</param>
    /// <param name="kind">What it is within its trace.</param>
    /// <param name="self">Its own place.</param>
    /// <param name="parent">Its parent in the same trace; null for a root.</param>
    /// <param name="start">When it began.</param>
    /// <param name="link">A span of another trace that it belongs to; null for none.</param>
    public static Activity? Begin(
        ActivitySource source, string name, ActivityKind kind, TraceContext self, TraceContext? parent, DateTimeOffset start, TraceContext? link = null)
    {
        ActivityContext around = parent?.ToActivityContext() ?? new ActivityContext(
            ActivityTraceId.CreateFromString(TraceContext.TraceIdText(self.TraceId)),
            default,
            self.Sampled ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None);
        ActivityLink[]? links = link is { } other ? [new ActivityLink(other.ToActivityContext())] : null;
        Activity? span = source.CreateActivity(name, kind, around, tags: null, links, ActivityIdFormat.W3C);
        if (span is null)
        {
            return null;
        }

        span.SetStartTime(start.UtcDateTime);
        span.Start();
        SpanIdOf(span) = TraceContext.SpanIdText(self.SpanId);
        return span;
    }

    /// <summary>Ends a span at a given time, and hands it over.</summary>
    public static void End(Activity span, DateTimeOffset start, DateTimeOffset end)
    {
        // The framework takes an end at the start for none and puts the clock's time in its place.
        span.SetEndTime((end > start ? end : start.AddTicks(1)).UtcDateTime);
        span.Stop();
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_spanId")]
    private static extern ref string? SpanIdOf(Activity activity);
}
