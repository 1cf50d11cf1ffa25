using Lockstep.Azure.Driver;
using Lockstep.Azure.Intents;
using Lockstep.Azure.Orchestration;
using Lockstep.Azure.Recovery;
using Lockstep.Azure.Retention;
using Lockstep.Azure.Storage;
using Lockstep.Engine;
using Lockstep.Service.Limits;

namespace Lockstep.Azure.Hosting;

/// <summary>Everything that can be set of running on Azure, checked. <see cref="AzureSettings"/> reads it.</summary>
public sealed record AzureOptions
{
    /// <summary>The region in ARNs. Key <c>Lockstep:Region</c>. Default <c>local</c>.</summary>
    public string Region { get; init; } = "local";

    /// <summary>Limits of the use cases.</summary>
    public ServiceLimits Limits { get; init; } = ServiceLimits.Default;

    /// <summary>The limits that new executions get for life. Keys <c>Lockstep:Execution:*</c> (<see cref="ExecutionSettings"/>), and the limits of the service.</summary>
    public ExecutionLimits ExecutionLimits { get; init; } = ExecutionLimits.Default;

    /// <summary>How long the driver waits for what.</summary>
    public DriverOptions Driver { get; init; } = new();

    /// <summary>How orchestrations schedule their work.</summary>
    public OrchestrationSettings Orchestration { get; init; } = OrchestrationSettings.Default;

    /// <summary>How often stores try.</summary>
    public StorageRetryOptions Storage { get; init; } = new();

    /// <summary>How much the sweep does at a time.</summary>
    public SweepOptions Sweep { get; init; } = new();

    /// <summary>How much recovery does at a time.</summary>
    public RecoveryOptions Recovery { get; init; } = new();

    /// <summary>How long things are kept.</summary>
    public RetentionOptions Retention { get; init; } = new();

    /// <summary>Whether functions may be registered with plain http: for development.</summary>
    public bool AllowPlainHttpFunctions { get; init; }

    /// <summary>Calls of Express executions of one worker under way at a time. Key <c>Lockstep:Azure:MaxConcurrentEffects</c>. Default 200.</summary>
    public int MaxConcurrentEffects { get; init; } = 200;

    /// <summary>The same, of one tenant. Key <c>Lockstep:Azure:MaxConcurrentEffectsPerTenant</c>. Default 100.</summary>
    public int MaxConcurrentEffectsPerTenant { get; init; } = 100;

    /// <summary>Compiled definitions that a worker keeps. Key <c>Lockstep:Azure:MaxCompiledMachines</c>. Default 1,000.</summary>
    public int MaxCompiledMachines { get; init; } = 1_000;
}
