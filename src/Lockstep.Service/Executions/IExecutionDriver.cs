using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;

namespace Lockstep.Service.Executions;

/// <summary>
/// Runs executions. A driver is a pump: take a stimulus, Decide, commit, then carry out the commands. Every answer means that what
/// it acknowledges is durable.
/// </summary>
public interface IExecutionDriver
{
    /// <summary>Starts an execution. Fails with ExecutionAlreadyExists when the name is taken by another input or an ended execution.</summary>
    ValueTask<Result<StartOutcome>> StartAsync(StartRequest request, CancellationToken cancellation);

    /// <summary>
    /// Runs an Express execution to its end and answers with it, also when it failed. Dies with the call. A driver whose calls may not take as long
    /// as an execution answers with one that is still running, which from then on goes on by itself and can be found like any other.
    /// </summary>
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
