namespace Lockstep.TestKit.Azure.Durable;

/// <content>What gets lost: workers, and task hubs.</content>
public sealed partial class SimulatedDurableHost
{
    /// <summary>Tells the generations of two instances of one id apart.</summary>
    private const int GenerationsEach = 100_000;

    private int _added;

    /// <summary>The worker has died: whatever activities it had under way are handed to the next one, as nobody has answered them.</summary>
    public void AbandonActivities()
    {
        foreach (ActivityRuns.OpenRun open in _runs.Abandon())
        {
            _work.Add(_time.GetUtcNow(), () => _runs.Run(open.Instance, open.Generation, open.Activity));
        }
    }

    /// <summary>The task hub is gone for good, with every instance, its history and whatever waits; the next one is empty.</summary>
    public void LoseEverything()
    {
        lock (_gate)
        {
            _runs.Abandon();
            _work.Clear();
            _instances.Clear();
        }
    }
}
