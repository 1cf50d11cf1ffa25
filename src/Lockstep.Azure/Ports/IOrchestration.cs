namespace Lockstep.Azure.Ports;

/// <summary>
/// One episode of one orchestration, as the code of the orchestrator sees it: Durable Task's context, reduced. The code must be
/// deterministic and may await nothing but the tasks that this interface makes, and WhenAny and WhenAll over them. Open activities and
/// timers that are not cancelled hold the end of the orchestration and of an episode back; open waits for Wake do not.
/// </summary>
public interface IOrchestration
{
    /// <summary>The instance.</summary>
    string InstanceId { get; }

    /// <summary>The time of the event that is being handled, in UTC: the same on every replay.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Whether what runs now has run before. For logging only.</summary>
    bool IsReplaying { get; }

    /// <summary>Calls an activity. The input and the answer have at most 512 KiB.</summary>
    /// <exception cref="ActivityFailedException">Thrown by the task when the activity threw.</exception>
    Task<string> CallActivityAsync(string name, string input);

    /// <summary>Runs a child orchestration and waits for its answer.</summary>
    /// <exception cref="ActivityFailedException">Thrown by the task when the child failed.</exception>
    Task<string> CallOrchestrationAsync(string name, string instanceId, string input);

    /// <summary>Starts a durable timer.</summary>
    IOrchestrationTimer StartTimer(DateTimeOffset due);

    /// <summary>Waits for the next Wake. At most one such wait may be open at a time.</summary>
    Task WaitForWakeAsync();

    /// <summary>Begins again with another input and an empty history, as soon as the orchestrator returns; unread Wakes may be lost.</summary>
    void ContinueAsNew(string input);

    /// <summary>Shows names of states on the scheduler's dashboard: never payload. At most 4 KiB.</summary>
    void Show(string customStatus);
}

/// <summary>A durable timer.</summary>
public interface IOrchestrationTimer
{
    /// <summary>Completes when the timer is due; never, when it was cancelled before.</summary>
    Task Fired { get; }

    /// <summary>Takes it back.</summary>
    void Cancel();
}

/// <summary>An activity or child orchestration threw: broken infrastructure or a defect, since anticipated failures are answers.</summary>
public sealed class ActivityFailedException : Exception
{
    /// <summary>Without a reason.</summary>
    public ActivityFailedException()
    {
    }

    /// <summary>With what was thrown.</summary>
    public ActivityFailedException(string message)
        : base(message)
    {
    }

    /// <summary>With what was thrown, and the exception of the runtime.</summary>
    public ActivityFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
