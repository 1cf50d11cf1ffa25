using Lockstep.Asl.Resources;
using Lockstep.Engine;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service.Executions;
using Lockstep.Service.Telemetry;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Targets;

/// <summary>One call of a task's resource.</summary>
/// <param name="Tenant">On whose behalf.</param>
/// <param name="Execution">The execution that calls.</param>
/// <param name="Task">The command; with execution and incarnation it makes the idempotency key.</param>
/// <param name="Resource">What is called.</param>
/// <param name="Parameters">The arguments.</param>
/// <param name="Attempt">0 for the first try.</param>
/// <param name="IdempotencyKey">Equal whenever the same attempt is carried out again after a crash, different otherwise.</param>
/// <param name="TaskToken">The token of the attempt; null for patterns without one.</param>
public sealed record TaskInvocation(
    TenantId Tenant,
    ExecutionKey Execution,
    CommandId Task,
    TaskResource Resource,
    JsonValue Parameters,
    int Attempt,
    string IdempotencyKey,
    string? TaskToken)
{
    /// <summary>The state that calls; null where no machine's state does, as in tests of targets.</summary>
    public string? StateName { get; init; }

    /// <summary>The span of the call, which the callee gets as its parent; null for one that follows from the key of the execution alone.</summary>
    public TraceContext? Trace { get; init; }

    /// <summary>Where an HTTP target notes what it sends and gets; null when nobody wants to see it.</summary>
    public HttpExchange? Exchange { get; init; }
}

/// <summary>How a call ended. The set is closed.</summary>
public abstract record TaskOutcome;

/// <summary>The call answered; for patterns that wait, its submission was accepted.</summary>
public sealed record TaskAnswered(JsonValue Output) : TaskOutcome;

/// <summary>The call failed. A stage of Run counts as Submit for patterns that wait.</summary>
public sealed record TaskRefused(string? Error, string? Cause, TaskFailureStage Stage = TaskFailureStage.Run) : TaskOutcome;

/// <summary>Something that a Task state can call. One class each, behind one registry; adding one touches no engine code.</summary>
public interface ITaskTarget
{
    /// <summary>Carries out one call. Anticipated failures are outcomes; a thrown exception counts as States.Runtime.</summary>
    ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation);
}

/// <summary>Finds the target of a resource.</summary>
public interface ITaskTargets
{
    /// <summary>The target, or null when nothing serves the resource (activities and unsupported services).</summary>
    ITaskTarget? Find(TaskResource resource);
}
