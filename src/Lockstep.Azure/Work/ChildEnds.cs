using Lockstep.Asl.Resources;
using Lockstep.Azure.Callbacks;
using Lockstep.Azure.Executions;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.StateMachines;

namespace Lockstep.Azure.Work;

/// <summary>
/// What nested executions owe each other: the end of a child is the outcome of the parent's task that waits for it, and a task that is given up
/// stops the child that it has started. Everything here may be repeated; the ledger knows what still holds.
/// </summary>
/// <param name="ledger">The truth about executions.</param>
/// <param name="inbox">Carries outcomes and stops.</param>
/// <param name="time">The clock.</param>
/// <param name="redrive">Redrives a part of a map run that had to end first, for the task that waits for it since; may be repeated.</param>
public sealed class ChildEnds(
    IExecutionLedger ledger, InboxDelivery inbox, TimeProvider time, Func<ExecutionKey, ParentTask, CancellationToken, ValueTask> redrive)
{
    /// <summary>
    /// An execution has ended, durably: reports it to the parent's task, if one waits. Answers with the execution when it has a parent that is to be told
    /// of its end; else null.
    /// </summary>
    public async ValueTask<ExecutionRecord?> ReportAsync(ExecutionKey child, CancellationToken cancellation)
    {
        if (await ledger.FindAsync(child, cancellation) is not { Record: { Status: not ExecutionStatus.Running } record, Parent: { Waits: true } parent } ended)
        {
            return null;
        }

        if (ended.RedrivesAtEnd && record.Status != ExecutionStatus.Succeeded)
        {
            await redrive(child, parent, cancellation);
            return record;
        }

        if (await ledger.FindOpenTaskAsync(parent.Execution, parent.Task, cancellation) is not { Kind: OpenTaskKind.Child } open)
        {
            return record;
        }

        TaskResource resource = InvocationCodec.Read(
            (open.Invocation ?? throw new InvalidOperationException($"Task {parent.Task} of '{parent.Execution.Id}' waits for a child without saying how.")).Span)
            .Resource;
        Result<Accepted> reported = await inbox.ReportAsync(
            parent.Execution, parent.Task, MapRunOutcomes.OutcomeFor(parent.Task, record, resource, time.GetUtcNow()), cancellation);
        if (!reported.Succeeded && reported.Error.Code is not (ErrorCodes.TaskTimedOut or ErrorCodes.TaskDoesNotExist or ErrorCodes.Conflict))
        {
            throw new InvalidOperationException($"The end of '{child.Id}' was refused by its parent: {reported.Error.Message}");
        }

        return record;
    }

    /// <summary>
    /// A child has been created: stops it if the task that was to wait for it was given up in the meantime, as whoever gave it up found no child to stop.
    /// A parent in quarantine keeps its tasks.
    /// </summary>
    public async ValueTask StartedAsync(ExecutionKey child, ParentTask? parent, CancellationToken cancellation)
    {
        if (parent is { Waits: true }
            && await ledger.FindOpenTaskAsync(parent.Execution, parent.Task, cancellation) is null
            && await ledger.FindAsync(parent.Execution, cancellation) is not { Quarantine: not null })
        {
            await RequestAsync(child, parent.Task, cancellation);
        }
    }

    /// <summary>
    /// A task was given up: stops the child that it waits for, as AWS does. A child that nobody waits for goes on, and so does an Express one, which ends by
    /// itself. One that another task waits for since it was redriven goes on as well.
    /// </summary>
    public async ValueTask StopAsync(ExecutionKey parent, CommandId task, CancellationToken cancellation)
    {
        if (await ledger.FindChildAsync(parent, task, cancellation) is { } child
            && await ledger.FindAsync(child, cancellation) is { Record: { Status: ExecutionStatus.Running, Type: WorkflowType.Standard }, Parent: { Waits: true } waiting }
            && waiting.Task == task)
        {
            await RequestAsync(child, task, cancellation);
        }
    }

    /// <summary>Only parts of map runs pass from one task of their parent to another.</summary>
    private async ValueTask RequestAsync(ExecutionKey child, CommandId task, CancellationToken cancellation) => await inbox.StopAsync(
        child, new StopRequested(time.GetUtcNow(), null, null), cancellation, PinnedMachines.IsPart(child) ? task : null);
}
