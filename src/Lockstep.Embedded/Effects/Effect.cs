using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Lockstep.Embedded.Executions;
using Lockstep.Engine;
using Lockstep.Engine.Commands;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Targets;
using Lockstep.Service.Tenancy;

namespace Lockstep.Embedded.Effects;

/// <summary>One call of a task's resource, from the durable turn that commanded it until its outcome is posted or nobody wants it any more.</summary>
/// <param name="header">The execution that calls.</param>
/// <param name="task">The command.</param>
/// <param name="deliver">Takes the outcome, unless it is no longer wanted.</param>
[SuppressMessage("Design", "CA1001", Justification = "A token source without timer or link holds nothing to release.")]
internal sealed class Effect(ExecutionHeader header, InvokeTask task, Action<CommandId, Stimulus> deliver)
{
    private readonly CancellationTokenSource _cancellation = new();

    /// <summary>The execution that calls.</summary>
    public ExecutionHeader Execution { get; } = header;

    /// <summary>The command.</summary>
    public InvokeTask Task { get; } = task;

    /// <summary>On whose behalf.</summary>
    public TenantId Tenant => Execution.Key.Tenant;

    /// <summary>Signalled when the outcome is no longer wanted.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>The call, with the key that is equal whenever the same attempt is carried out again.</summary>
    public TaskInvocation ToInvocation() => new(
        Tenant, Execution.Key, Task.Id, Task.Resource, Task.Parameters, Task.Attempt, IdempotencyKey(), Task.TaskToken);

    /// <summary>The effect has ended.</summary>
    public void Deliver(Stimulus outcome) => deliver(Task.Id, outcome);

    /// <summary>The outcome is no longer wanted. Cancellation handlers are the target's own code, so they run elsewhere.</summary>
    public void Cancel() => ThreadPool.UnsafeQueueUserWorkItem(static cancellation => cancellation.Cancel(), _cancellation, preferLocal: false);

    private string IdempotencyKey() => string.Create(
        CultureInfo.InvariantCulture, $"{Execution.EffectKeys}-{Task.Id.Ordinal}-{Task.Attempt}");
}
