using Lockstep.Azure.Executions;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Ledger;

/// <summary>
/// Reports, heartbeats and claims. All compete for one row, by its version: who replaces it while it is open has won. A report puts its stimulus
/// into the inbox in the same transaction; the head is only read, so reports never hold up the turns of the execution.
/// </summary>
internal sealed class LedgerTasks(LedgerStore store)
{
    /// <summary>Marks a taking that came as a report, and not through the queue of an activity.</summary>
    private const string TakenByReport = "report";

    private static readonly ServiceError _unknown = new(ErrorCodes.TaskDoesNotExist, "The task that the token names does not exist.");
    private static readonly ServiceError _gone = new(
        ErrorCodes.TaskTimedOut, "The task that the token names no longer waits: it has timed out, ended or been given up.");

    /// <summary>See <see cref="IExecutionLedger.ReportAsync"/>.</summary>
    public async ValueTask<Result<Accepted>> ReportAsync(ExecutionKey key, CommandId task, Stimulus outcome, CancellationToken cancellation)
    {
        switch (outcome)
        {
            case ActivityTaken taken when taken.Task == task:
                Result<string> taker = await TakeAsync(key, taken, TakenByReport, cancellation);
                return taker.Succeeded ? default(Accepted) : taker.Error;
            case TaskSucceeded succeeded when succeeded.Task == task:
            case TaskFailed failed when failed.Task == task:
                return await ReportOutcomeAsync(key, task, outcome, cancellation);
            default:
                throw new ArgumentException($"{outcome.GetType().Name} is no outcome of task {task}.", nameof(outcome));
        }
    }

    /// <summary>A worker takes a task; answers by which offer it is taken, which may be another one's.</summary>
    public async ValueTask<Result<string>> TakeAsync(ExecutionKey key, ActivityTaken taken, string offer, CancellationToken cancellation)
    {
        for (int attempt = 0; attempt < LedgerStore.MaxAttempts; attempt++)
        {
            Result<TaskRow> found = await FindAsync(key, taken.Task, cancellation);
            if (!found.Succeeded)
            {
                return found.Error;
            }

            TaskRow row = found.Value;
            if (row.Condition != TaskCondition.Open)
            {
                return _gone;
            }

            if (row.TakenBy is { } taker)
            {
                return taker;
            }

            Entity item = await InboxRow.ToEntityAsync(store, key, taken.Time.UtcTicks, taken, cancellation);
            TaskRow next = (row with { TakenBy = offer, TakenAt = taken.Time }).Heard(taken.Time);
            WriteOutcome written = await store.WriteAsync([next.Replace(key), new InsertEntity(item)], cancellation);
            if (written.Succeeded)
            {
                return offer;
            }
        }

        throw LedgerStore.Contended(key);
    }

    /// <summary>See <see cref="IExecutionLedger.HeartbeatAsync"/>.</summary>
    public async ValueTask<Result<Accepted>> HeartbeatAsync(ExecutionKey key, CommandId task, DateTimeOffset now, CancellationToken cancellation)
    {
        for (int attempt = 0; attempt < LedgerStore.MaxAttempts; attempt++)
        {
            Result<TaskRow> found = await FindAsync(key, task, cancellation);
            if (!found.Succeeded)
            {
                return found.Error;
            }

            TaskRow row = found.Value;
            if (row.Condition != TaskCondition.Open)
            {
                return _gone;
            }

            TaskRow next = row.Heard(now);
            if (next == row || (await store.WriteAsync([next.Replace(key)], cancellation)).Succeeded)
            {
                return default(Accepted);
            }
        }

        throw LedgerStore.Contended(key);
    }

    /// <summary>See <see cref="IExecutionLedger.ClaimAsync"/>.</summary>
    public async ValueTask<ClaimOutcome> ClaimAsync(
        ExecutionKey key, CommandId task, ClaimReason reason, DateTimeOffset now, CancellationToken cancellation)
    {
        TaskCondition claimed = reason == ClaimReason.Timeout ? TaskCondition.TimedOut : TaskCondition.HeartbeatMissed;
        for (int attempt = 0; attempt < LedgerStore.MaxAttempts; attempt++)
        {
            TaskRow? row = await store.FindTaskAsync(key, task, cancellation);
            if (row is null || row.Condition != TaskCondition.Open)
            {
                return row?.Condition == claimed ? new Claimed() : new ReportedBefore();
            }

            if (reason == ClaimReason.Heartbeat && row.Deadline is { } deadline && deadline > now)
            {
                return new StillAlive(deadline);
            }

            TaskRow next = row with { Condition = claimed };
            if ((await store.WriteAsync([next.Replace(key)], cancellation)).Succeeded)
            {
                return new Claimed();
            }
        }

        throw LedgerStore.Contended(key);
    }

    /// <summary>See <see cref="IExecutionLedger.FindOpenTaskAsync"/>.</summary>
    public async ValueTask<OpenTaskRow?> FindOpenAsync(ExecutionKey key, CommandId task, CancellationToken cancellation)
    {
        Result<TaskRow> found = await FindAsync(key, task, cancellation);
        if (!found.Succeeded || found.Value is not { Condition: TaskCondition.Open, Stored: { } stored } row)
        {
            return null;
        }

        ReadOnlyMemory<byte>? invocation = await store.Bodies.FindAsync(stored, TaskRow.Invocation, cancellation);
        return new OpenTaskRow(task, row.Kind, row.Scheduled, row.HeartbeatSeconds, row.Activity, invocation);
    }

    private async ValueTask<Result<Accepted>> ReportOutcomeAsync(ExecutionKey key, CommandId task, Stimulus outcome, CancellationToken cancellation)
    {
        string fingerprint = StimulusBytes.Fingerprint(outcome);
        for (int attempt = 0; attempt < LedgerStore.MaxAttempts; attempt++)
        {
            Result<TaskRow> found = await FindAsync(key, task, cancellation);
            if (!found.Succeeded)
            {
                return found.Error;
            }

            TaskRow row = found.Value;
            if (row.Condition != TaskCondition.Open)
            {
                return row.Condition == TaskCondition.Reported && row.Fingerprint == fingerprint ? default(Accepted) : _gone;
            }

            // Clocks of two workers differ; an outcome still comes after the taking that it belongs to.
            long arrived = Math.Max(outcome.Time.UtcTicks, (row.TakenAt?.UtcTicks ?? 0) + 1);
            Entity item = await InboxRow.ToEntityAsync(store, key, arrived, outcome, cancellation);
            TaskRow next = row with { Condition = TaskCondition.Reported, Fingerprint = fingerprint };
            if ((await store.WriteAsync([next.Replace(key), new InsertEntity(item)], cancellation)).Succeeded)
            {
                return default(Accepted);
            }
        }

        throw LedgerStore.Contended(key);
    }

    /// <summary>
    /// The row of a task of an execution that runs. A row is there before anybody can know of the task: the append that opens it comes before the
    /// effect that hands its token out. So a task without a row either never waited for a report, or is none.
    /// </summary>
    private async ValueTask<Result<TaskRow>> FindAsync(ExecutionKey key, CommandId task, CancellationToken cancellation)
    {
        // The task first: an end that comes between the two reads is then seen.
        TaskRow? row = await store.FindTaskAsync(key, task, cancellation);
        HeadRow? head = await store.FindHeadAsync(key, cancellation);
        if (head is null)
        {
            return _unknown;
        }

        if (head.Quarantine is not null)
        {
            return new ServiceError(
                ErrorCodes.Conflict, $"Execution '{key.Id}' is quarantined: its history and the interpreter disagree. The operator's log says where.");
        }

        if (task.Ordinal < 1 || (row is null && task.Ordinal > head.LastCommand))
        {
            return _unknown;
        }

        return head.HasEnded || row is null ? _gone : row;
    }
}
