using System.Diagnostics;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Work;
using Lockstep.Engine;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Driver;

/// <summary>Adds executions to the ledger and has them run: those that somebody asks for, map runs and their children.</summary>
/// <param name="ledger">The truth about executions.</param>
/// <param name="scheduler">Has executions run.</param>
/// <param name="intents">What the sweep looks after.</param>
/// <param name="children">Stops a child whose parent has given it up.</param>
/// <param name="time">The clock.</param>
/// <param name="sweepAfter">When the sweep looks at a start that was begun and not finished.</param>
public sealed class ExecutionStarts(
    IExecutionLedger ledger, IExecutionScheduler scheduler, IIntents intents, ChildEnds children, TimeProvider time, TimeSpan sweepAfter)
{
    /// <summary>Adds an execution; one that its name or its parent's task has already is the answer, if it is the same.</summary>
    public async ValueTask<Result<StartOutcome>> CreateAsync(StartRequest request, NewExecution execution, CancellationToken cancellation)
    {
        // Whatever happens after the row is there, the sweep finds the intent and has the execution run.
        var intent = new Intent(IntentKind.Start, execution.Record.Key, time.GetUtcNow() + sweepAfter);
        await intents.AddAsync(intent, cancellation);
        CreateOutcome outcome = await ledger.CreateAsync(execution, cancellation);
        Result<StartOutcome> answer = outcome switch
        {
            Created => new StartOutcome(request.NewRecord(execution.Record.StartedAt), Created: true),
            NameTaken { Existing.Quarantine: not null } => DriverErrors.Quarantined(request.Key),
            NameTaken taken => request.AnswerTo(taken.Existing.Record),
            TaskHasChild { Child: var child } => new StartOutcome(child.Record, Created: false),
            _ => throw new UnreachableException(),
        };

        // An execution that is there already may be one whose starter never came to schedule it.
        LedgerHead? waiting = outcome switch
        {
            NameTaken taken when answer.Succeeded => taken.Existing,
            TaskHasChild nested => nested.Child,
            _ => null,
        };
        if (outcome is Created)
        {
            await scheduler.ScheduleAsync(execution, request.Machine, cancellation);
        }
        else if (waiting is { Record.Status: ExecutionStatus.Running, LastTurn: 0 })
        {
            await scheduler.ScheduleAsync(waiting.AsNew, revision: null, cancellation);
        }

        if (outcome is Created or TaskHasChild)
        {
            await children.StartedAsync(waiting?.Record.Key ?? execution.Record.Key, request.Parent, cancellation);
        }

        await intents.RemoveAsync(intent, cancellation);
        return answer;
    }
}
