using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace Lockstep.Cli.Telemetry;

/// <summary>
/// Counts the spans that wait to be sent or are being sent. Invariant: never more than <see cref="TelemetryOptions.MaxQueuedSpans"/>; what comes
/// beyond is dropped, counted, and told to the operator once.
/// </summary>
internal sealed partial class SpanQueue(ILogger logger, int capacity)
{
    private int _waiting;
    private long _dropped;

    /// <summary>Spans dropped so far.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Takes a place; false when there is none, and the span is to be dropped.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _waiting) <= capacity)
        {
            return true;
        }

        Interlocked.Decrement(ref _waiting);
        if (Interlocked.Increment(ref _dropped) == 1)
        {
            LogFull(logger, capacity);
        }

        return false;
    }

    /// <summary>Gives places free.</summary>
    public void Leave(long spans) => Interlocked.Add(ref _waiting, -(int)spans);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Capacity} spans wait for the collector; further ones are dropped (Lockstep:Telemetry:MaxQueuedSpans). The stop says how many were.")]
    private static partial void LogFull(ILogger logger, int capacity);
}

/// <summary>Hands spans to the exporter in batches, as far as the queue has room.</summary>
internal sealed class QueuedSpanProcessor(SpanQueue queue, WatchedSpanExporter exporter, TelemetryOptions options, int maxBatch)
    : BatchActivityExportProcessor(
        exporter,
        options.MaxQueuedSpans,
        (int)options.SpanInterval.TotalMilliseconds,
        (int)options.Timeout.TotalMilliseconds,
        Math.Min(maxBatch, options.MaxQueuedSpans))
{
    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        if (data.Recorded && queue.TryEnter())
        {
            base.OnEnd(data);
        }
    }
}
