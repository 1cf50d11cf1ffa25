using System.Diagnostics;
using Lockstep.Azure.Orchestration.Contracts;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Engine.Commands;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Executions;
using Lockstep.Service.Telemetry;

namespace Lockstep.Azure.Orchestration.Pump;

/// <summary>
/// Feeds the interpreter, and collects what it commands until somebody carries it out. What a later turn takes back before that never starts.
/// </summary>
internal sealed class Deciding(IOrchestration orchestration, PumpSetup setup, TurnLog log, RowTasks rows, OpenTimers timers, ExecutionState state)
{
    private readonly List<InvokeTask> _calls = [];
    private readonly List<StartTimer> _timers = [];
    private readonly List<(CommandId Task, DateTimeOffset Due)> _watches = [];

    /// <summary>The state after the last turn.</summary>
    public ExecutionState State { get; private set; } = state;

    /// <summary>Turns and transitions of this epoch.</summary>
    public long Steps { get; private set; }

    /// <summary>How the execution has ended; null while it runs.</summary>
    public Finish? Finished { get; private set; }

    /// <summary>Whether the turn before had spent its budget.</summary>
    public bool Continues { get; set; } = state.OutstandingCommands().OfType<Continue>().Any();

    /// <summary>Whether something was decided that has to be durable soon, although nothing starts.</summary>
    public bool IsPressing { get; private set; }

    /// <summary>Takes one thing in, if it still concerns anything.</summary>
    public void Take(Ready ready)
    {
        switch (ready)
        {
            case ReadyStimulus first:
                Turn(first.Stimulus);
                break;
            case ReadyOutcome outcome:
                TakeOutcome(outcome.Task, outcome.Outcome, wasReported: false);
                break;
            case ReadyItem item:
                TakeItem(item);
                break;
            case ReadyTimer timer when timers.Take(timer.Timer) is { } due:
                Turn(new TimerFired(orchestration.Now, timer.Timer), due);
                break;
            case ReadyTimer:
                break; // Cancelled since it fired.
            case ReadyMissedHeartbeat missed when State.FindTask(missed.Task) is not null:
                DateTimeOffset? beat = timers.HeartbeatDue(missed.Task);
                timers.Unwatch(missed.Task);
                Turn(new HeartbeatMissed(orchestration.Now, missed.Task), beat);
                break;
            case ReadyMissedHeartbeat:
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Calls that the turns have commanded and nobody has started, as far as they are still wanted.</summary>
    public IReadOnlyList<InvokeTask> TakeCalls()
    {
        InvokeTask[] wanted = [.. _calls.Where(call => State.FindTask(call.Id) is not null)];
        _calls.Clear();
        IsPressing = false;
        return wanted;
    }

    /// <summary>Puts calls that an epoch before this one has held back among those to start.</summary>
    public void Resume(IEnumerable<InvokeTask> held) => _calls.AddRange(held);

    /// <summary>Starts the timers that the turns have asked for; with <paramref name="isRolling"/> the next epoch does.</summary>
    public void StartTimers(bool isRolling)
    {
        foreach (StartTimer timer in isRolling ? [] : _timers)
        {
            timers.Start(timer.Id, timer.Due);
        }

        foreach ((CommandId task, DateTimeOffset due) in _watches)
        {
            timers.Watch(task, due);
        }

        _timers.Clear();
        _watches.Clear();
    }

    private void TakeItem(ReadyItem item)
    {
        log.Add(new RowChange { Taken = item.Id });
        IsPressing = true;
        switch (item.Stimulus)
        {
            case TaskSucceeded succeeded:
                TakeOutcome(succeeded.Task, succeeded, wasReported: true);
                break;
            case TaskFailed failed:
                TakeOutcome(failed.Task, failed, wasReported: true);
                break;
            case ActivityTaken taken:
                TakeOutcome(taken.Task, taken, wasReported: false);
                break;
            case StopRequested stop:
                Turn(stop);
                break;
            case MapRunUpdated update:
                Turn(update);
                break;
            case Redriven redriven:
                // It may have waited for an orchestration, and timeouts count from when the states are tried again.
                Turn(redriven with { Time = orchestration.Now });
                break;
            default:
                throw new InvalidOperationException($"The inbox holds {item.Stimulus.GetType().Name}, which nobody reports.");
        }
    }

    private void TakeOutcome(CommandId task, Stimulus outcome, bool wasReported)
    {
        if (wasReported)
        {
            rows.Settle(task);
        }

        if (State.FindTask(task) is not { } open)
        {
            return;
        }

        Turn(outcome);
        if (State.FindTask(task) is null)
        {
            Close(task);
        }
        else if (outcome is TaskSubmitted or ActivityTaken && open.Command.HeartbeatSeconds is long seconds && State.Status == ExecutionStatus.Running)
        {
            _watches.Add((task, State.Time.AddSeconds(seconds)));
        }
    }

    /// <summary>A task waits no longer: its row, if it has one that is still open, must take no report.</summary>
    private void Close(CommandId task)
    {
        timers.Unwatch(task);
        _watches.RemoveAll(watch => watch.Task == task);
        if (rows.Remove(task))
        {
            log.Add(new RowChange { Close = task.Ordinal });
        }
    }

    /// <param name="stimulus">What is taken in.</param>
    /// <param name="due">When the timer was due that fired; null when none has.</param>
    private void Turn(Stimulus stimulus, DateTimeOffset? due = null)
    {
        if (Finished is not null)
        {
            return;
        }

        List<StateVisit> ended = [];
        Decision decision = setup.Decide(setup.Machine, State, stimulus, setup.Tokens, ended);
        var facts = TurnFacts.Of(new ObservedTurn(State, stimulus, decision, ended));
        log.Add(stimulus, decision, TurnFactsMessage.Write(facts, orchestration.Now - due));
        Steps += 1 + Transitions.CountIn(decision.Events);
        State = decision.Next;
        foreach (Command command in decision.Commands)
        {
            Note(command);
        }
    }

    private void Note(Command command)
    {
        switch (command)
        {
            case InvokeTask call:
                _calls.Add(call);
                break;
            case CancelTask cancel:
                GiveUp(cancel.Task);
                break;
            case StartTimer timer:
                _timers.Add(timer);
                IsPressing = true;
                break;
            case CancelTimer cancel:
                _timers.RemoveAll(timer => timer.Id == cancel.Timer);
                timers.Cancel(cancel.Timer);
                break;
            case Continue:
                Continues = true;
                break;
            case Finish finish:
                Finished = finish;
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void GiveUp(CommandId task)
    {
        if (rows.Contains(task))
        {
            IsPressing = true;
            log.Add(new RowChange { GivenUp = task.Ordinal });
        }

        Close(task);
    }
}
