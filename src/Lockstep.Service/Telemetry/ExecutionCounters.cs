using System.Diagnostics;
using System.Diagnostics.Metrics;
using Lockstep.Engine;
using Lockstep.Engine.Commands;
using Lockstep.Engine.History;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Executions;

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
    public void Turned(LabelSet labels, ExecutionIdentity identity, in ObservedTurn turn)
    {
        TagList ofType = Tags(labels, TelemetryNames.ExecutionType, ExecutionTelemetry.TypeOf(identity));
        if (turn.Stimulus is Started)
        {
            _started.Add(1, ofType);
        }

        if (Transitions.CountIn(turn.Decision.Events) is > 0 and int transitions)
        {
            _transitions.Add(transitions, ofType);
        }

        CountWait(labels, turn);
        CountCommands(labels, turn.Decision);
        foreach (HistoryEvent item in turn.Decision.Events)
        {
            CountEvent(labels, item, turn.Stimulus);
        }

        if (turn.Decision.Next.Status != ExecutionStatus.Running)
        {
            Ended(labels, identity, turn.Decision.Next.Status, turn.Decision.Next.Time - turn.Decision.Next.StartTime);
        }
    }

    /// <summary>An execution has ended.</summary>
    public void Ended(LabelSet labels, ExecutionIdentity identity, ExecutionStatus status, TimeSpan duration)
    {
        TagList tags = Tags(labels, TelemetryNames.ExecutionType, ExecutionTelemetry.TypeOf(identity));
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

    private void CountWait(LabelSet labels, in ObservedTurn turn)
    {
        // Calls that a program before layout 3 has stored do not tell when they were scheduled.
        if (turn.Stimulus is ActivityTaken taken && turn.Before.FindTask(taken.Task) is { Taken: false } task && task.Command.ScheduledTime != default)
        {
            _queueWait.Record((turn.Decision.Next.Time - task.Command.ScheduledTime).TotalSeconds, Tags(labels));
        }
    }

    private void CountCommands(LabelSet labels, in Decision decision)
    {
        foreach (Command command in decision.Commands)
        {
            if (command is InvokeTask call)
            {
                _called.Add(1, Tags(labels, TelemetryNames.ResourceKind, ExecutionTelemetry.KindOf(call.Resource)));
            }
            else if (command is StartTimer { Purpose: TimerPurpose.Retry })
            {
                _retries.Add(1, Tags(labels));
            }
        }
    }

    private void CountEvent(LabelSet labels, HistoryEvent item, Stimulus stimulus)
    {
        string? failedKind = item.Type switch
        {
            HistoryEventType.LambdaFunctionFailed or HistoryEventType.LambdaFunctionScheduleFailed or HistoryEventType.LambdaFunctionStartFailed
                or HistoryEventType.LambdaFunctionTimedOut => "function",
            HistoryEventType.ActivityFailed or HistoryEventType.ActivityScheduleFailed or HistoryEventType.ActivityTimedOut => "activity",
            HistoryEventType.TaskFailed or HistoryEventType.TaskStartFailed or HistoryEventType.TaskSubmitFailed or HistoryEventType.TaskTimedOut =>
                KindOf(item.Details),
            _ => null,
        };
        if (failedKind is not null)
        {
            _failed.Add(1, Tags(labels, TelemetryNames.ResourceKind, failedKind));
        }

        string? timeout = item.Type switch
        {
            HistoryEventType.LambdaFunctionTimedOut or HistoryEventType.ActivityTimedOut or HistoryEventType.TaskTimedOut =>
                stimulus is HeartbeatMissed ? "heartbeat" : "task",
            HistoryEventType.ExecutionTimedOut => "execution",
            _ => null,
        };
        if (timeout is not null)
        {
            _timeouts.Add(1, Tags(labels, TelemetryNames.TimeoutKind, timeout));
        }
    }

    /// <summary>The family of a service as <see cref="ExecutionTelemetry.KindOf"/> gives it: history shows the action with its pattern.</summary>
    private static string KindOf(HistoryEventDetails? details)
    {
        if (details is not TaskErrorDetails failed)
        {
            throw new UnreachableException();
        }

        int dot = failed.Resource.IndexOf('.', StringComparison.Ordinal);
        return $"{failed.ResourceType}:{(dot < 0 ? failed.Resource : failed.Resource[..dot])}";
    }
}
