using Lockstep.Engine.History;

namespace Lockstep.Cli.Run;

/// <summary>
/// Finds the state whose failure ended an execution: the first state on the way back from the final event along previousEventId. Keeps one
/// small entry an event.
/// </summary>
internal sealed class FailedStateFinder
{
    private readonly List<(long Previous, string? Entered)> _events = [(0, null)];

    /// <summary>Whether the final event has been seen.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The state; null while the execution runs, and when it succeeded or failed outside any state.</summary>
    public string? FailedState { get; private set; }

    /// <summary>Takes the next event; ids ascend without a gap.</summary>
    public void Add(HistoryEvent happened)
    {
        _events.Add((happened.PreviousEventId, (happened.Details as StateEnteredDetails)?.Name));
        HasEnded = happened.Type is HistoryEventType.ExecutionSucceeded or HistoryEventType.ExecutionFailed
            or HistoryEventType.ExecutionTimedOut or HistoryEventType.ExecutionAborted;
        if (HasEnded && happened.Type != HistoryEventType.ExecutionSucceeded)
        {
            FailedState = StateBefore(happened.PreviousEventId);
        }
    }

    private string? StateBefore(long id)
    {
        for (; id > 0; id = _events[(int)id].Previous)
        {
            if (_events[(int)id].Entered is { } state)
            {
                return state;
            }
        }

        return null;
    }
}
