using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Lockstep.Service.Telemetry;

namespace Lockstep.TestKit.Telemetry;

/// <summary>Listens to the telemetry of one service while it lives; nothing that other tests tell reaches it.</summary>
public sealed class TelemetryRecorder : IDisposable
{
    private readonly ActivityListener _spans;
    private readonly MeterListener _meters = new();

    private TelemetryRecorder(ServiceTelemetry telemetry, bool spans)
    {
        _spans = new ActivityListener
        {
            ShouldListenTo = source => spans && telemetry.Owns(source),
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = Spans.Enqueue,
        };
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (telemetry.Owns(instrument.Meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        ActivitySource.AddActivityListener(_spans);
        _meters.Start();
    }

    /// <summary>Spans that have ended, in that order.</summary>
    public ConcurrentQueue<Activity> Spans { get; } = new();

    /// <summary>Everything that was measured.</summary>
    public ConcurrentQueue<Measured> Measurements { get; } = new();

    /// <summary>Listens from now on.</summary>
    public static TelemetryRecorder Of(ServiceTelemetry telemetry, bool spans = true) => new(telemetry, spans);

    /// <summary>The sum of a metric over the measurements that have all the given values.</summary>
    public double Sum(MetricDefinition metric, params string[] values) =>
        Measurements.Where(item => item.Name == metric.Name && values.All(item.Tags.Values.Contains)).Sum(item => item.Value);

    /// <summary>Reads what is only read when it is collected.</summary>
    public void Collect() => _meters.RecordObservableInstruments();

    /// <inheritdoc/>
    public void Dispose()
    {
        _spans.Dispose();
        _meters.Dispose();
    }

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => Measurements.Enqueue(new Measured(
        instrument.Name, value, tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value?.ToString() ?? "")));

    /// <summary>One measurement.</summary>
    public sealed record Measured(string Name, double Value, IReadOnlyDictionary<string, string> Tags);
}
