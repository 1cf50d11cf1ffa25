using System.Diagnostics;
using System.Diagnostics.Metrics;
using Lockstep.Engine;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Telemetry;
using Lockstep.Service.Tenancy;
using Lockstep.TestKit.Telemetry;

namespace Lockstep.Service.Tests.Telemetry;

public sealed class ServiceTelemetryTests : IDisposable
{
    private static readonly ExecutionKey Key = new(TenantId.TryParse("000000000001", out TenantId tenant) ? tenant : default, "m:n");

    private readonly ServiceTelemetry _telemetry = new(ServiceLimits.Default with { MaxMetricLabelSets = 2 });

    public void Dispose() => _telemetry.Dispose();

    [Fact]
    public void Every_metric_of_the_list_has_an_instrument_with_its_unit_and_there_is_no_other()
    {
        var instruments = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (_telemetry.Owns(instrument.Meter))
                {
                    instruments.Add(instrument);
                }
            },
        };
        _telemetry.ObserveOpenExecutions(() => []);
        listener.Start();

        Assert.Equal(
            TelemetryNames.Metrics.Select(metric => (metric.Name, metric.Unit, metric.Meaning)).Order(),
            instruments.Select(instrument => (instrument.Name, instrument.Unit ?? "", instrument.Description ?? "")).Order());
        Assert.All(instruments, instrument => Assert.Equal(
            TelemetryNames.Metrics.Single(metric => metric.Name == instrument.Name).Kind,
            instrument.GetType().Name.Split('`')[0] switch
            {
                "Counter" => MetricKind.Counter,
                "Histogram" => MetricKind.Histogram,
                "Gauge" or "ObservableUpDownCounter" => MetricKind.Gauge,
                _ => throw new UnreachableException(),
            }));
    }

    [Fact]
    public void Histograms_of_seconds_tell_milliseconds_and_days_apart()
    {
        var boundaries = new Dictionary<string, IReadOnlyList<double>?>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (_telemetry.Owns(instrument.Meter) && instrument is Histogram<double> histogram)
                {
                    boundaries.Add(histogram.Name, histogram.Advice?.HistogramBucketBoundaries);
                }
            },
        };
        listener.Start();

        Assert.Equal(
            TelemetryNames.Metrics.Where(metric => metric.Kind == MetricKind.Histogram && metric.Unit == "s").Select(metric => metric.Name).Order(),
            boundaries.Keys.Order());
        Assert.All(boundaries.Values, given =>
        {
            Assert.NotNull(given);
            Assert.True(given[0] <= 0.001);
            Assert.True(given[^1] >= 86_400);
            Assert.Equal(given.Order(), given);
        });
    }

    [Fact]
    public void Every_name_is_described_once_and_used()
    {
        string[] attributes = [.. TelemetryNames.Attributes.Select(attribute => attribute.Name)];
        Assert.Equal(attributes.Distinct(), attributes);
        Assert.Equal(
            attributes.Order(),
            TelemetryNames.Metrics.SelectMany(metric => metric.Dimensions).Concat(TelemetryNames.Spans.SelectMany(span => span.Attributes)).Distinct().Order());
    }

    [Fact]
    public void Times_are_told_in_seconds_with_the_dimensions_of_the_list()
    {
        using var recorder = TelemetryRecorder.Of(_telemetry);
        _telemetry.TimerFired(30_000_000);
        _telemetry.Committed(7, TimeSpan.FromMilliseconds(500));
        _telemetry.OutgoingEnded("POST", "5xx", TimeSpan.FromSeconds(2));
        _telemetry.IntentsSwept(TimeSpan.FromMinutes(1));
        _telemetry.RequestEnded(_telemetry.BeginRequest("GET", "/v1/x", null), "GET", "/v1/x", 404, TimeSpan.FromSeconds(4));
        _telemetry.CallbackAnswered(Key, new TaskHeartbeatReport(), accepted: true);
        _telemetry.CallbackAnswered(null, new TaskFailureReport(null, null), accepted: false);
        _telemetry.EventPublished(Key, ExecutionStatus.TimedOut);

        Assert.Equal(3, recorder.Sum(TelemetryNames.TimerLateness));
        Assert.Equal(7, recorder.Sum(TelemetryNames.StoreBatch));
        Assert.Equal(0.5, recorder.Sum(TelemetryNames.StoreFlush));
        Assert.Equal(2, recorder.Sum(TelemetryNames.OutgoingDuration, "POST", "5xx"));
        Assert.Equal(60, recorder.Sum(TelemetryNames.OldestIntent));
        Assert.Equal(4, recorder.Sum(TelemetryNames.ApiDuration, "GET", "/v1/x", "404"));
        Assert.Equal(1, recorder.Sum(TelemetryNames.Callbacks, "m", "heartbeat", "accepted"));
        Assert.Equal(1, recorder.Sum(TelemetryNames.Callbacks, "other", "failure", "refused"));
        Assert.Equal(1, recorder.Sum(TelemetryNames.EventsPublished, "timed_out"));
        Assert.All(recorder.Measurements, item => Assert.Equal(
            TelemetryNames.Metrics.Single(metric => metric.Name == item.Name).Dimensions.Order(), item.Tags.Keys.Order()));
    }

    [Theory]
    [InlineData(2, new[] { "000000000000=1", "000000000001=1" })]
    [InlineData(4, new[] { "000000000000=1", "000000000001=1", "other=2" })]
    public void Open_executions_of_tenants_beyond_the_limit_are_counted_together(int tenants, string[] expected)
    {
        _telemetry.ObserveOpenExecutions(() => Enumerable.Range(0, tenants).Select(number =>
            (TenantId.TryParse(number.ToString("d12", System.Globalization.CultureInfo.InvariantCulture), out TenantId id) ? id : default, 1L)));
        using var recorder = TelemetryRecorder.Of(_telemetry);
        recorder.Collect();

        Assert.Equal(expected, recorder.Measurements.Select(item => $"{item.Tags.Values.Single()}={item.Value}"));
    }

    [Fact]
    public void A_request_is_the_child_of_its_caller_and_its_span_does_not_outlive_it()
    {
        using var recorder = TelemetryRecorder.Of(_telemetry);
        Activity? span = _telemetry.BeginRequest("GET", "/v1/x", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        Assert.Same(span, Activity.Current);
        _telemetry.RequestEnded(span, "GET", "/v1/x", 500, TimeSpan.Zero);

        Activity ended = Assert.Single(recorder.Spans);
        Assert.Null(Activity.Current);
        Assert.Equal("b7ad6b7169203331", ended.ParentSpanId.ToHexString());
        Assert.Equal(ActivityStatusCode.Error, ended.Status);
    }
}
