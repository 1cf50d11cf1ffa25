using Lockstep.Azure.Ports;
using Lockstep.TestKit.Time;

namespace Lockstep.TestKit.Azure.Durable;

/// <summary>
/// Durable Task in one thread and virtual time. Every event lets the orchestrator's code run again from its beginning with all that is recorded, so
/// code that is not deterministic, or awaits what its context did not make, fails loudly. Activities run at least once, Wakes get
/// lost, and what is open holds the end of an instance back, as on the real runtime.
/// </summary>
public sealed class SimulatedDurableHost(ManualTimeProvider time, DurableFaults? faults = null) : IOrchestrations
{
    private const int MaxPayload = 512 * 1024;

    private readonly DurableFaults _faults = faults ?? DurableFaults.None;
    private readonly SeededChance _chance = new((faults ?? DurableFaults.None).Seed);
    private readonly Dictionary<string, Func<IOrchestration, string, Task<string>>> _orchestrators = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Func<string, CancellationToken, ValueTask<string>>> _activities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SimulatedInstance> _instances = new(StringComparer.Ordinal);
    private readonly WorkQueue _work = new();
    private readonly Lock _gate = new();
    private readonly Lock _running = new();

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

    /// <summary>Called before each run of an activity with its name and input; a test may count, block or throw.</summary>
    public Action<string, string>? OnActivity { get; set; }

    /// <summary>When the next thing is due that waits for its time; null when nothing does.</summary>
    public DateTimeOffset? NextDue => _work.NextDue;

    /// <summary>Supplies an orchestrator.</summary>
    public void AddOrchestrator(string name, Func<IOrchestration, string, Task<string>> code) => _orchestrators[name] = code;

    /// <summary>Supplies an activity.</summary>
    public void AddActivity(string name, Func<string, CancellationToken, ValueTask<string>> code) => _activities[name] = code;

    /// <inheritdoc/>
    public ValueTask ScheduleAsync(OrchestrationStart start, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(start);
        RequireSize("The input of an orchestration", start.Input);
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

            int times = _chance.Happens(_faults.DuplicatesWake) ? 2 : 1;
            for (int i = 0; i < times; i++)
            {
                TimeSpan delay = _chance.Happens(_faults.DelaysWake) ? _chance.UpTo(_faults.LongestDelay) : TimeSpan.Zero;
                _work.Add(time.GetUtcNow() + delay, () => Raise(instanceId, generation: null, new WakeArrived()));
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
            while (_work.TryTake(time.GetUtcNow(), out Action? work))
            {
                work();
            }
        }
    }

    /// <summary>Moves the clock on, doing everything that becomes due on the way at its own time.</summary>
    public void Advance(TimeSpan by)
    {
        DateTimeOffset target = time.GetUtcNow() + by;
        Run();
        while (_work.NextDue is { } due && due <= target)
        {
            MoveTo(due);
            Run();
        }

        MoveTo(target);
        Run();
    }

    /// <summary>Moves the clock on from one thing that is due to the next until nothing waits any more, or for the longest time.</summary>
    public void RunToEnd(TimeSpan longest)
    {
        DateTimeOffset last = time.GetUtcNow() + longest;
        Run();
        while (_work.NextDue is { } due && due <= last)
        {
            MoveTo(due);
            Run();
        }
    }

    private void MoveTo(DateTimeOffset due)
    {
        TimeSpan step = due - time.GetUtcNow();
        if (step > TimeSpan.Zero)
        {
            time.Advance(step);
        }
    }

    private void Add(string id, string orchestrator, string input, (string Instance, int Action)? parent)
    {
        _instances[id] = new SimulatedInstance(id, orchestrator, input, parent);
        _work.Add(time.GetUtcNow(), () => Work(id));
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
            _work.Add(time.GetUtcNow(), () => Work(instanceId));
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
            _work.Add(time.GetUtcNow(), () => Work(instanceId));
            return;
        }

        List<DurableEvent> fresh = [];
        lock (_gate)
        {
            int take = _faults.Batches > 0 ? instance.Pending.Count : 1;
            for (int i = 0; i < take; i++)
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

        instance.Cost.Episode(replayed);
        Cost.Episode(replayed);
        var began = new EpisodeBegan(time.GetUtcNow());
        instance.History.Add(began);
        episode.Begin(began.Time);
        foreach (DurableEvent happened in fresh)
        {
            if (happened is TimerElapsed elapsed && episode.CancelledTimers.Contains(elapsed.Action))
            {
                continue;
            }

            instance.Cost.Recorded(happened);
            Cost.Recorded(happened);
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
            instance.Cost.Scheduled(action);
            Cost.Scheduled(action);
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
        instance.Cost.RolledOver();
        Cost.RolledOver();
        lock (_gate)
        {
            DurableEvent[] arrived = [.. instance.Pending.Where(pending => pending is WakeArrived)];
            instance.Generation++;
            instance.History.Clear();
            instance.CancelledTimers.Clear();
            instance.Pending.Clear();
            instance.HasReturned = false;
            instance.Pending.Enqueue(new InstanceStarted(input));
            int kept = _faults.LosesUnreadWakes && _faults.LosesWake > 0 ? 0 : unreadWakes + arrived.Length;
            for (int i = 0; i < kept; i++)
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
            _work.Add(time.GetUtcNow(), () => Work(instance.Id));
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
                _work.Add(time.GetUtcNow(), () => RunActivity(instance, generation, activity));
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

    private void RunActivity(SimulatedInstance instance, int generation, ActivityAction activity)
    {
        if (_chance.Happens(_faults.FailsBeforeEffect))
        {
            Answer(instance, generation, new ActionFailed(activity.Id, "The worker died before the activity ran."));
            return;
        }

        ValueTask<string> first = RunOnce(instance, activity);
        if (_chance.Happens(_faults.RunsTwice))
        {
            // The answer of the first run got lost, or was only late.
            ValueTask<string> second = RunOnce(instance, activity);
            (first, second) = _chance.Happens(0.5) ? (second, first) : (first, second);
            _ = Observe(second);
        }

        if (_chance.Happens(_faults.FailsAfterEffect))
        {
            _ = Observe(first);
            Answer(instance, generation, new ActionFailed(activity.Id, "The worker died after the activity ran."));
            return;
        }

        if (first.IsCompleted)
        {
            Complete(instance, generation, activity, first);
        }
        else
        {
            Task<string> running = first.AsTask();
            running.GetAwaiter().OnCompleted(() => Complete(instance, generation, activity, new ValueTask<string>(running)));
        }
    }

    private static async Task Observe(ValueTask<string> answer)
    {
        try
        {
            await answer;
        }
        catch (Exception lost) when (lost is not OutOfMemoryException)
        {
            // Nobody gets to see how a run ended whose answer is lost.
        }
    }

    private ValueTask<string> RunOnce(SimulatedInstance instance, ActivityAction activity)
    {
        instance.Cost.Ran();
        Cost.Ran();
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            OnActivity?.Invoke(activity.Name, activity.Input);
            return _activities[activity.Name](activity.Input, CancellationToken.None);
        }
        catch (Exception thrown) when (thrown is not OrchestrationRuleException)
        {
            return ValueTask.FromException<string>(thrown);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private void Complete(SimulatedInstance instance, int generation, ActivityAction activity, ValueTask<string> answer)
    {
        string text;
        try
        {
            text = answer.GetAwaiter().GetResult();
        }
        catch (Exception thrown) when (thrown is not OrchestrationRuleException)
        {
            Answer(instance, generation, new ActionFailed(activity.Id, $"{thrown.GetType().Name}: {thrown.Message}"));
            return;
        }

        RequireSize($"The answer of activity {activity.Name}", text);
        Answer(instance, generation, new ActionAnswered(activity.Id, text));
    }

    private void Answer(SimulatedInstance instance, int generation, DurableEvent happened)
    {
        TimeSpan delay = _chance.Happens(_faults.Delays) ? _chance.UpTo(_faults.LongestDelay) : TimeSpan.Zero;
        _work.Add(time.GetUtcNow() + delay, () => Raise(instance.Id, generation, happened));
    }

    private static void RequireSize(string what, string text)
    {
        int size = System.Text.Encoding.UTF8.GetByteCount(text);
        if (size > MaxPayload)
        {
            throw new OrchestrationRuleException($"{what} has {size} bytes; {MaxPayload} are allowed.");
        }
    }
}
