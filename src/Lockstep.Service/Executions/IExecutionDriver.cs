using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;
using Lockstep.Service.Redrives;

namespace Lockstep.Service.Executions;

/// <summary>
/// Runs executions. A driver is a pump: take a stimulus, Decide, commit, then carry out the commands. Every answer means that what
/// it acknowledges is durable; what follows from it may come later. A task that is given up, because its execution ends or its timeout strikes,
/// stops the child that it waits for.
/// </summary>
public interface IExecutionDriver
{
    /// <summary>
    /// Starts an execution. The same name and input, compared as JSON values, while it runs is the same start. Fails with
    /// ExecutionAlreadyExists when the name is taken by another input or an ended execution, and with ExecutionDoesNotExist when a parent that
    /// is to wait is not there.
    /// </summary>
    ValueTask<Result<StartOutcome>> StartAsync(StartRequest request, CancellationToken cancellation);

    /// <summary>
    /// Runs an Express execution to its end and answers with it, also when it failed. Dies with the call: a cancelled call throws
    /// <see cref="OperationCanceledException"/>. A driver whose calls may not take as long as an execution answers with one that is still running,
    /// which from then on goes on by itself and can be found like any other.
    /// </summary>
    ValueTask<Result<ExecutionRecord>> StartSyncAsync(StartRequest request, CancellationToken cancellation);

    /// <summary>
    /// Stops an execution. An ended one stays as it is, and that is no failure. Answers with the record as it has ended. Fails with
    /// ExecutionDoesNotExist when the tenant has none with that key.
    /// </summary>
    ValueTask<Result<ExecutionRecord>> StopAsync(ExecutionKey key, string? error, string? cause, CancellationToken cancellation);

    /// <summary>
    /// Redrives a Standard execution that ended without success. Fails with ExecutionDoesNotExist when the tenant has none with that key, with
    /// ExecutionNotRedrivable when the rules of the request are against it, and as <see cref="RedriveDecision"/> says when its input or revision does not
    /// fit. The same client token within its life is the same redrive. From the answer on every task of before is gone for good.
    /// </summary>
    ValueTask<Result<RedriveOutcome>> RedriveAsync(RedriveRequest request, CancellationToken cancellation);

    /// <summary>
    /// Hands over the outcome of a task that waits for an activity worker, a callback or a child. Fails with TaskTimedOut when the
    /// task no longer waits, which is so for every task of an ended execution, and with TaskDoesNotExist when it never did. Of several outcomes
    /// the first counts; one that comes before the task's submission was answered counts as soon as it is.
    /// </summary>
    ValueTask<Result<Accepted>> DeliverAsync(TaskTokenClaims task, TaskReport report, CancellationToken cancellation);
}

/// <summary>The empty answer of an operation that was accepted and is durable.</summary>
public readonly record struct Accepted;
