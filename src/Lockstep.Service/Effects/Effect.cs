using System.Diagnostics.CodeAnalysis;
using Lockstep.Engine;
using Lockstep.Engine.Commands;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Telemetry;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Effects;

/// <summary>One call of a task's resource, from the durable turn that commanded it until its outcome is posted or nobody wants it any more.</summary>
/// <param name="owner">The execution that calls.</param>
/// <param name="task">The command.</param>
/// <param name="deliver">Takes the outcome, unless it is no longer wanted.</param>
[SuppressMessage("Design", "CA1001", Justification = "A token source without timer or link holds nothing to release.")]
public sealed class Effect(IEffectOwner owner, InvokeTask task, Action<CommandId, Stimulus> deliver)
{
    private readonly CancellationTokenSource _cancellation = new();

    /// <summary>The execution that calls.</summary>
    public IEffectOwner Owner { get; } = owner;

    /// <summary>The command.</summary>
    public InvokeTask Task { get; } = task;

    /// <summary>The trace of the execution; null where none is kept.</summary>
    public ExecutionTrace? Trace { get; init; }

    /// <summary>On whose behalf.</summary>
    public TenantId Tenant => Owner.Key.Tenant;

    /// <summary>Signalled when the outcome is no longer wanted.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>The effect has ended.</summary>
    public void Deliver(Stimulus outcome) => deliver(Task.Id, outcome);

    /// <summary>The outcome is no longer wanted. Cancellation handlers are the target's own code, so they run elsewhere.</summary>
    public void Cancel() => ThreadPool.UnsafeQueueUserWorkItem(static cancellation => cancellation.Cancel(), _cancellation, preferLocal: false);
}
