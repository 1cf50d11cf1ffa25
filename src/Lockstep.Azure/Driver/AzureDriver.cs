using Lockstep.Azure.Callbacks;
using Lockstep.Azure.Executions;
using Lockstep.Engine;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Redrives;
using Lockstep.Service.StateMachines;

namespace Lockstep.Azure.Driver;

/// <summary>
/// The driver's front door: writes what is asked into the ledger, lets the orchestration know, and answers once what it acknowledges is
/// durable. Nothing here knows whether another process is at the same execution; the ledger decides.
/// </summary>
public sealed class AzureDriver(DriverParts parts) : IExecutionDriver
{
    /// <summary>The first incarnation of an execution, which is the only one there is.</summary>
    private const long OnlyIncarnation = 1;

    /// <inheritdoc/>
    public async ValueTask<Result<StartOutcome>> StartAsync(StartRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await parts.Machines.FindRevisionAsync(request.Tenant, request.Machine.Name, request.Machine.RevisionId, cancellation) is null)
        {
            return DriverErrors.NoStateMachine(request.Machine.Name);
        }

        ParentTask? parent = request.Parent;
        if (parent is not null && await parts.Ledger.FindAsync(parent.Execution, cancellation) is null)
        {
            if (parent.Waits)
            {
                return DriverErrors.NoParent(parent.Execution);
            }

            // A synchronous Express parent has no row: it dies with its call, so it never asks again and never waits.
            parent = null;
        }

        DateTimeOffset now = parts.Time.GetUtcNow();
        ExecutionRecord record = request.NewRecord(now);
        var start = new Started(now, request.NewIdentity(parts.Tokens.CurrentKeyId), request.Input, parts.ExecutionLimits);
        return await parts.Starts.CreateAsync(
            request, new NewExecution(record with { Input = request.Input.ToString() }, start, parent), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<Result<ExecutionRecord>> StartSyncAsync(StartRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return await parts.Machines.FindRevisionAsync(request.Tenant, request.Machine.Name, request.Machine.RevisionId, cancellation) is { } revision
            ? await parts.SyncRuns.RunAsync(request, revision, cancellation)
            : DriverErrors.NoStateMachine(request.Machine.Name);
    }

    /// <inheritdoc/>
    public async ValueTask<Result<ExecutionRecord>> StopAsync(ExecutionKey key, string? error, string? cause, CancellationToken cancellation)
    {
        if (await parts.Ledger.FindAsync(key, cancellation) is not { Part.Kind: not ExecutionKind.MapRun } found)
        {
            return DriverErrors.NoExecution(key);
        }

        if (found.Record.Status != ExecutionStatus.Running)
        {
            return found.Record;
        }

        if (found.Record.Type == WorkflowType.Express)
        {
            return DriverErrors.ExpressStop;
        }

        if (found.Quarantine is not null)
        {
            return DriverErrors.Quarantined(key);
        }

        await parts.Inbox.StopAsync(key, new StopRequested(parts.Time.GetUtcNow(), error, cause), cancellation);
        return await WaitForEndAsync(key, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<Result<RedriveOutcome>> RedriveAsync(RedriveRequest request, CancellationToken cancellation) =>
        parts.Redrive(request, cancellation);

    /// <inheritdoc/>
    public async ValueTask<Result<Accepted>> DeliverAsync(TaskTokenClaims task, TaskReport report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (task.Incarnation != OnlyIncarnation)
        {
            return DriverErrors.UnknownTask;
        }

        DateTimeOffset now = parts.Time.GetUtcNow();
        return report.ToOutcome(task.Task, now) is { } outcome
            ? await parts.Inbox.ReportAsync(task.Execution, task.Task, outcome, cancellation)
            : await parts.Ledger.HeartbeatAsync(task.Execution, task.Task, now, cancellation);
    }

    /// <summary>Looks until the execution has ended or the time is up; then answers with what it is.</summary>
    private ValueTask<Result<ExecutionRecord>> WaitForEndAsync(ExecutionKey key, CancellationToken cancellation) => RepeatedLook.UntilAsync<ExecutionRecord>(
        parts.Time,
        parts.Options.StopWait,
        async isLast => await parts.Ledger.FindAsync(key, cancellation) switch
        {
            null => DriverErrors.NoExecution(key),
            { Quarantine: not null } => DriverErrors.Quarantined(key),
            { } head => isLast || head.Record.Status != ExecutionStatus.Running ? head.Record : default(Result<ExecutionRecord>?),
        },
        cancellation);
}

/// <summary>What the driver works with.</summary>
/// <param name="Ledger">The truth about executions.</param>
/// <param name="Machines">Where definitions are.</param>
/// <param name="Starts">Adds executions and has them run.</param>
/// <param name="Inbox">Carries what comes from outside.</param>
/// <param name="SyncRuns">Runs synchronous executions.</param>
/// <param name="Tokens">Names the key that signs the tokens of new executions.</param>
/// <param name="ExecutionLimits">The limits that new executions get for life.</param>
/// <param name="Options">How long the driver waits for what.</param>
/// <param name="Time">The clock.</param>
/// <param name="Redrive">Redrives an execution.</param>
public sealed record DriverParts(
    IExecutionLedger Ledger,
    IStateMachineStore Machines,
    ExecutionStarts Starts,
    InboxDelivery Inbox,
    SynchronousRuns SyncRuns,
    ITaskTokens Tokens,
    ExecutionLimits ExecutionLimits,
    DriverOptions Options,
    TimeProvider Time,
    Func<RedriveRequest, CancellationToken, ValueTask<Result<RedriveOutcome>>> Redrive);
