namespace Lockstep.Azure.Driver;

/// <summary>How long the driver waits for what. Configuration section <c>Lockstep:Azure</c>.</summary>
public sealed record DriverOptions
{
    /// <summary>When the sweep looks at what was begun and not finished. Key <c>Lockstep:Azure:SweepAfterSeconds</c>. Default 60 s.</summary>
    public TimeSpan SweepAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a stop waits for the end before it answers all the same. Key <c>Lockstep:Azure:StopWaitSeconds</c>. Default 20 s.</summary>
    public TimeSpan StopWait { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long a synchronous start waits for the end before it answers 202, and the execution goes on: below the 230 s that the platform grants a
    /// request. Key <c>Lockstep:Azure:SyncAnswerSeconds</c>. Default 200 s.
    /// </summary>
    public TimeSpan SyncAnswer { get; init; } = TimeSpan.FromSeconds(200);

    /// <summary>Longest run of an Express execution, as at AWS. Key <c>Lockstep:Azure:ExpressTimeoutSeconds</c>. Default 5 minutes.</summary>
    public TimeSpan ExpressTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Synchronous executions of one worker at a time, those included that go on after their answer; more are refused with ThrottlingException.
    /// Key <c>Lockstep:Azure:MaxSyncExecutions</c>. Default 200.
    /// </summary>
    public int MaxSyncExecutions { get; init; } = 200;
}
