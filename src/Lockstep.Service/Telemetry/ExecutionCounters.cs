using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Lockstep.Engine;

namespace Lockstep.Service.Telemetry;

/// <summary>The metrics of executions, counted from their turns.</summary>
internal sealed class ExecutionCounters(Meter meter)
{
    private readonly Counter<long> _started = meter.Count(TelemetryNames.ExecutionsStarted);
    private readonly Counter<long> _ended = meter.Count(TelemetryNames.ExecutionsEnded);
    private readonly Histogram<double> _duration = meter.Measure<double>(TelemetryNames.ExecutionDuration);
    private readonly Counter<long> _transitions = meter.Count(TelemetryNames.Transitions);
    private readonly Counter<long> _called = meter.Count(TelemetryNames.TasksCalled);
    private readonly Counter<long> _failed = meter.Count(TelemetryNames.TasksFailed);
    private readonly Histogram<double> _callDuration = meter.Measure<double>(TelemetryNames.CallDuration);
    private readonly Counter<long> _retries = meter.Count(TelemetryNames.Retries);
    private readonly Counter<long> _timeouts = meter.Count(TelemetryNames.Timeouts);
    private readonly Histogram<double> _queueWait = meter.Measure<double>(TelemetryNames.ActivityQueueWait);

    /// <summary>Whether anybody listens to any of them.</summary>
    public bool Enabled => _started.Enabled || _ended.Enabled || _duration.Enabled || _transitions.Enabled || _called.Enabled || _failed.Enabled
        || _callDuration.Enabled || _retries.Enabled || _timeouts.Enabled || _queueWait.Enabled;

    /// <summary>Counts a turn.</summary>
    public void Turned(LabelSet labels, bool isExpress, TurnFacts turn)
    {
        TagList ofType = Tags(labels, TelemetryNames.ExecutionType, ExecutionTelemetry.TypeOf(isExpress));
        if (turn.Before is null)
        {
            _started.Add(1, ofType);
        }

        if (turn.Transitions > 0)
        {
            _transitions.Add(turn.Transitions, ofType);
        }

        if (turn.QueueWait is { } wait)
        {
            _queueWait.Record(wait.TotalSeconds, Tags(labels));
        }

        if (turn.Retries > 0)
        {
            _retries.Add(turn.Retries, Tags(labels));
        }

        Add(_called, turn.Called, labels, TelemetryNames.ResourceKind);
        Add(_failed, turn.Failed, labels, TelemetryNames.ResourceKind);
        Add(_timeouts, turn.TimedOut, labels, TelemetryNames.TimeoutKind);
        if (turn.Status != ExecutionStatus.Running)
        {
            Ended(labels, isExpress, turn.Status, turn.Time - turn.Started);
        }
    }

    /// <summary>An execution has ended.</summary>
    public void Ended(LabelSet labels, bool isExpress, ExecutionStatus status, TimeSpan duration)
    {
        TagList tags = Tags(labels, TelemetryNames.ExecutionType, ExecutionTelemetry.TypeOf(isExpress));
        tags.Add(TelemetryNames.ExecutionStatus, ExecutionTelemetry.TextOf(status));
        _ended.Add(1, tags);
        _duration.Record(duration.TotalSeconds, tags);
    }

    /// <summary>A call has ended.</summary>
    public void Called(LabelSet labels, string kind, string outcome, TimeSpan took)
    {
        if (_callDuration.Enabled)
        {
            TagList tags = Tags(labels, TelemetryNames.ResourceKind, kind);
            tags.Add(TelemetryNames.TaskOutcome, outcome);
            _callDuration.Record(took.TotalSeconds, tags);
        }
    }

    private static TagList Tags(LabelSet labels) => new()
    {
        { TelemetryNames.Tenant, labels.Tenant },
        { TelemetryNames.StateMachine, labels.StateMachine },
    };

    private static TagList Tags(LabelSet labels, string name, string value)
    {
        TagList tags = Tags(labels);
        tags.Add(name, value);
        return tags;
    }

    private static void Add(Counter<long> counter, ImmutableArray<KindCount> counts, LabelSet labels, string dimension)
    {
        foreach ((string kind, int count) in counts)
        {
            counter.Add(count, Tags(labels, dimension, kind));
        }
    }
}
