using Lockstep.Engine;

namespace Lockstep.Embedded.Hosting;

/// <summary>Limits of the driver. Configuration section <c>Lockstep:Driver</c>.</summary>
public sealed record DriverOptions
{
    /// <summary>The limits that new executions get for life.</summary>
    public ExecutionLimits ExecutionLimits { get; init; } = ExecutionLimits.Default;

    /// <summary>Effects under way at a time; more wait their turn. Key <c>Lockstep:Driver:MaxConcurrentEffects</c>. Default 1,000.</summary>
    public int MaxConcurrentEffects { get; init; } = 1_000;

    /// <summary>Effects of one tenant under way at a time. Key <c>Lockstep:Driver:MaxConcurrentEffectsPerTenant</c>. Default 500.</summary>
    public int MaxConcurrentEffectsPerTenant { get; init; } = 500;

    /// <summary>Turns of one execution that share a commit when several stimuli wait. Key <c>Lockstep:Driver:MaxTurnsPerCommit</c>. Default 64.</summary>
    public int MaxTurnsPerCommit { get; init; } = 64;

    /// <summary>Journal bytes of one execution after which its commit takes no further turn. Key <c>Lockstep:Driver:MaxBytesPerCommit</c>. Default 1 MiB.</summary>
    public int MaxBytesPerCommit { get; init; } = 1024 * 1024;

    /// <summary>
    /// Journal bytes since the last snapshot below which none is written; above, one is written when the journal outweighs the last snapshot.
    /// Key <c>Lockstep:Driver:MinSnapshotBytes</c>. Default 64 KiB.
    /// </summary>
    public int MinSnapshotBytes { get; init; } = 64 * 1024;

    /// <summary>How long an execution has to be idle before it leaves memory. Key <c>Lockstep:Driver:ParkAfterMs</c>. Default 5 s.</summary>
    public TimeSpan ParkAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Idle executions in memory above which the longest idle leave at once. Key <c>Lockstep:Driver:MaxIdleInMemory</c>. Default 10,000.</summary>
    public int MaxIdleInMemory { get; init; } = 10_000;

    /// <summary>How often idle executions are looked through. Key <c>Lockstep:Driver:ParkIntervalMs</c>. Default 500 ms.</summary>
    public TimeSpan ParkInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How far ahead the wake times of executions outside memory are read. Key <c>Lockstep:Driver:WakeHorizonMs</c>. Default 1 minute.</summary>
    public TimeSpan WakeHorizon { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Compiled definitions kept in memory. Key <c>Lockstep:Driver:MaxCompiledMachines</c>. Default 1,000.</summary>
    public int MaxCompiledMachines { get; init; } = 1_000;

    /// <summary>Longest run of an Express execution, as at AWS. Key <c>Lockstep:Driver:ExpressTimeoutMs</c>. Default 5 minutes.</summary>
    public TimeSpan ExpressTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Synchronous Express executions at a time; more are refused with ThrottlingException. Key <c>Lockstep:Driver:MaxSyncExecutions</c>. Default 1,000.</summary>
    public int MaxSyncExecutions { get; init; } = 1_000;

    /// <summary>
    /// Asynchronous Express executions under way at a time; more are refused with ThrottlingException. Key
    /// <c>Lockstep:Driver:MaxAsyncExpressExecutions</c>. Default 10,000.
    /// </summary>
    public int MaxAsyncExpressExecutions { get; init; } = 10_000;

    /// <summary>How long a stop waits for effects that are under way. Key <c>Lockstep:Driver:DrainTimeoutMs</c>. Default 25 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Executions that are loaded at the same time during recovery. Key <c>Lockstep:Driver:MaxConcurrentRecoveries</c>. Default 4.</summary>
    public int MaxConcurrentRecoveries { get; init; } = 4;
}
