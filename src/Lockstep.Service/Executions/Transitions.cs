using System.Collections.Immutable;
using Lockstep.Engine.History;

namespace Lockstep.Service.Executions;

/// <summary>State transitions as they are metered: one for each state entered, and one for each redrive.</summary>
public static class Transitions
{
    /// <summary>How many of the events are transitions.</summary>
    public static int CountIn(ImmutableArray<HistoryEvent> events)
    {
        int count = 0;
        foreach (HistoryEvent item in events)
        {
            count += IsTransition(item.Type) ? 1 : 0;
        }

        return count;
    }

    private static bool IsTransition(HistoryEventType type) => type is HistoryEventType.ChoiceStateEntered
        or HistoryEventType.ExecutionRedriven
        or HistoryEventType.FailStateEntered
        or HistoryEventType.MapStateEntered
        or HistoryEventType.ParallelStateEntered
        or HistoryEventType.PassStateEntered
        or HistoryEventType.SucceedStateEntered
        or HistoryEventType.TaskStateEntered
        or HistoryEventType.WaitStateEntered;
}
