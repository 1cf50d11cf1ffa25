namespace Lockstep.TestKit.Azure.Durable;

/// <summary>What an instance, or all of them, has cost so far; nothing is subtracted when an orchestration continues as new.</summary>
public sealed class DurableCost
{
    /// <summary>Episodes: times that the orchestrator's code was run from its beginning.</summary>
    public long Episodes { get; private set; }

    /// <summary>Recorded events that were fed to the code again, over all episodes.</summary>
    public long ReplayedEvents { get; private set; }

    /// <summary>Activities that were scheduled; repetitions by the host do not count.</summary>
    public long Activities { get; private set; }

    /// <summary>Times that an activity's code was run.</summary>
    public long ActivityRuns { get; private set; }

    /// <summary>Timers that were started.</summary>
    public long Timers { get; private set; }

    /// <summary>Child orchestrations that were started.</summary>
    public long Children { get; private set; }

    /// <summary>Wakes that arrived.</summary>
    public long Wakes { get; private set; }

    /// <summary>Times that an orchestration continued as new.</summary>
    public long Rollovers { get; private set; }

    /// <summary>Characters of inputs and answers that went into histories.</summary>
    public long StoredBytes { get; private set; }

    internal void Episode(int replayedEvents)
    {
        Episodes++;
        ReplayedEvents += replayedEvents;
    }

    internal void Recorded(DurableEvent recorded)
    {
        StoredBytes += recorded.Bytes;
        Wakes += recorded is WakeArrived ? 1 : 0;
    }

    internal void Scheduled(DurableAction action)
    {
        StoredBytes += action.Bytes;
        switch (action)
        {
            case ActivityAction:
                Activities++;
                break;
            case TimerAction:
                Timers++;
                break;
            case ChildAction:
                Children++;
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    internal void Ran() => ActivityRuns++;

    internal void RolledOver() => Rollovers++;
}
