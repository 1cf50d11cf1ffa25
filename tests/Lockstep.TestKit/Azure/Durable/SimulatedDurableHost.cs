using Lockstep.Azure.Ports;
using Lockstep.TestKit.Time;

namespace Lockstep.TestKit.Azure.Durable;

/// <summary>
/// Durable Task in one thread and virtual _time. Every event lets the orchestrator's code run again from its beginning with all that is recorded, so
/// code that is not deterministic, or awaits what its context did not make, fails loudly. Activities run at least once, Wakes get
/// lost, and what is open holds the end of an instance back, as on the real runtime.
/// </summary>
public sealed partial class SimulatedDurableHost : IOrchestrations
{
    private const int MaxWorkAtOnce = 1_000_000;

    private readonly ManualTimeProvider _time;
    private readonly DurableFaults _faults;
    private readonly SeededChance _chance;
    private readonly ActivityRuns _runs;
    private readonly Dictionary<string, Func<IOrchestration, string, Task<string>>> _orchestrators = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SimulatedInstance> _instances = new(StringComparer.Ordinal);
    private readonly WorkQueue _work = new();
    private readonly Lock _gate = new();
    private readonly Lock _running = new();

    /// <summary>A host without orchestrations.</summary>
    /// <param name="time">The clock, which the host moves.</param>
    /// <param name="faults">What goes wrong; null for nothing.</param>
    public SimulatedDurableHost(ManualTimeProvider time, DurableFaults? faults = null)
    {
        _time = time;
        _faults = faults ?? DurableFaults.None;
        _chance = new SeededChance(_faults.Seed);
        _runs = new ActivityRuns(_faults, _chance, Cost, Answer, Break);
    }

    /// <summary>The orchestrator that <see cref="ScheduleAsync"/> starts.</summary>
    public string EntryPoint { get; init; } = "Execution";

    /// <summary>Whether replays must give equal inputs too; the real runtime compares kinds and names of actions only.</summary>
    public bool ComparesInputs { get; set; } = true;

    /// <summary>Whether a failed instance fails the test at once, by an exception of <see cref="Run"/>.</summary>
    public bool ThrowsOnFailure { get; set; } = true;

    /// <summary>What all instances have cost.</summary>
    public DurableCost Cost { get; } = new();

    /// <summary>Every instance, by id.</summary>
    public IReadOnlyDictionary<string, SimulatedInstance> Instances => _instances;

    /// <summary>Called before each run of an activity; a test may count, block or throw.</summary>
    public Action<string, string>? OnActivity { get => _runs.OnActivity; set => _runs.OnActivity = value; }

    /// <summary>Called when an activity's own code has thrown; a test that expects none may throw <see cref="OrchestrationRuleException"/>.</summary>
    public Action<string, Exception>? OnActivityThrew { get => _runs.OnActivityThrew; set => _runs.OnActivityThrew = value; }

    /// <summary>When the next thing is due that waits for its time; null when nothing does.</summary>
    public DateTimeOffset? NextDue => _work.NextDue;

    /// <summary>Supplies an orchestrator.</summary>
    public void AddOrchestrator(string name, Func<IOrchestration, string, Task<string>> code) => _orchestrators[name] = code;

    /// <summary>Supplies an activity.</summary>
    public void AddActivity(string name, Func<string, CancellationToken, ValueTask<string>> code) => _runs.Add(name, code);

    /// <inheritdoc/>
    public ValueTask ScheduleAsync(OrchestrationStart start, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(start);
        ActivityRuns.RequireSize("The input of an orchestration", start.Input);
        lock (_gate)
        {
            if (!_instances.ContainsKey(start.InstanceId))
            {
                Add(start.InstanceId, EntryPoint, start.Input, null);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask WakeAsync(string instanceId, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_chance.Happens(_faults.LosesWake))
            {
                return ValueTask.CompletedTask;
            }

            for (int times = _chance.Happens(_faults.DuplicatesWake) ? 2 : 1; times > 0; times--)
            {
                TimeSpan delay = _chance.Happens(_faults.DelaysWake) ? _chance.UpTo(_faults.LongestDelay) : TimeSpan.Zero;
                _work.Add(_time.GetUtcNow() + delay, () => Raise(instanceId, generation: null, new WakeArrived()));
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> IsRunningAsync(string instanceId, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(_instances.TryGetValue(instanceId, out SimulatedInstance? instance) && instance.Status == InstanceStatus.Running);
        }
    }

    /// <inheritdoc/>
    public ValueTask PurgeAsync(string instanceId, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_instances.TryGetValue(instanceId, out SimulatedInstance? instance) && instance.Status != InstanceStatus.Running)
            {
                _instances.Remove(instanceId);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Does everything that is due now.</summary>
    /// <exception cref="OrchestrationRuleException">An instance failed (<see cref="ThrowsOnFailure"/>).</exception>
    public void Run()
    {
        lock (_running)
        {
            for (int done = 0; _work.TryTake(_time.GetUtcNow(), out Action? work); done++)
            {
                if (done == MaxWorkAtOnce)
                {
                    throw new OrchestrationRuleException($"{done} pieces of work at one moment: something goes on for ever.");
                }

                work();
            }
        }
    }

    /// <summary>Moves the clock on, doing everything that becomes due on the way at its own _time.</summary>
    public void Advance(TimeSpan by)
    {
        DateTimeOffset target = _time.GetUtcNow() + by;
        RunToEnd(by);
        MoveTo(target);
        Run();
    }

    /// <summary>Moves the clock on from one thing that is due to the next until nothing waits any more, or for the longest _time.</summary>
    public void RunToEnd(TimeSpan longest)
    {
        DateTimeOffset last = _time.GetUtcNow() + longest;
        Run();
        while (_work.NextDue is { } due && due <= last)
        {
            MoveTo(due);
            Run();
        }
    }

    private void Count(SimulatedInstance instance, Action<DurableCost> count)
    {
        count(instance.Cost);
        count(Cost);
    }

    private void MoveTo(DateTimeOffset due)
    {
        TimeSpan step = due - _time.GetUtcNow();
        _time.Advance(step > TimeSpan.Zero ? step : TimeSpan.Zero);
    }

    private void Add(string id, string orchestrator, string input, (string Instance, int Action)? parent)
    {
        _instances[id] = new SimulatedInstance(id, orchestrator, input, parent) { Generation = _added++ * GenerationsEach };
        _work.Add(_time.GetUtcNow(), () => Work(id));
    }

    /// <summary>An event has arrived at an instance.</summary>
    private void Raise(string instanceId, int? generation, DurableEvent happened)
    {
        lock (_gate)
        {
            // An answer for a generation that has continued as new can no longer arrive: continuing waits for what is open.
            if (!_instances.TryGetValue(instanceId, out SimulatedInstance? instance) || instance.Status != InstanceStatus.Running
                || (generation is int asked && asked != instance.Generation))
            {
                return;
            }

            instance.Pending.Enqueue(happened);
            _work.Add(_time.GetUtcNow(), () => Work(instanceId));
        }
    }

    /// <summary>One episode of an instance.</summary>
    private void Work(string instanceId)
    {
        if (!_instances.TryGetValue(instanceId, out SimulatedInstance? instance) || instance.Status != InstanceStatus.Running || instance.Pending.Count == 0)
        {
            return;
        }

        if (_chance.Happens(_faults.Batches))
        {
            // Later than what is due now, so that more may come together.
            _work.Add(_time.GetUtcNow(), () => Work(instanceId));
            return;
        }

        List<DurableEvent> fresh = [];
        lock (_gate)
        {
            for (int take = _faults.Batches > 0 ? instance.Pending.Count : 1; take > 0; take--)
            {
                fresh.Add(instance.Pending.Dequeue());
            }
        }

        try
        {
            RunEpisode(instance, fresh);
        }
        catch (OrchestrationRuleException broken)
        {
            Fail(instance, broken);
        }
    }

    private void RunEpisode(SimulatedInstance instance, List<DurableEvent> fresh)
    {
        var episode = new OrchestrationEpisode(instance.Id, _orchestrators[instance.Orchestrator], ComparesInputs);
        int replayed = 0;
        foreach (DurableEntry entry in instance.History)
        {
            replayed += episode.Replay(entry) ? 1 : 0;
        }

        Count(instance, cost => cost.Episode(replayed));
        var began = new EpisodeBegan(_time.GetUtcNow());
        instance.History.Add(began);
        episode.Begin(began.Time);
        foreach (DurableEvent happened in fresh)
        {
            if (happened is TimerElapsed elapsed && episode.CancelledTimers.Contains(elapsed.Action))
            {
                continue;
            }

            Count(instance, cost => cost.Recorded(happened));
            instance.History.Add(happened);
            episode.Deliver(happened);
        }

        Settle(instance, episode);
    }

    private void Settle(SimulatedInstance instance, OrchestrationEpisode episode)
    {
        IReadOnlyList<DurableAction> actions = episode.TakeActions();
        instance.History.Add(new ActionsTaken(actions));
        instance.Shown = episode.Shown ?? instance.Shown;
        instance.CancelledTimers.UnionWith(episode.CancelledTimers);
        foreach (DurableAction action in actions)
        {
            Count(instance, cost => cost.Scheduled(action));
            Start(instance, action);
        }

        instance.HasReturned = episode.HasReturned;
        if (!episode.HasReturned || episode.IsHeldBack)
        {
            ContinueIfPending(instance);
            return;
        }

        End(instance, episode);
    }

    private void End(SimulatedInstance instance, OrchestrationEpisode episode)
    {
        string answer;
        try
        {
            answer = episode.Answer;
        }
        catch (Exception thrown) when (thrown is not OrchestrationRuleException)
        {
            throw new OrchestrationRuleException($"{instance.Id} has thrown: {thrown.Message}", thrown);
        }

        if (episode.ContinuedWith is { } input)
        {
            Continue(instance, input, episode.UnreadWakes);
            return;
        }

        instance.Status = InstanceStatus.Completed;
        instance.Outcome = answer;
        AnswerParent(instance, action => new ActionAnswered(action, answer));
    }

    private void Continue(SimulatedInstance instance, string input, int unreadWakes)
    {
        Count(instance, cost => cost.RolledOver());
        lock (_gate)
        {
            DurableEvent[] arrived = [.. instance.Pending.Where(pending => pending is WakeArrived)];
            instance.Generation++;
            instance.History.Clear();
            instance.CancelledTimers.Clear();
            instance.Pending.Clear();
            instance.HasReturned = false;
            instance.Pending.Enqueue(new InstanceStarted(input));
            for (int kept = _faults.LosesUnreadWakes && _faults.LosesWake > 0 ? 0 : unreadWakes + arrived.Length; kept > 0; kept--)
            {
                instance.Pending.Enqueue(new WakeArrived());
            }
        }

        ContinueIfPending(instance);
    }

    private void ContinueIfPending(SimulatedInstance instance)
    {
        if (instance.Pending.Count > 0)
        {
            _work.Add(_time.GetUtcNow(), () => Work(instance.Id));
        }
    }

    private void Fail(SimulatedInstance instance, OrchestrationRuleException broken)
    {
        instance.Status = InstanceStatus.Failed;
        instance.Outcome = broken.Message;
        AnswerParent(instance, action => new ActionFailed(action, broken.Message));
        if (ThrowsOnFailure)
        {
            throw new OrchestrationRuleException(broken.Message, broken);
        }
    }

    private void AnswerParent(SimulatedInstance instance, Func<int, DurableEvent> answer)
    {
        if (instance.Parent is (string parent, int action))
        {
            Raise(parent, generation: null, answer(action));
        }
    }

    private void Start(SimulatedInstance instance, DurableAction action)
    {
        int generation = instance.Generation;
        switch (action)
        {
            case ActivityAction activity:
                _work.Add(_time.GetUtcNow(), () => _runs.Run(instance, generation, activity));
                break;
            case TimerAction timer:
                _work.Add(
                    timer.Due,
                    () => Raise(instance.Id, generation, new TimerElapsed(timer.Id)),
                    isDead: () => instance.Status != InstanceStatus.Running || instance.Generation != generation || instance.CancelledTimers.Contains(timer.Id));
                break;
            case ChildAction child:
                lock (_gate)
                {
                    Add(child.InstanceId, child.Name, child.Input, (instance.Id, child.Id));
                }

                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private void Answer(SimulatedInstance instance, int generation, DurableEvent happened)
    {
        TimeSpan delay = _chance.Happens(_faults.Delays) ? _chance.UpTo(_faults.LongestDelay) : TimeSpan.Zero;
        _work.Add(_time.GetUtcNow() + delay, () => Raise(instance.Id, generation, happened));
    }

    /// <summary>Has <see cref="Run"/> throw what was found while it did not run.</summary>
    private void Break(OrchestrationRuleException broken) =>
        _work.Add(_time.GetUtcNow(), () => throw new OrchestrationRuleException(broken.Message, broken));
}
