using System.Diagnostics;
using System.Diagnostics.Metrics;
using Lockstep.Asl.Resources;
using Lockstep.Engine;
using Lockstep.Engine.Commands;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Executions;
using Lockstep.Service.Targets;

namespace Lockstep.Service.Telemetry;

/// <summary>
/// What a driver tells of executions. It asks for <see cref="NewVisits"/> before a turn, hands them to Decide, and tells of the turn with
/// <see cref="Turned(TracedExecution, TurnFacts)"/> once it is durable; a replay is told of to nobody. All follows from the turn, so both drivers tell the same.
/// A process that dies between the two loses that turn's telemetry, and nothing else.
/// </summary>
public sealed class ExecutionTelemetry : IDisposable
{
    private readonly ActivitySource _source = new(TelemetryNames.ExecutionSource);
    private readonly MetricLabels _labels;
    private readonly ExecutionCounters _counters;

    internal ExecutionTelemetry(Meter meter, MetricLabels labels)
    {
        _labels = labels;
        _counters = new ExecutionCounters(meter);
    }

    /// <summary>
    /// A trace store keeps a trace for days and expects its spans within minutes. So the span of an execution that runs longer than this is cut
    /// here and handed over with the next turn; the whole run gets, at its end, a span in a trace of its own, linked to the cut one.
    /// </summary>
    public static TimeSpan LongRun { get; } = TimeSpan.FromHours(1);

    /// <summary>Whether anybody listens; while nobody does, a driver need not tell.</summary>
    public bool IsObserved => _source.HasListeners() || _counters.Enabled;

    /// <summary>What Decide is to put the visits into that a turn ends; null when nobody wants spans.</summary>
    public List<StateVisit>? NewVisits() => _source.HasListeners() ? [] : null;

    /// <summary>A turn is durable. In order, once each; without effect while nobody listens.</summary>
    /// <param name="key">The execution.</param>
    /// <param name="turn">The turn.</param>
    public void Turned(ExecutionKey key, in ObservedTurn turn)
    {
        if (IsObserved && turn.Decision.Next.Identity is { } identity)
        {
            Turned(TracedExecution.Of(key, identity), TurnFacts.Of(turn));
        }
    }

    /// <summary>A turn is durable that was decided elsewhere. In order, once each; without effect while nobody listens.</summary>
    /// <param name="execution">The execution.</param>
    /// <param name="turn">What there is to tell.</param>
    public void Turned(TracedExecution execution, TurnFacts turn)
    {
        ArgumentNullException.ThrowIfNull(execution);
        ArgumentNullException.ThrowIfNull(turn);
        if (_counters.Enabled)
        {
            _counters.Turned(_labels.Of(execution.Key), execution.IsExpress, turn);
        }

        if (_source.HasListeners())
        {
            Trace(execution, turn);
        }
    }

    /// <summary>A call has ended, whether its outcome was wanted or not.</summary>
    /// <param name="key">The execution.</param>
    /// <param name="trace">The execution's trace; null for no span.</param>
    /// <param name="call">The command.</param>
    /// <param name="outcome">Its outcome.</param>
    /// <param name="start">When it was called.</param>
    /// <param name="end">When it had answered.</param>
    public void Called(ExecutionKey key, ExecutionTrace? trace, InvokeTask call, TaskOutcome outcome, DateTimeOffset start, DateTimeOffset end)
    {
        if (!IsObserved)
        {
            return;
        }

        LabelSet labels = _labels.Of(key);
        string kind = KindOf(call.Resource);
        string how = outcome is TaskAnswered ? "answered" : "failed";
        _counters.Called(labels, kind, how, end - start);
        if (trace is null || !_source.HasListeners())
        {
            return;
        }

        Activity? span = SpanRecorder.Begin(_source, $"call {kind}", ActivityKind.Client, trace.Call(call.Id), trace.State(call.EnteredEventId), start);
        if (span is not null)
        {
            Describe(span, key);
            span.SetTag(TelemetryNames.StateName, call.StateName)
                .SetTag(TelemetryNames.ResourceKind, kind)
                .SetTag(TelemetryNames.TaskAttempt, call.Attempt)
                .SetTag(TelemetryNames.TaskOutcome, how)
                .SetStatus(outcome is TaskAnswered ? ActivityStatusCode.Unset : ActivityStatusCode.Error);
            SpanRecorder.End(span, start, end);
        }
    }

    /// <summary>An Express execution was ended from outside, without a turn that says so: its time was up, or nobody brought it to an end.</summary>
    public void ExpressEnded(ExecutionKey key, Started started, ExecutionStatus status, DateTimeOffset end)
    {
        ArgumentNullException.ThrowIfNull(started);
        if (!IsObserved)
        {
            return;
        }

        var execution = TracedExecution.Of(key, started.Identity);
        _counters.Ended(_labels.Of(key), execution.IsExpress, status, end - started.Time);
        if (_source.HasListeners())
        {
            TraceEnd(execution, ExecutionTrace.Of(execution), status, started.Time, end);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    /// <summary>Whether a source is this one's.</summary>
    internal bool Owns(ActivitySource source) => ReferenceEquals(source, _source);

    /// <summary>A status as telemetry names it.</summary>
    internal static string TextOf(ExecutionStatus status) => status switch
    {
        ExecutionStatus.Running => "running",
        ExecutionStatus.Succeeded => "succeeded",
        ExecutionStatus.Failed => "failed",
        ExecutionStatus.TimedOut => "timed_out",
        ExecutionStatus.Aborted => "aborted",
        _ => throw new UnreachableException(),
    };

    /// <summary>The type of an execution as telemetry names it.</summary>
    internal static string TypeOf(bool isExpress) => isExpress ? "express" : "standard";

    /// <summary>The family of a resource as telemetry names it: bounded, as a definition may only name what the catalogue has.</summary>
    internal static string KindOf(TaskResource resource) => resource.Kind switch
    {
        ResourceKind.Function => "function",
        ResourceKind.Activity => "activity",
        ResourceKind.Service => $"{resource.Service}:{resource.ActionName}",
        _ => throw new UnreachableException(),
    };

    private static void Describe(Activity span, ExecutionKey key) =>
        span.SetTag(TelemetryNames.Tenant, key.Tenant.Value).SetTag(TelemetryNames.StateMachine, TracedExecution.NameIn(key));

    private static void Describe(Activity span, TracedExecution execution)
    {
        Describe(span, execution.Key);
        span.SetTag(TelemetryNames.ExecutionArn, execution.Arn);
    }

    private void Trace(TracedExecution execution, TurnFacts turn)
    {
        bool hasEnded = turn.Status != ExecutionStatus.Running;

        // Also with the end, unless an earlier turn has handed it over.
        DateTimeOffset cut = turn.Started + LongRun;
        bool isCut = turn.Before is { } before && before < cut && turn.Time >= cut;
        if (turn.Visits.IsEmpty && !hasEnded && !isCut)
        {
            return;
        }

        var trace = ExecutionTrace.Of(execution);
        foreach (StateVisit visit in turn.Visits)
        {
            TraceState(execution, trace, visit, turn.Time);
        }

        if (hasEnded)
        {
            TraceEnd(execution, trace, turn.Status, turn.Started, turn.Time);
        }

        if (isCut)
        {
            TraceCut(execution, trace, turn.Started, cut);
        }
    }

    private void TraceState(TracedExecution execution, ExecutionTrace trace, StateVisit visit, DateTimeOffset end)
    {
        Activity? span = SpanRecorder.Begin(
            _source, $"state {visit.StateName}", ActivityKind.Internal, trace.State(visit.EnteredEventId), trace.State(visit.AroundEventId), visit.EnteredTime);
        if (span is null)
        {
            return;
        }

        Describe(span, execution);
        span.SetTag(TelemetryNames.StateName, visit.StateName)
            .SetTag(TelemetryNames.StateType, visit.StateType.ToString())
            .SetTag(TelemetryNames.StateOutcome, visit.Outcome switch
            {
                VisitOutcome.Exited => "exited",
                VisitOutcome.Caught => "caught",
                VisitOutcome.Failed => "failed",
                VisitOutcome.Aborted => "aborted",
                _ => throw new UnreachableException(),
            })
            .SetStatus(visit.Outcome is VisitOutcome.Failed or VisitOutcome.Caught ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
        if (visit.AroundEventId != 0)
        {
            span.SetTag(TelemetryNames.StateIndex, visit.Index);
        }

        SpanRecorder.End(span, visit.EnteredTime, end);
    }

    private void TraceEnd(TracedExecution execution, ExecutionTrace trace, ExecutionStatus status, DateTimeOffset start, DateTimeOffset end)
    {
        Activity? span = end - start < LongRun
            ? SpanRecorder.Begin(_source, NameOf(execution), ActivityKind.Internal, trace.Execution, trace.Parent, start)
            : SpanRecorder.Begin(_source, NameOf(execution), ActivityKind.Internal, trace.Whole, parent: null, start, trace.Execution);
        if (span is not null)
        {
            DescribeExecution(span, execution, status);
            span.SetStatus(status is ExecutionStatus.Failed or ExecutionStatus.TimedOut ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
            SpanRecorder.End(span, start, end);
        }
    }

    private void TraceCut(TracedExecution execution, ExecutionTrace trace, DateTimeOffset start, DateTimeOffset cut)
    {
        if (SpanRecorder.Begin(_source, NameOf(execution), ActivityKind.Internal, trace.Execution, trace.Parent, start, trace.Whole) is { } span)
        {
            DescribeExecution(span, execution, ExecutionStatus.Running);
            span.SetTag(TelemetryNames.ExecutionContinues, true);
            SpanRecorder.End(span, start, cut);
        }
    }

    private static void DescribeExecution(Activity span, TracedExecution execution, ExecutionStatus status)
    {
        Describe(span, execution);
        span.SetTag(TelemetryNames.ExecutionType, TypeOf(execution.IsExpress)).SetTag(TelemetryNames.ExecutionStatus, TextOf(status));
    }

    private static string NameOf(TracedExecution execution) => $"execution {execution.StateMachineName}";
}
