using System.Collections.Immutable;
using System.Diagnostics;
using Lockstep.Engine;
using Lockstep.Engine.Commands;
using Lockstep.Engine.History;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;

namespace Lockstep.Service.Telemetry;

/// <summary>
/// What there is to tell of a turn: names, numbers and times, never payloads. It follows from the turn alone, so whoever decides it may hand it to
/// whoever makes it durable, and the same is told whatever runs the execution.
/// </summary>
public sealed record TurnFacts
{
    /// <summary>When the execution started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>The time of the turn before; null for the first.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>The time of the turn.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The status after it.</summary>
    public ExecutionStatus Status { get; init; } = ExecutionStatus.Running;

    /// <summary>State transitions.</summary>
    public int Transitions { get; init; }

    /// <summary>Attempts of tasks that it has decided, by the family of their resource.</summary>
    public ImmutableArray<KindCount> Called { get; init; } = [];

    /// <summary>Attempts of tasks that it found to have failed, by the family of their resource.</summary>
    public ImmutableArray<KindCount> Failed { get; init; } = [];

    /// <summary>Timeouts that struck, by their kind.</summary>
    public ImmutableArray<KindCount> TimedOut { get; init; } = [];

    /// <summary>Retries that it has scheduled.</summary>
    public int Retries { get; init; }

    /// <summary>How long the activity task has waited that a worker took; null when none was taken.</summary>
    public TimeSpan? QueueWait { get; init; }

    /// <summary>Visits of states that it ended; none also when nobody asked for them.</summary>
    public ImmutableArray<StateVisit> Visits { get; init; } = [];

    /// <summary>What there is to tell of a turn.</summary>
    public static TurnFacts Of(in ObservedTurn turn)
    {
        ExecutionState next = turn.Decision.Next;
        ImmutableArray<KindCount> called = [];
        ImmutableArray<KindCount> failed = [];
        ImmutableArray<KindCount> timedOut = [];
        int retries = 0;
        foreach (Command command in turn.Decision.Commands)
        {
            if (command is InvokeTask call)
            {
                called = Add(called, ExecutionTelemetry.KindOf(call.Resource));
            }
            else if (command is StartTimer { Purpose: TimerPurpose.Retry })
            {
                retries++;
            }
        }

        foreach (HistoryEvent item in turn.Decision.Events)
        {
            failed = Add(failed, FailedKind(item));
            timedOut = Add(timedOut, TimeoutKind(item, turn.Stimulus));
        }

        return new TurnFacts
        {
            Started = next.StartTime,
            Before = turn.Before.Turn > 0 ? turn.Before.Time : null,
            Time = next.Time,
            Status = next.Status,
            Transitions = Executions.Transitions.CountIn(turn.Decision.Events),
            Called = called,
            Failed = failed,
            TimedOut = timedOut,
            Retries = retries,
            QueueWait = WaitOf(turn),
            Visits = turn.Visits is { } visits ? [.. visits] : [],
        };
    }

    /// <summary>One more of a kind. There are few kinds, and most turns have none.</summary>
    private static ImmutableArray<KindCount> Add(ImmutableArray<KindCount> counts, string? kind)
    {
        if (kind is null)
        {
            return counts;
        }

        for (int index = 0; index < counts.Length; index++)
        {
            if (counts[index].Kind == kind)
            {
                return counts.SetItem(index, new KindCount(kind, counts[index].Count + 1));
            }
        }

        return counts.Add(new KindCount(kind, 1));
    }

    private static TimeSpan? WaitOf(in ObservedTurn turn) =>
        // Calls that a program before layout 3 has stored do not tell when they were scheduled.
        turn.Stimulus is ActivityTaken taken && turn.Before.FindTask(taken.Task) is { Taken: false } task && task.Command.ScheduledTime != default
            ? turn.Decision.Next.Time - task.Command.ScheduledTime
            : null;

    private static string? FailedKind(HistoryEvent item) => item.Type switch
    {
        HistoryEventType.LambdaFunctionFailed or HistoryEventType.LambdaFunctionScheduleFailed or HistoryEventType.LambdaFunctionStartFailed
            or HistoryEventType.LambdaFunctionTimedOut => "function",
        HistoryEventType.ActivityFailed or HistoryEventType.ActivityScheduleFailed or HistoryEventType.ActivityTimedOut => "activity",
        HistoryEventType.TaskFailed or HistoryEventType.TaskStartFailed or HistoryEventType.TaskSubmitFailed or HistoryEventType.TaskTimedOut =>
            KindOf(item.Details),
        _ => null,
    };

    private static string? TimeoutKind(HistoryEvent item, Stimulus stimulus) => item.Type switch
    {
        HistoryEventType.LambdaFunctionTimedOut or HistoryEventType.ActivityTimedOut or HistoryEventType.TaskTimedOut =>
            stimulus is HeartbeatMissed ? "heartbeat" : "task",
        HistoryEventType.ExecutionTimedOut => "execution",
        _ => null,
    };

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

/// <summary>How many there were of a kind.</summary>
/// <param name="Kind">The kind, as telemetry names it.</param>
/// <param name="Count">How many.</param>
public readonly record struct KindCount(string Kind, int Count);

/// <summary>A turn that somebody listens to.</summary>
/// <param name="Before">The state before it.</param>
/// <param name="Stimulus">What it took in.</param>
/// <param name="Decision">What it decided.</param>
/// <param name="Visits">The visits of states that it ended; null when nobody wanted them.</param>
public readonly record struct ObservedTurn(ExecutionState Before, Stimulus Stimulus, Decision Decision, List<StateVisit>? Visits);
