namespace Lockstep.Azure.Orchestration;

/// <summary>
/// What decides how an orchestration schedules its work. Travels in the input of every epoch, as a changed configuration must not change a replay;
/// an epoch that begins takes over what is configured by then.
/// </summary>
public sealed record OrchestrationSettings
{
    /// <summary>The defaults.</summary>
    public static OrchestrationSettings Default { get; } = new();

    /// <summary>
    /// Longest call, in seconds, that an orchestration awaits as an activity; calls that may take longer return through a row of the ledger.
    /// Default 60.
    /// </summary>
    public int AwaitedTaskSeconds { get; init; } = 60;

    /// <summary>Longest time, in seconds, that the call of a function may take. Default 900, as the targets allow.</summary>
    public int FunctionCallSeconds { get; init; } = 900;

    /// <summary>Longest time, in seconds, that any other call may take. Default 60, as the targets allow.</summary>
    public int ServiceCallSeconds { get; init; } = 60;

    /// <summary>Calls that an orchestration awaits one by one; what goes beyond is called in batches by child orchestrations. Default 20.</summary>
    public int MaxActivitiesAtOnce { get; init; } = 20;

    /// <summary>Calls in one batch. Default 50.</summary>
    public int MaxBatchCalls { get; init; } = 50;

    /// <summary>Activities, timers, batches and wakes after which an orchestration continues as new. Default 200.</summary>
    public int RolloverActions { get; init; } = 200;

    /// <summary>Turns and transitions, together, after which an orchestration continues as new, as each replay decides them again. Default 10,000.</summary>
    public int RolloverSteps { get; init; } = 10_000;

    /// <summary>
    /// The first pause, in seconds, before an activity that failed is tried again; each after it is twice as long. Default 1. With 0 there is none at all, for
    /// tests whose clock stands still.
    /// </summary>
    public int FirstBackoffSeconds { get; init; } = 1;

    /// <summary>Longest pause, in seconds, before an activity that failed is tried again. Default 300.</summary>
    public int MaxBackoffSeconds { get; init; } = 300;
}
