using System.Globalization;
using Lockstep.Azure.Callbacks;
using Lockstep.Azure.Executions;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Engine.Commands;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Effects;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Express;
using Lockstep.Service.Targets;
using Lockstep.Service.Telemetry;

namespace Lockstep.Azure.Work;

/// <summary>
/// What the trigger of the queue <c>tasks</c> does with a message: call what an open task asks for and report the outcome, or run an Express
/// execution. The ledger says what is still open, so a message that comes twice finds nothing to do; one whose worker died comes again.
/// </summary>
/// <param name="ledger">Says what is open.</param>
/// <param name="targets">What can be called.</param>
/// <param name="inbox">Takes outcomes.</param>
/// <param name="express">Runs Express executions.</param>
/// <param name="time">The clock.</param>
/// <param name="warn">Tells the operator what needs attention.</param>
/// <param name="telemetry">Told of calls; null when nobody wants to know.</param>
public sealed class TaskWorker(
    IExecutionLedger ledger,
    ITaskTargets targets,
    InboxDelivery inbox,
    ExpressWorker express,
    TimeProvider time,
    Action<string, Exception?> warn,
    ServiceTelemetry? telemetry = null)
{
    /// <summary>The error of work that no worker brought to an end.</summary>
    public const string AbandonedError = "Lockstep.CallAbandoned";

    /// <summary>Does what a message says. False when it is none of ours: it belongs to the dead letters at once.</summary>
    /// <exception cref="OperationCanceledException">The worker stops; the message has to come again.</exception>
    /// <exception cref="StorageUnavailableException">The message has to come again.</exception>
    public async ValueTask<bool> HandleAsync(ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        switch (WorkMessage.Read(body))
        {
            case null:
                return false;
            case { Task: { } task } work:
                await CallAsync(work.Execution, task, cancellation);
                return true;
            case { } run:
                await express.RunStoredAsync(run.Execution, cancellation);
                return true;
        }
    }

    /// <summary>
    /// A message was delivered as often as it may be, and never taken: says so to the execution, which would wait for ever otherwise. False when the
    /// message is none of ours.
    /// </summary>
    public async ValueTask<bool> GiveUpAsync(ReadOnlyMemory<byte> body, int deliveries, CancellationToken cancellation)
    {
        if (WorkMessage.Read(body) is not { } work)
        {
            return false;
        }

        string cause = string.Create(
            CultureInfo.InvariantCulture,
            $"The work was handed out {deliveries} times, and no worker brought it to an end: each stopped, or lost the storage, before it could report.");
        DateTimeOffset now = time.GetUtcNow();
        if (work.Task is { } task)
        {
            await ReportAsync(work.Execution, task, new TaskFailed(now, task, AbandonedError, cause), cancellation);
        }
        else if (await ledger.FindAsync(work.Execution, cancellation) is { Record.Status: ExecutionStatus.Running } head)
        {
            await express.EndAsync(
                work.Execution, new ExpressEnd(ExecutionStatus.Failed, now, null, AbandonedError, cause, Transitions: 0), head, cancellation);
            telemetry?.Executions.ExpressEnded(work.Execution, head.Start, ExecutionStatus.Failed, now);
        }

        return true;
    }

    private async ValueTask CallAsync(ExecutionKey execution, CommandId task, CancellationToken cancellation)
    {
        if (await ledger.FindOpenTaskAsync(execution, task, cancellation) is not { Kind: OpenTaskKind.Queued } open)
        {
            return;
        }

        // The seed was drawn for this execution, so no other one of the same name ever had it.
        LedgerHead head = await ledger.FindAsync(execution, cancellation)
            ?? throw new InvalidOperationException($"Task {task} is open, but there is no execution '{execution.Id}'.");
        InvokeTask command = InvocationCodec.Read(
            (open.Invocation ?? throw new InvalidOperationException($"Task {task} of '{execution.Id}' is queued without what it calls.")).Span);
        var trace = ExecutionTrace.Of(head.Start.Identity);
        DateTimeOffset start = time.GetUtcNow();
        TaskOutcome outcome = await TaskCalls.InvokeAsync(
            targets, command, execution, EffectKeys.Of(execution, unchecked((long)head.Start.Identity.Seed)), warn, cancellation, trace, isRepeated: true);
        DateTimeOffset end = time.GetUtcNow();
        telemetry?.Executions.Called(execution, trace, command, outcome, start, end);
        await ReportAsync(execution, task, TaskCalls.ToStimulus(command, outcome, end), cancellation);
    }

    private async ValueTask ReportAsync(ExecutionKey execution, CommandId task, Stimulus outcome, CancellationToken cancellation)
    {
        Result<Accepted> reported = await inbox.ReportAsync(execution, task, outcome, cancellation);

        // Timed out, given up, or reported by a delivery before this one: nobody waits for the outcome.
        if (!reported.Succeeded && reported.Error.Code is not (ErrorCodes.TaskTimedOut or ErrorCodes.TaskDoesNotExist))
        {
            warn($"The outcome of task {task} of '{execution.Id}' was refused: {reported.Error.Message}", null);
        }
    }
}
