using System.Diagnostics;
using Lockstep.Asl.Resources;
using Lockstep.Embedded.Activities;
using Lockstep.Embedded.Journal;
using Lockstep.Engine;
using Lockstep.Engine.Commands;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;

namespace Lockstep.Embedded.Executions;

/// <summary>
/// The state of an execution in memory. <see cref="Take"/> decides on what is not durable yet and changes nothing but the commit that it
/// fills; <see cref="Advance"/> makes it true after the flush. Used by one thread at a time.
/// </summary>
internal sealed partial class LiveExecution
{
    private readonly DriverRuntime _runtime;
    private readonly SnapshotLedger _snapshots;
    private readonly OpenWaits _waits;
    private ExecutionHeader _header;
    private ExecutionState _state;
    private long _transitions;
    private bool _storedAsParked;

    public LiveExecution(DriverRuntime runtime, ExecutionHeader header, ExecutionState state, SnapshotLedger snapshots, long transitions, bool storedAsParked)
    {
        _runtime = runtime;
        _header = header;
        _state = state;
        _snapshots = snapshots;
        _transitions = transitions;
        _storedAsParked = storedAsParked;
        _waits = new OpenWaits(runtime, header);
    }

    /// <summary>The execution's number in the store.</summary>
    public long Number => _header.Number;

    /// <summary>The execution.</summary>
    public ExecutionKey Key => _header.Key;

    /// <summary>Number of the tenant that owns it.</summary>
    public long TenantNumber => _header.TenantNumber;

    /// <summary>Whether it waits for nothing but timers, callbacks, activities and children.</summary>
    public bool IsIdle => _state.Status == ExecutionStatus.Running && _state.Turn > 0 && !_waits.HasWorkUnderWay;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _state.Status != ExecutionStatus.Running;

    /// <summary>Heartbeats that were watched when the state was saved; restored before <see cref="Resume"/>.</summary>
    public OpenWaits Waits => _waits;

    /// <summary>Takes one mail: decides, and adds what was decided to the commit.</summary>
    public MailAnswer Take(Mail mail, TurnCommit commit)
    {
        ExecutionState state = commit.Next ?? _state;
        DateTimeOffset now = _runtime.Time.GetUtcNow();
        switch (mail)
        {
            case BeginMail begin:
                commit.Start = new StartRow(
                    _header.Key.Id,
                    _header.Revision.MachineNumber,
                    _header.Revision.RevisionNumber,
                    _header.Part.Kind == ExecutionKind.Machine ? _header.Revision.Record.Type : WorkflowType.Standard,
                    begin.Stimulus.Time,
                    _header.Parent,
                    _header.Part,
                    _header.Version,
                    _header.Alias);
                commit.Publish(_header, ExecutionStatus.Running, begin.Stimulus.Time);
                return Turn(begin.Stimulus, commit);
            case TimerMail timer:
                return _waits.TakeTimer(timer.Timer) ? Turn(new TimerFired(now, timer.Timer), commit) : MailAnswer.TaskGone;
            case HeartbeatMail heartbeat:
                return state.FindTask(heartbeat.Task) is not null && _waits.TakeMissedHeartbeat(heartbeat.Task, now)
                    ? Turn(new HeartbeatMissed(now, heartbeat.Task), commit)
                    : MailAnswer.TaskGone;
            case OutcomeMail outcome:
                _waits.EffectEnded(outcome.Task);
                return state.FindTask(outcome.Task) is { Taken: false } ? TakeOutcome(outcome.Task, outcome.Stimulus, commit) : MailAnswer.TaskGone;
            case ReportMail report:
                return TakeReport(report, state, now, commit);
            case TakeMail take:
                return TakeActivity(take, state, now, commit);
            case ChildMail child:
                commit.Settle(child.ChildNumber, child.Task);
                return state.FindTask(child.Task) is OpenTask parent
                    ? TakeOutcome(child.Task, ChildOutcomes.OutcomeOf(child, parent, now), commit)
                    : MailAnswer.TaskGone;
            case StopMail { GivenUpBy: CommandId starter } when _header.Parent?.Task != starter:
                return MailAnswer.TaskGone;
            case StopMail stop:
                return Turn(new StopRequested(now, stop.Error, stop.Cause), commit);
            case UpdateMapRunMail update:
                return state.MapRun is { } progress
                    ? Turn(new MapRunUpdated(now, update.Change.Apply(progress.Settings)), commit)
                    : MailAnswer.Ended;
            case RedriveMail redrive:
                return Redrive(redrive, now, commit);
            case RedrivePartMail part:
                return RedrivePart(part, now, commit);
            case ContinueMail:
                return _waits.TakeContinue() ? Turn(new Continued(now), commit) : MailAnswer.TaskGone;
            case ParkMail:
                Park(commit, now);
                return MailAnswer.Accepted;
            case WakeMail:
                return MailAnswer.Accepted;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Adds what has to be written beside the turns: the end, or a snapshot, or that the execution is in memory again.</summary>
    public void Complete(TurnCommit commit)
    {
        if (commit.Next is not { } next)
        {
            return;
        }

        if (next.Status != ExecutionStatus.Running)
        {
            // A redrive goes on from the snapshot, and needs one where an earlier redrive has changed the revision.
            bool succeeded = next.Status == ExecutionStatus.Succeeded;
            if (commit.Reopening is not null && !succeeded)
            {
                commit.Save(Snapshot.Of(next, _transitions, []));
            }

            commit.EndWith(new ExecutionEnd(
                next.Status, next.Time, _transitions, _snapshots.HasSnapshot && succeeded, _header.Revision.HasActivities, _header.Parent));
            commit.Publish(_header, next.Status, next.Time, next);
            return;
        }

        if (_storedAsParked && !commit.Parks)
        {
            commit.Unpark();
        }

        if (!commit.Parks && (commit.Reopening is not null || _snapshots.IsDue(commit.Bytes)))
        {
            commit.Save(Snapshot.Of(next, _transitions, _waits.Heartbeats));
        }
    }

    /// <summary>The commit is durable and the execution goes on: swaps the state in, answers, and carries the commands out.</summary>
    public void Advance(TurnCommit commit, ExecutionActor actor)
    {
        _snapshots.Committed(commit);
        if (commit.Next is { } next)
        {
            _state = next;
            _storedAsParked = false;
            _runtime.Changes.Publish(_header.Key, next.LastEventId);
        }

        if (commit.Opens && _header.IsCounted)
        {
            _runtime.OpenCounts.Opened(TenantNumber);
        }

        if (commit.Parks)
        {
            // Mail arrived while it was being parked: it stays, though the store has it as parked.
            _storedAsParked = true;
        }

        Answer(commit);
        foreach (Command command in commit.Commands)
        {
            _waits.CarryOut(command, actor, _state.Identity);
        }

        ActivityOffering.Offer(_runtime, _header, _state, commit, actor);
        foreach (CommandId task in commit.TasksToWatch)
        {
            if (_state.FindTask(task)?.Command.HeartbeatSeconds is long heartbeatSeconds)
            {
                _waits.Watch(task, heartbeatSeconds, actor);
            }
        }

        _runtime.Children.Stop(Number, commit.ChildrenToStop);
        TurnReport.Tell(_runtime.Telemetry, Key, commit);
    }

    /// <summary>The last turn is durable.</summary>
    public void Finish(TurnCommit commit)
    {
        _waits.CancelAll();
        if (!commit.Opens && _header.IsCounted)
        {
            _runtime.OpenCounts.Closed(TenantNumber);
        }

        if (commit.Next is { } last)
        {
            _runtime.Changes.Publish(_header.Key, last.LastEventId);
        }

        Answer(commit);
        _runtime.Children.Stop(Number, commit.ChildrenToStop);
        if (_header.Parent is { Waits: true })
        {
            _runtime.Children.Ended(Number);
        }

        TurnReport.Tell(_runtime.Telemetry, Key, commit);
    }

    /// <summary>The execution is parked and leaves memory.</summary>
    public void Parked(TurnCommit commit)
    {
        _waits.CancelAll();
        Answer(commit);
        if (commit.WakeAt is long wakeAt)
        {
            _runtime.Wakes.Parked(Number, wakeAt);
        }
    }

    /// <summary>Carries out again whatever was commanded and not answered before the execution was loaded.</summary>
    public void Resume(ExecutionActor actor)
    {
        foreach (Command command in _state.OutstandingCommands())
        {
            _waits.CarryOut(command, actor, _state.Identity);
            if (command is InvokeTask { Resource.Kind: ResourceKind.Activity } task
                && _state.FindTask(task.Id) is { Taken: false }
                && !ActivityQueues.WasOffered(_runtime.Store, Number, task.Id))
            {
                // Its activity did not exist when it was scheduled, and the process ended before that could be said.
                ActivityOffering.Refuse(_runtime, task, actor);
            }
        }

        _waits.ArmHeartbeats(actor);
    }

    /// <summary>Lets go of everything, as the execution is quarantined.</summary>
    public void Abandon() => _waits.CancelAll();

    private MailAnswer TakeReport(ReportMail mail, ExecutionState state, DateTimeOffset now, TurnCommit commit)
    {
        if (mail.Incarnation != state.Identity?.Incarnation || mail.Task.Ordinal > state.LastCommandId)
        {
            return MailAnswer.TaskUnknown;
        }

        if (state.FindTask(mail.Task) is null)
        {
            return MailAnswer.TaskGone;
        }

        if (mail.Report.ToOutcome(mail.Task, now) is { } outcome)
        {
            return TakeOutcome(mail.Task, outcome, commit);
        }

        _waits.HeartbeatArrived(mail.Task, now);
        return MailAnswer.Accepted;
    }

    private MailAnswer TakeActivity(TakeMail take, ExecutionState state, DateTimeOffset now, TurnCommit commit)
    {
        if (state.FindTask(take.Task) is not OpenTask task)
        {
            return MailAnswer.TaskGone;
        }

        if (task.Taken)
        {
            return MailAnswer.AlreadyTaken;
        }

        take.Taken = task;
        commit.Withdraw(take.Task);
        commit.TasksToWatch.Add(take.Task);
        return Turn(new ActivityTaken(now, take.Task, take.WorkerName), commit);
    }

    private MailAnswer TakeOutcome(CommandId task, Stimulus stimulus, TurnCommit commit)
    {
        if (stimulus is TaskSubmitted)
        {
            commit.TasksToWatch.Add(task);
        }
        else
        {
            _waits.Unwatch(task);
        }

        return Turn(stimulus, commit);
    }

    private MailAnswer Turn(Stimulus stimulus, TurnCommit commit)
    {
        ExecutionState before = commit.Next ?? _state;
        if (before.Status != ExecutionStatus.Running && stimulus is not Redriven)
        {
            return MailAnswer.Ended;
        }

        Decision decision = TurnReport.Decide(_runtime, _header, before, stimulus, commit);
        foreach (Command command in decision.Commands)
        {
            Prepare(command, before, commit);
        }

        _transitions += Transitions.CountIn(decision.Events);
        commit.AddTurn(stimulus, decision);
        return MailAnswer.Accepted;
    }

    /// <summary>What a command needs in the same commit as the turn that gave it.</summary>
    private void Prepare(Command command, ExecutionState before, TurnCommit commit)
    {
        if (command is InvokeTask { Resource.Kind: ResourceKind.Activity } offered)
        {
            if (_runtime.ActivityExists(TenantNumber, offered.Resource.Action))
            {
                commit.Offer(offered.Resource.Action, offered.Id);
            }
            else
            {
                commit.RefusedOffers.Add(offered);
            }
        }
        else if (command is CancelTask cancelled && before.FindTask(cancelled.Task) is OpenTask task)
        {
            if (task.Command.Resource.Kind == ResourceKind.Activity)
            {
                commit.Withdraw(cancelled.Task);
            }
            else if (NestedExecutionReport.IsAwaited(task.Command.Resource))
            {
                commit.ChildrenToStop.Add(cancelled.Task);
            }
        }
    }

    private void Park(TurnCommit commit, DateTimeOffset now)
    {
        // A turn in the same commit has commands to carry out; the next look at idle executions will find it again.
        if (commit.Next is not null || !IsIdle)
        {
            return;
        }

        long? wakeAt = _waits.EarliestDue();
        if (wakeAt is long due && due < (now + _runtime.Options.ParkAfter).UtcTicks)
        {
            return;
        }

        commit.Save(Snapshot.Of(_state, _transitions, _waits.Heartbeats));
        commit.Park(wakeAt);
    }

    private void Answer(TurnCommit commit)
    {
        if (commit.Acknowledgements.Count > 0)
        {
            _runtime.Trace?.Acknowledging(commit.Batch, _header.Key.Id);
        }

        commit.AnswerAll();
    }
}
