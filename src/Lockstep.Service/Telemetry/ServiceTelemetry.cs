using System.Diagnostics;
using System.Diagnostics.Metrics;
using Lockstep.Engine;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Telemetry;

/// <summary>
/// The sources and instruments of one service. Invariant: while nobody listens, no member allocates or does more than look whether anybody
/// does; and what is told holds names and numbers only, never payloads, errors, addresses or credentials.
/// </summary>
public sealed class ServiceTelemetry : IDisposable
{
    private readonly Meter _meter = new(TelemetryNames.Meter);
    private readonly ActivitySource _api = new(TelemetryNames.ApiSource);
    private readonly int _maxLabelSets;
    private readonly Counter<long> _callbacks;
    private readonly Counter<long> _events;
    private readonly Counter<long> _expressRuns;
    private readonly Histogram<double> _outgoing;
    private readonly Histogram<double> _requests;
    private readonly Histogram<long> _batch;
    private readonly Histogram<double> _flush;
    private readonly Histogram<double> _lateness;
    private readonly Gauge<double> _oldestIntent;

    /// <summary>New sources and instruments; make one per process, and hand it to everything.</summary>
    public ServiceTelemetry(ServiceLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _maxLabelSets = limits.MaxMetricLabelSets;
        Labels = new MetricLabels(_maxLabelSets);
        Executions = new ExecutionTelemetry(_meter, Labels);
        _callbacks = _meter.Count(TelemetryNames.Callbacks);
        _events = _meter.Count(TelemetryNames.EventsPublished);
        _expressRuns = _meter.Count(TelemetryNames.ExpressRuns);
        _outgoing = _meter.Measure<double>(TelemetryNames.OutgoingDuration);
        _requests = _meter.Measure<double>(TelemetryNames.ApiDuration);
        _batch = _meter.Measure<long>(TelemetryNames.StoreBatch);
        _flush = _meter.Measure<double>(TelemetryNames.StoreFlush);
        _lateness = _meter.Measure<double>(TelemetryNames.TimerLateness);
        _oldestIntent = _meter.CreateGauge<double>(
            TelemetryNames.OldestIntent.Name, TelemetryNames.OldestIntent.Unit, TelemetryNames.OldestIntent.Meaning);
    }

    /// <summary>What drivers tell of executions.</summary>
    public ExecutionTelemetry Executions { get; }

    /// <summary>The labels that metrics share.</summary>
    public MetricLabels Labels { get; }

    /// <summary>Whether anybody wants to know how long requests to the API take, or where they come from.</summary>
    public bool ObservesRequests => _requests.Enabled || _api.HasListeners();

    /// <summary>Whether anybody wants to know how long outgoing requests take.</summary>
    public bool ObservesOutgoing => _outgoing.Enabled;

    /// <summary>Whether anybody wants to know of commits.</summary>
    public bool ObservesStore => _batch.Enabled || _flush.Enabled;

    /// <summary>Whether a source is this service's: for listeners that are not to hear another service of the same process.</summary>
    public bool Owns(ActivitySource source) => ReferenceEquals(source, _api) || Executions.Owns(source);

    /// <summary>Whether a meter is this service's.</summary>
    public bool Owns(Meter meter) => ReferenceEquals(meter, _meter);

    /// <summary>Begins the span of a request; null when nobody records it.</summary>
    /// <param name="method">The method of its route.</param>
    /// <param name="route">The pattern of its route.</param>
    /// <param name="traceParent">What the caller sent; what is no traceparent counts as absent.</param>
    public Activity? BeginRequest(string method, string route, string? traceParent)
    {
        if (!_api.HasListeners())
        {
            return null;
        }

        ActivityContext parent = TraceContext.TryParse(traceParent, out TraceContext caller) ? caller.ToActivityContext() : default;
        Activity? span = _api.StartActivity($"{method} {route}", ActivityKind.Server, parent);
        return span?.SetTag(TelemetryNames.Method, method).SetTag(TelemetryNames.Route, route);
    }

    /// <summary>A request was answered.</summary>
    public void RequestEnded(Activity? span, string method, string route, int status, TimeSpan took)
    {
        if (_requests.Enabled)
        {
            _requests.Record(
                took.TotalSeconds,
                new(TelemetryNames.Method, method),
                new(TelemetryNames.Route, route),
                new KeyValuePair<string, object?>(TelemetryNames.ResponseStatus, status));
        }

        if (span is not null)
        {
            span.SetTag(TelemetryNames.ResponseStatus, status);
            span.SetStatus(status >= 500 ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
            span.Stop();
        }
    }

    /// <summary>An outgoing request has ended.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="outcome">How, as <see cref="TelemetryNames.OutgoingOutcome"/> says.</param>
    /// <param name="took">How long it took.</param>
    public void OutgoingEnded(string method, string outcome, TimeSpan took)
    {
        if (_outgoing.Enabled)
        {
            _outgoing.Record(took.TotalSeconds, new(TelemetryNames.Method, method), new(TelemetryNames.OutgoingOutcome, outcome));
        }
    }

    /// <summary>A commit is on disk.</summary>
    public void Committed(int writes, TimeSpan took)
    {
        if (_batch.Enabled)
        {
            _batch.Record(writes);
        }

        if (_flush.Enabled)
        {
            _flush.Record(took.TotalSeconds);
        }
    }

    /// <summary>A timer has fired.</summary>
    /// <param name="lateTicks">How late, in ticks of 100 ns.</param>
    public void TimerFired(long lateTicks)
    {
        if (_lateness.Enabled)
        {
            _lateness.Record(new TimeSpan(lateTicks).TotalSeconds);
        }
    }

    /// <summary>A sweep has looked for intents that nobody has carried out.</summary>
    /// <param name="oldest">The age of the oldest; zero when there is none.</param>
    public void IntentsSwept(TimeSpan oldest)
    {
        if (_oldestIntent.Enabled)
        {
            _oldestIntent.Record(oldest.TotalSeconds);
        }
    }

    /// <summary>An execution event is durable.</summary>
    public void EventPublished(ExecutionKey execution, ExecutionStatus status)
    {
        if (_events.Enabled)
        {
            _events.Add(
                1, new(TelemetryNames.Tenant, Labels.Of(execution).Tenant), new(TelemetryNames.ExecutionStatus, ExecutionTelemetry.TextOf(status)));
        }
    }

    /// <summary>An Express execution begins to run.</summary>
    public void ExpressRan(ExecutionKey execution, bool isSynchronous)
    {
        if (_expressRuns.Enabled)
        {
            LabelSet labels = Labels.Of(execution);
            _expressRuns.Add(
                1,
                new(TelemetryNames.Tenant, labels.Tenant),
                new(TelemetryNames.StateMachine, labels.StateMachine),
                new(TelemetryNames.ExpressMode, isSynchronous ? "sync" : "async"));
        }
    }

    /// <summary>Somebody has reported the outcome of a task.</summary>
    /// <param name="execution">The execution that the token names; null when it is none of our tokens.</param>
    /// <param name="report">The report.</param>
    /// <param name="accepted">Whether it was taken.</param>
    public void CallbackAnswered(ExecutionKey? execution, TaskReport report, bool accepted)
    {
        if (!_callbacks.Enabled)
        {
            return;
        }

        LabelSet labels = execution is { } known ? Labels.Of(known) : LabelSet.Others;
        _callbacks.Add(1, new TagList
        {
            { TelemetryNames.Tenant, labels.Tenant },
            { TelemetryNames.StateMachine, labels.StateMachine },
            {
                TelemetryNames.CallbackKind,
                report switch
                {
                    TaskSuccessReport => "success",
                    TaskFailureReport => "failure",
                    TaskHeartbeatReport => "heartbeat",
                    _ => throw new UnreachableException(),
                }
            },
            { TelemetryNames.CallbackAnswer, accepted ? "accepted" : "refused" },
        });
    }

    /// <summary>Lets the number of open executions be read whenever it is collected. To be called once.</summary>
    /// <param name="count">Gives the open executions of each tenant that has any.</param>
    public void ObserveOpenExecutions(Func<IEnumerable<(TenantId Tenant, long Open)>> count) => _meter.CreateObservableUpDownCounter(
        TelemetryNames.ExecutionsOpen.Name, () => OpenByTenant(count()), TelemetryNames.ExecutionsOpen.Unit, TelemetryNames.ExecutionsOpen.Meaning);

    /// <inheritdoc/>
    public void Dispose()
    {
        _meter.Dispose();
        _api.Dispose();
        Executions.Dispose();
    }

    private IEnumerable<Measurement<long>> OpenByTenant(IEnumerable<(TenantId Tenant, long Open)> counts)
    {
        long others = 0;
        int told = 0;
        foreach ((TenantId tenant, long open) in counts)
        {
            if (told++ < _maxLabelSets)
            {
                yield return new Measurement<long>(open, new KeyValuePair<string, object?>(TelemetryNames.Tenant, tenant.Value));
            }
            else
            {
                others += open;
            }
        }

        if (told > _maxLabelSets)
        {
            yield return new Measurement<long>(others, new KeyValuePair<string, object?>(TelemetryNames.Tenant, MetricLabels.Other));
        }
    }
}
