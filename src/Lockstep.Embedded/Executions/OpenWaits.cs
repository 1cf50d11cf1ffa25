using System.Diagnostics;
using Lockstep.Asl.Resources;
using Lockstep.Engine;
using Lockstep.Engine.Commands;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Effects;
using Lockstep.Service.Telemetry;
using Lockstep.Service.Timers;

namespace Lockstep.Embedded.Executions;

/// <summary>What an execution in memory waits for: its timers, the effects under way, the heartbeats that are watched. None of it is durable; all
/// of it follows from the state.</summary>
internal sealed class OpenWaits(DriverRuntime runtime, ExecutionHeader header)
{
    private readonly Dictionary<CommandId, OpenTimer> _timers = [];
    private readonly Dictionary<CommandId, Effect> _effects = [];
    private readonly Dictionary<CommandId, HeartbeatWatch> _watches = [];
    private ExecutionTrace? _trace;
    private bool _continuePending;

    /// <summary>Whether an effect is under way or the next turn is already on its way.</summary>
    public bool HasWorkUnderWay => _effects.Count > 0 || _continuePending;

    /// <summary>The heartbeats that are watched.</summary>
    public IReadOnlyCollection<Heartbeat> Heartbeats => [.. _watches.Values.Select(watch => new Heartbeat(watch.Task, watch.Seconds, watch.DeadlineTicks))];

    /// <summary>Does what a command says, now that its turn is durable.</summary>
    /// <param name="command">The command.</param>
    /// <param name="actor">Who gets its outcome.</param>
    /// <param name="identity">Who the execution is; its calls join its trace.</param>
    public void CarryOut(Command command, ExecutionActor actor, ExecutionIdentity? identity)
    {
        switch (command)
        {
            case InvokeTask { Resource.Kind: ResourceKind.Activity }:
                // Offered to workers by the commit that scheduled it.
                break;
            case InvokeTask task:
                _trace ??= identity is null ? null : ExecutionTrace.Of(identity);
                var effect = new Effect(header, task, Deliver) { Trace = _trace };
                _effects.Add(task.Id, effect);
                runtime.Effects.Start(effect);
                break;
            case CancelTask cancel:
                Cancel(cancel.Task);
                break;
            case StartTimer timer:
                var open = new OpenTimer(actor, timer.Id);
                _timers.Add(timer.Id, open);
                runtime.Timers.Set(open, timer.Due);
                break;
            case CancelTimer cancel:
                if (_timers.Remove(cancel.Timer, out OpenTimer? cancelled))
                {
                    runtime.Timers.Cancel(cancelled);
                }

                break;
            case Continue:
                _continuePending = true;
                actor.TryPost(new ContinueMail(), inline: false);
                break;
            case Finish:
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Takes a timer that has fired; false when it is no longer waited for.</summary>
    public bool TakeTimer(CommandId timer) => _timers.Remove(timer);

    /// <summary>Takes the pending Continue; false when there is none.</summary>
    public bool TakeContinue()
    {
        bool pending = _continuePending;
        _continuePending = false;
        return pending;
    }

    /// <summary>An effect has ended.</summary>
    public void EffectEnded(CommandId task) => _effects.Remove(task);

    /// <summary>Watches the heartbeats of a task from now on.</summary>
    public void Watch(CommandId task, long seconds, ExecutionActor actor)
    {
        Restore(new Heartbeat(task, seconds, Deadline(runtime.Time.GetUtcNow(), seconds)));
        Arm(_watches[task], actor);
    }

    /// <summary>Takes over a heartbeat that was watched before the execution left memory.</summary>
    public void Restore(Heartbeat heartbeat) => _watches[heartbeat.Task] = new HeartbeatWatch(heartbeat.Task, heartbeat.Seconds, heartbeat.DeadlineTicks);

    /// <summary>Starts to watch what was restored.</summary>
    public void ArmHeartbeats(ExecutionActor actor)
    {
        foreach (HeartbeatWatch watch in _watches.Values)
        {
            Arm(watch, actor);
        }
    }

    /// <summary>A heartbeat has arrived.</summary>
    public void HeartbeatArrived(CommandId task, DateTimeOffset now)
    {
        if (_watches.TryGetValue(task, out HeartbeatWatch? watch))
        {
            watch.DeadlineTicks = Deadline(now, watch.Seconds);
        }
    }

    /// <summary>Whether a heartbeat is overdue, which then is no longer watched. One that arrived in time moves the watch.</summary>
    public bool TakeMissedHeartbeat(CommandId task, DateTimeOffset now)
    {
        if (!_watches.TryGetValue(task, out HeartbeatWatch? watch))
        {
            return false;
        }

        if (watch.DeadlineTicks > now.UtcTicks)
        {
            runtime.Timers.Set(watch, new DateTimeOffset(watch.DeadlineTicks, TimeSpan.Zero));
            return false;
        }

        return _watches.Remove(task);
    }

    /// <summary>The heartbeats of a task no longer count.</summary>
    public void Unwatch(CommandId task)
    {
        if (_watches.Remove(task, out HeartbeatWatch? watch))
        {
            runtime.Timers.Cancel(watch);
        }
    }

    /// <summary>When the first timer or heartbeat is due, in UTC ticks; null when there is none.</summary>
    public long? EarliestDue()
    {
        long earliest = long.MaxValue;
        foreach (OpenTimer timer in _timers.Values)
        {
            earliest = Math.Min(earliest, timer.DueTicks);
        }

        foreach (HeartbeatWatch watch in _watches.Values)
        {
            earliest = Math.Min(earliest, watch.DeadlineTicks);
        }

        return earliest == long.MaxValue ? null : earliest;
    }

    /// <summary>Waits for nothing any more.</summary>
    public void CancelAll()
    {
        foreach (OpenTimer timer in _timers.Values)
        {
            runtime.Timers.Cancel(timer);
        }

        foreach (HeartbeatWatch watch in _watches.Values)
        {
            runtime.Timers.Cancel(watch);
        }

        foreach (Effect effect in _effects.Values)
        {
            effect.Cancel();
        }

        _timers.Clear();
        _watches.Clear();
        _effects.Clear();
        _continuePending = false;
    }

    private void Deliver(CommandId task, Stimulus outcome) => runtime.Post(header.Number, new OutcomeMail(task, outcome), inline: true);

    private static long Deadline(DateTimeOffset from, long seconds) => from.UtcTicks + (seconds * TimeSpan.TicksPerSecond);

    private void Arm(HeartbeatWatch watch, ExecutionActor actor)
    {
        watch.Actor = actor;
        runtime.Timers.Set(watch, new DateTimeOffset(watch.DeadlineTicks, TimeSpan.Zero));
    }

    private void Cancel(CommandId task)
    {
        if (_effects.Remove(task, out Effect? effect))
        {
            effect.Cancel();
        }

        Unwatch(task);
        runtime.Activities.Withdraw(header.Number, task);
    }

    private sealed class OpenTimer(ExecutionActor actor, CommandId timer) : DueEntry
    {
        public override void Due() => actor.TryPost(new TimerMail(timer), inline: false);
    }

    private sealed class HeartbeatWatch(CommandId task, long seconds, long deadlineTicks) : DueEntry
    {
        public CommandId Task { get; } = task;

        public long Seconds { get; } = seconds;

        public long DeadlineTicks { get; set; } = deadlineTicks;

        public ExecutionActor? Actor { get; set; }

        public override void Due() => Actor?.TryPost(new HeartbeatMail(Task), inline: false);
    }
}

/// <summary>A heartbeat that is watched.</summary>
/// <param name="Task">The task.</param>
/// <param name="Seconds">Longest time between two heartbeats.</param>
/// <param name="DeadlineTicks">When the next one is overdue, in UTC ticks.</param>
internal readonly record struct Heartbeat(CommandId Task, long Seconds, long DeadlineTicks);
