using System.Diagnostics;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;

namespace Lockstep.Azure.Intents;

/// <summary>What the intents of each kind stand for. The ledger says what has to be done; the intent only says where to look.</summary>
/// <param name="ledger">The truth about executions.</param>
/// <param name="scheduler">Has executions run.</param>
/// <param name="orchestrations">Wakes orchestrations.</param>
/// <param name="started">Tells of a child that has been created, whose parent may have given it up meanwhile. May be repeated.</param>
/// <param name="ended">Tells others of an end: the parent that waits, children that nobody waits for. May be repeated.</param>
public sealed class SweepWork(
    TableExecutionLedger ledger,
    IExecutionScheduler scheduler,
    IOrchestrations orchestrations,
    Func<ExecutionKey, ParentTask?, CancellationToken, ValueTask> started,
    Func<ExecutionKey, CancellationToken, ValueTask> ended)
{
    /// <summary>Looks at something that has not happened yet: whoever announced it may be on the way still.</summary>
    private const int LooksForWhatNeverCame = 3;

    /// <summary>Does what is left to do; false when it has to be looked at again.</summary>
    internal ValueTask<bool> FinishAsync(DueIntent due, CancellationToken cancellation) => due.Intent.Kind switch
    {
        IntentKind.Start => FinishStartAsync(due, cancellation),
        IntentKind.Wake => FinishWakeAsync(due.Intent.Execution, cancellation),
        IntentKind.End => FinishEndAsync(due, cancellation),
        _ => throw new UnreachableException(),
    };

    private async ValueTask<bool> FinishStartAsync(DueIntent due, CancellationToken cancellation)
    {
        if (await ledger.SettleAsync(due.Intent.Execution, cancellation) is not { } head)
        {
            return due.Attempts >= LooksForWhatNeverCame;
        }

        if (head.Record.Status != ExecutionStatus.Running)
        {
            await ended(due.Intent.Execution, cancellation);
            return true;
        }

        await started(due.Intent.Execution, head.Parent, cancellation);
        bool isExpress = head.Record.Type == WorkflowType.Express;
        if ((head.LastTurn > 0 && !isExpress) || head.Quarantine is not null)
        {
            return true;
        }

        await scheduler.ScheduleAsync(head.AsNew, revision: null, cancellation);

        // An Express execution has no turns to see; the queue hands its message out until it has been carried out.
        return isExpress;
    }

    private async ValueTask<bool> FinishWakeAsync(ExecutionKey key, CancellationToken cancellation)
    {
        LedgerHead? head = await ledger.FindAsync(key, cancellation);
        if (head is not { Record.Status: ExecutionStatus.Running, Quarantine: null })
        {
            return true;
        }

        if ((await ledger.ReadInboxAsync(key, [], maxItems: 1, maxBytes: 1, cancellation)).Items.IsEmpty)
        {
            return true;
        }

        await orchestrations.WakeAsync(ExecutionInstances.IdOf(key), cancellation);
        return false;
    }

    private async ValueTask<bool> FinishEndAsync(DueIntent due, CancellationToken cancellation)
    {
        LedgerHead? head = await ledger.SettleAsync(due.Intent.Execution, cancellation);
        if (head is { Record.Status: ExecutionStatus.Running })
        {
            return due.Attempts >= LooksForWhatNeverCame;
        }

        if (head is not null)
        {
            await ended(due.Intent.Execution, cancellation);
        }

        return true;
    }
}
