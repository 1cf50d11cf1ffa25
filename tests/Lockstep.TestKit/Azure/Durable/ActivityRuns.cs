namespace Lockstep.TestKit.Azure.Durable;

/// <summary>Runs activities as a host does whose workers die now and then: at least once each, with answers that get lost.</summary>
internal sealed class ActivityRuns(
    DurableFaults faults,
    SeededChance chance,
    DurableCost cost,
    Action<SimulatedInstance, int, DurableEvent> answer,
    Action<OrchestrationRuleException> broken)
{
    private const int MaxPayload = 512 * 1024;

    private readonly Dictionary<string, Func<string, CancellationToken, ValueTask<string>>> _activities = new(StringComparer.Ordinal);

    private readonly Lock _gate = new();
    private readonly List<OpenRun> _open = [];

    public Action<string, string>? OnActivity { get; set; }

    public Action<string, Exception>? OnActivityThrew { get; set; }

    public void Add(string name, Func<string, CancellationToken, ValueTask<string>> code) => _activities[name] = code;

    /// <summary>Runs an activity, at least once, and has its answer delivered.</summary>
    public void Run(SimulatedInstance instance, int generation, ActivityAction activity)
    {
        if (chance.Happens(faults.FailsBeforeEffect))
        {
            answer(instance, generation, new ActionFailed(activity.Id, "The worker died before the activity ran."));
            return;
        }

        ValueTask<string> first = RunOnce(instance, activity);
        if (chance.Happens(faults.RunsTwice))
        {
            // The answer of the first run got lost, or was only late.
            ValueTask<string> second = RunOnce(instance, activity);
            (first, second) = chance.Happens(0.5) ? (second, first) : (first, second);
            _ = Observe(second);
        }

        if (chance.Happens(faults.FailsAfterEffect))
        {
            _ = Observe(first);
            answer(instance, generation, new ActionFailed(activity.Id, "The worker died after the activity ran."));
            return;
        }

        if (first.IsCompleted)
        {
            Complete(instance, generation, activity, first);
        }
        else
        {
            var open = new OpenRun(instance, generation, activity);
            lock (_gate)
            {
                _open.Add(open);
            }

            // Within the completion itself, so that whoever waits for the activity finds its answer delivered.
            _ = first.AsTask().ContinueWith(
                run => CompleteLater(open, run),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    /// <summary>The worker has died: nobody hears of what is under way any more. Answers what has to be run again.</summary>
    public IReadOnlyList<OpenRun> Abandon()
    {
        lock (_gate)
        {
            OpenRun[] abandoned = [.. _open];
            _open.Clear();
            return abandoned;
        }
    }

    private bool Close(OpenRun open)
    {
        lock (_gate)
        {
            return _open.Remove(open);
        }
    }

    private static async Task Observe(ValueTask<string> run)
    {
        try
        {
            await run;
        }
        catch (Exception lost) when (lost is not OutOfMemoryException)
        {
            // Nobody gets to see how a run ended whose answer is lost.
        }
    }

    private ValueTask<string> RunOnce(SimulatedInstance instance, ActivityAction activity)
    {
        instance.Cost.Ran();
        cost.Ran();
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

    private void CompleteLater(OpenRun open, Task<string> run)
    {
        if (!Close(open))
        {
            return;
        }

        try
        {
            Complete(open.Instance, open.Generation, open.Activity, new ValueTask<string>(run));
        }
        catch (OrchestrationRuleException rule)
        {
            broken(rule);
        }
    }

    private void Complete(SimulatedInstance instance, int generation, ActivityAction activity, ValueTask<string> run)
    {
        string text;
        try
        {
            text = run.GetAwaiter().GetResult();
        }
        catch (Exception thrown) when (thrown is not OrchestrationRuleException)
        {
            OnActivityThrew?.Invoke(activity.Name, thrown);
            answer(instance, generation, new ActionFailed(activity.Id, $"{thrown.GetType().Name}: {thrown.Message}"));
            return;
        }

        RequireSize($"The answer of activity {activity.Name}", text);
        answer(instance, generation, new ActionAnswered(activity.Id, text));
    }

    /// <summary>Refuses what the real runtime has no room for.</summary>
    public static void RequireSize(string what, string text)
    {
        int size = System.Text.Encoding.UTF8.GetByteCount(text);
        if (size > MaxPayload)
        {
            throw new OrchestrationRuleException($"{what} has {size} bytes; {MaxPayload} are allowed.");
        }
    }

    /// <summary>An activity under way; a class, as the same activity may be under way twice.</summary>
    internal sealed class OpenRun(SimulatedInstance instance, int generation, ActivityAction activity)
    {
        public SimulatedInstance Instance => instance;

        public int Generation => generation;

        public ActivityAction Activity => activity;
    }
}
