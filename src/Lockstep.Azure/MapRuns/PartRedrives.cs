using Lockstep.Azure.Callbacks;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Orchestration.Pump;
using Lockstep.Azure.Recovery;
using Lockstep.Azure.Work;
using Lockstep.Engine;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Redrives;
using Lockstep.Service.StateMachines;

namespace Lockstep.Azure.MapRuns;

/// <summary>
/// Redrives map runs and their children: each for the task that waits for it from now on, which its head names. That makes a repetition harmless, and lets
/// a stop of the attempt before, whenever it comes, pass by. Once the head is open the redrive is durable; what is left to do then, the same call again,
/// the sweep or the recovery does.
/// </summary>
internal sealed class PartRedrives(PartRedriveParts parts)
{
    private readonly LedgerStore _store = new(parts.Recovery.Tables, parts.Recovery.Blobs);
    private readonly LedgerCreation _executions = new(new LedgerStore(parts.Recovery.Tables, parts.Recovery.Blobs));
    private readonly Reopening _reopening = new(parts.Recovery, parts.Ledger);
    private readonly ExecutionRecovery _recovery = new(parts.Recovery, parts.Decide);

    /// <summary>
    /// Has a task wait for what an earlier task of its execution has started. What did not succeed is redriven, what has succeeded reports again; what still
    /// runs is stopped first, as the earlier task was given up, and redriven when it has ended, unless it is Express: that cannot be stopped, and the task
    /// gets its end. Null when nothing of that key is stored.
    /// </summary>
    public async ValueTask<Result<Accepted>?> RedriveAsync(ExecutionKey key, ParentTask parent, CancellationToken cancellation)
    {
        for (int attempt = 0; attempt < LedgerStore.MaxAttempts; attempt++)
        {
            // The head first: whoever changes it between the two reads makes the writing fail.
            HeadRow? head = await _store.FindHeadAsync(key, cancellation);
            LedgerHead? found = await parts.Ledger.FindAsync(key, cancellation);
            if (head is null || found is null)
            {
                return null;
            }

            if (head.Quarantine is not null)
            {
                return DriverErrors.Quarantined(key);
            }

            bool isOver = head.Status is ExecutionStatus.Failed or ExecutionStatus.TimedOut or ExecutionStatus.Aborted;
            if (found.Parent == parent && !(found.RedrivesAtEnd && isOver))
            {
                await FollowAsync(found, cancellation);
                return default(Accepted);
            }

            if (await parts.Ledger.FindOpenTaskAsync(parent.Execution, parent.Task, cancellation) is not { Kind: OpenTaskKind.Child })
            {
                return DriverErrors.NoParent(key);
            }

            // By this row whoever gives the task up finds what to stop.
            await _executions.NameChildAsync(parent, key, cancellation);
            if (await (isOver ? ReopenAsync(head, found, parent, cancellation) : TakeOverAsync(head, found, parent, cancellation)) is { } answer)
            {
                return answer;
            }
        }

        throw LedgerStore.Contended(key);
    }

    /// <summary>Redrives what had to end first, for the task that has waited for that.</summary>
    public async ValueTask RedriveAtEndAsync(ExecutionKey key, ParentTask parent, CancellationToken cancellation)
    {
        if (await RedriveAsync(key, parent, cancellation) is { Succeeded: false, Error: { } refused })
        {
            await parts.Inbox.ReportAsync(
                parent.Execution, parent.Task, new TaskFailed(parts.Time.GetUtcNow(), parent.Task, refused.Code, refused.Message), cancellation);
        }
    }

    /// <summary>What has succeeded, or runs still, is the task's from now on. Null when it is not any more as it was found.</summary>
    private async ValueTask<Result<Accepted>?> TakeOverAsync(HeadRow head, LedgerHead found, ParentTask parent, CancellationToken cancellation)
    {
        ExecutionKey key = found.Record.Key;
        bool waits = !head.HasEnded && found.Record.Type == WorkflowType.Standard;
        HeadRow taken = head with { WaitingTask = parent.Task.Ordinal, RedrivesAtEnd = waits };
        if (!(await _store.WriteAsync([taken.Replace(key)], cancellation)).Succeeded)
        {
            return null;
        }

        await FollowAsync(found with { Parent = parent, RedrivesAtEnd = waits }, cancellation);
        return default(Accepted);
    }

    private async ValueTask<Result<Accepted>?> ReopenAsync(HeadRow head, LedgerHead found, ParentTask parent, CancellationToken cancellation)
    {
        ExecutionKey key = found.Record.Key;
        DateTimeOffset now = parts.Time.GetUtcNow();
        StoredReplay? stored = null;
        Redriven? redriven = null;
        if (found.Record.Type == WorkflowType.Standard)
        {
            stored = await new StoredExecutions(parts.Recovery, parts.Decide).ReplayAsync(found, head, cancellation);
            if (stored.Replay is not { } replay)
            {
                return DriverErrors.Quarantined(key);
            }

            var decided = RedriveDecision.OfPart(replay.State, now);
            if (decided.Error is { } refused)
            {
                return refused;
            }

            redriven = decided.Stimulus;
        }

        // What follows the end has to be done before anything else happens to it.
        await parts.Ledger.SettleAsync(key, cancellation);
        var intent = new Intent(IntentKind.Start, key, now + parts.SweepAfter);
        await parts.Intents.AddAsync(intent, cancellation);
        HeadRow opened = head.Redriven(now) with { WaitingTask = parent.Task.Ordinal };
        if (!await _reopening.OpenAsync(key, head, opened, redriven, cancellation))
        {
            return null;
        }

        LedgerHead settled = await parts.Ledger.SettleAsync(key, cancellation) ?? throw LedgerStore.Contended(key);
        if (stored is { Replay: { } replayed, Revision: { } revision })
        {
            await _reopening.ScheduleAsync(settled.Record, settled.Part, revision, replayed, opened.Epoch, cancellation);
        }
        else
        {
            await parts.Recovery.Scheduler.ScheduleAsync(settled.AsNew, revision: null, cancellation);
        }

        await parts.Children.StartedAsync(key, parent, cancellation);
        await parts.Intents.RemoveAsync(intent, cancellation);
        return default(Accepted);
    }

    /// <summary>Does what has to follow once the task's part is its own, whoever has made it so: it may have died before.</summary>
    private async ValueTask FollowAsync(LedgerHead found, CancellationToken cancellation)
    {
        ExecutionKey key = found.Record.Key;
        if (found.Record.Status != ExecutionStatus.Running)
        {
            await parts.Recovery.FollowUps.EndedAsync(key, cancellation);
            return;
        }

        if (found.RedrivesAtEnd)
        {
            await parts.Inbox.StopAsync(key, new StopRequested(parts.Time.GetUtcNow(), null, null), cancellation, found.Parent?.Task);
            return;
        }

        await parts.Ledger.SettleAsync(key, cancellation);
        if (found.Record.Type == WorkflowType.Standard)
        {
            await RestartAsync(key, cancellation);
        }
        else
        {
            await parts.Recovery.Scheduler.ScheduleAsync(found.AsNew, revision: null, cancellation);
        }

        await parts.Children.StartedAsync(key, found.Parent, cancellation);
    }

    /// <summary>
    /// Has an open part run, should nothing run it. As long as no turn has taken the redrive in, what runs may be the orchestration of before, which never
    /// will: then a new one takes its place, under another epoch.
    /// </summary>
    private async ValueTask RestartAsync(ExecutionKey key, CancellationToken cancellation)
    {
        HeadRow? head = await _store.FindHeadAsync(key, cancellation);
        InboxPage inbox = await parts.Ledger.ReadInboxAsync(key, [], maxItems: 1, maxBytes: 1, cancellation);
        if (inbox.Items is not [{ Stimulus: Redriven }])
        {
            await _recovery.RecoverAsync(key, cancellation);
            return;
        }

        if (head is { HasEnded: false, Quarantine: null }
            && await parts.Ledger.FindAsync(key, cancellation) is { } found
            && await new StoredExecutions(parts.Recovery, parts.Decide).ReplayAsync(found, head, cancellation) is { Replay: { } replay, Revision: { } revision })
        {
            HeadRow raised = head with { Epoch = head.Epoch + 1 };
            if ((await _store.WriteAsync([raised.Replace(key)], cancellation)).Succeeded)
            {
                await _reopening.ScheduleAsync(found.Record, found.Part, revision, replay, raised.Epoch, cancellation);
            }
        }
    }
}

/// <summary>What redrives of map runs and their children work with.</summary>
/// <param name="Recovery">Replays executions and has them run.</param>
/// <param name="Ledger">The truth about executions.</param>
/// <param name="Intents">What the sweep looks after.</param>
/// <param name="Inbox">Stops what still runs.</param>
/// <param name="Children">Stops a child whose parent has given it up.</param>
/// <param name="Decide">The interpreter.</param>
/// <param name="Time">The clock.</param>
/// <param name="SweepAfter">When the sweep looks at a redrive that was begun and not finished.</param>
internal sealed record PartRedriveParts(
    RecoveryParts Recovery,
    TableExecutionLedger Ledger,
    IIntents Intents,
    InboxDelivery Inbox,
    ChildEnds Children,
    DecideTurn Decide,
    TimeProvider Time,
    TimeSpan SweepAfter);
