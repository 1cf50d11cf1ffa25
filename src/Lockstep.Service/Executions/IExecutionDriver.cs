using Lockstep.Engine;
using Lockstep.Json;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;
using Lockstep.Service.Naming;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Executions;

/// <summary>The task of another execution that starts this one (<c>states:startExecution</c>). A task has one child: asked again, it gets the same.</summary>
/// <param name="Execution">The parent.</param>
/// <param name="Task">Its task.</param>
/// <param name="Waits">Whether the task waits for the child to end (<c>.sync</c>, <c>.sync:2</c>).</param>
public sealed record ParentTask(ExecutionKey Execution, CommandId Task, bool Waits);

/// <summary>A validated request to start an execution: the machine exists, the name is well formed, the input is within its limit.</summary>
public sealed record StartRequest(TenantId Tenant, StateMachineRecord Machine, string Name, JsonValue Input)
{
    /// <summary>The key that the execution is to have.</summary>
    public required ExecutionKey Key { get; init; }

    /// <summary>The ARN that the execution is to have.</summary>
    public required string ExecutionArn { get; init; }

    /// <summary>ARN of the machine, without version.</summary>
    public required string StateMachineArn { get; init; }

    /// <summary>The task that starts it; null when none does.</summary>
    public ParentTask? Parent { get; init; }

    /// <summary>Time after which a synchronous run is timed out; null for the driver's own limit, which holds in any case.</summary>
    public TimeSpan? LongestRun { get; init; }

    /// <summary>Composes a request with key and ARNs for the machine's type; an Express execution gets a run id of its own.</summary>
    public static StartRequest For(ArnFormat arns, StateMachineRecord machine, string name, JsonValue input)
    {
        string? runId = machine.Type == WorkflowType.Express ? Guid.NewGuid().ToString() : null;
        return new StartRequest(machine.Tenant, machine, name, input)
        {
            Key = ExecutionKey.Of(machine.Tenant, machine.Name, name, runId),
            ExecutionArn = arns.Execution(machine.Tenant, machine.Name, name, runId),
            StateMachineArn = arns.StateMachine(machine.Tenant, machine.Name),
        };
    }
}

/// <summary>How a start was answered.</summary>
/// <param name="Execution">The execution that now exists under the name.</param>
/// <param name="Created">False when the same name with the same input was already running: the answer is idempotent.</param>
public sealed record StartOutcome(ExecutionRecord Execution, bool Created);

/// <summary>
/// Runs executions. A driver is a pump: take a stimulus, Decide, commit, then carry out the commands. Every answer means that what
/// it acknowledges is durable.
/// </summary>
public interface IExecutionDriver
{
    /// <summary>Starts an execution. Fails with ExecutionAlreadyExists when the name is taken by another input or an ended execution.</summary>
    ValueTask<Result<StartOutcome>> StartAsync(StartRequest request, CancellationToken cancellation);

    /// <summary>Runs an Express execution to its end and answers with it, also when it failed. Dies with the call.</summary>
    ValueTask<Result<ExecutionRecord>> StartSyncAsync(StartRequest request, CancellationToken cancellation);

    /// <summary>Stops an execution. An ended one stays as it is, and that is no failure. Answers with the record.</summary>
    ValueTask<Result<ExecutionRecord>> StopAsync(ExecutionKey key, string? error, string? cause, CancellationToken cancellation);

    /// <summary>
    /// Hands over the outcome of a task that waits for an activity worker, a callback or a child. Fails with TaskTimedOut when the
    /// task no longer waits and with TaskDoesNotExist when it never did.
    /// </summary>
    ValueTask<Result<Accepted>> DeliverAsync(TaskTokenClaims task, TaskReport report, CancellationToken cancellation);
}

/// <summary>The empty answer of an operation that was accepted and is durable.</summary>
public readonly record struct Accepted;
