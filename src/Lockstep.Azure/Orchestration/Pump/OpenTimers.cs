using Lockstep.Azure.Ports;
using Lockstep.Engine;

namespace Lockstep.Azure.Orchestration.Pump;

/// <summary>The durable timers of an execution: those that the interpreter has asked for, and the watches over heartbeats.</summary>
internal sealed class OpenTimers(IOrchestration orchestration, DurableCalls calls)
{
    private readonly List<OpenTimer> _timers = [];

    /// <summary>What completes when one of them fires.</summary>
    public IEnumerable<Task> Tasks => _timers.Where(timer => !timer.IsTaken).Select(timer => timer.Timer.Fired);

    /// <summary>Starts a timer that the interpreter has asked for.</summary>
    public void Start(CommandId timer, DateTimeOffset due) => Add(timer, null, due);

    /// <summary>Watches the heartbeats of a task.</summary>
    public void Watch(CommandId task, DateTimeOffset due)
    {
        Unwatch(task);
        Add(null, task, due);
    }

    /// <summary>Takes a timer that is to reach the interpreter, and says when it was due; null when it was cancelled.</summary>
    public DateTimeOffset? Take(CommandId timer)
    {
        DateTimeOffset? due = _timers.Find(open => open.Id == timer)?.Due;
        _timers.RemoveAll(open => open.Id == timer);
        return due;
    }

    /// <summary>The timer is no longer needed.</summary>
    public void Cancel(CommandId timer) => Remove(open => open.Id == timer);

    /// <summary>The heartbeats of a task no longer count.</summary>
    public void Unwatch(CommandId task) => Remove(open => open.Watched == task);

    /// <summary>Nothing is waited for any more.</summary>
    public void CancelAll() => Remove(_ => true);

    /// <summary>When the heartbeat of a task is looked after; null when it is not watched.</summary>
    public DateTimeOffset? HeartbeatDue(CommandId task) => _timers.Find(open => open.Watched == task)?.Due;

    /// <summary>
    /// Timers that have fired since the last time: the interpreter's, which stay here until <see cref="Take"/>, and the tasks whose heartbeats are due.
    /// </summary>
    public IReadOnlyList<(CommandId? Timer, CommandId? Heartbeat)> Collect()
    {
        List<(CommandId? Timer, CommandId? Heartbeat)> fired = [];
        foreach (OpenTimer open in _timers)
        {
            if (!open.IsTaken && open.Timer.Fired.IsCompleted)
            {
                open.IsTaken = true;
                fired.Add((open.Id, open.Watched));
            }
        }

        return fired;
    }

    private void Add(CommandId? id, CommandId? watched, DateTimeOffset due)
    {
        calls.Count();
        _timers.Add(new OpenTimer(id, watched, due, orchestration.StartTimer(due)));
    }

    private void Remove(Predicate<OpenTimer> which)
    {
        foreach (OpenTimer open in _timers)
        {
            if (which(open) && !open.IsTaken)
            {
                open.Timer.Cancel();
            }
        }

        _timers.RemoveAll(which);
    }

    private sealed class OpenTimer(CommandId? id, CommandId? watched, DateTimeOffset due, IOrchestrationTimer timer)
    {
        public CommandId? Id => id;

        public CommandId? Watched => watched;

        public DateTimeOffset Due => due;

        public IOrchestrationTimer Timer => timer;

        public bool IsTaken { get; set; }
    }
}
