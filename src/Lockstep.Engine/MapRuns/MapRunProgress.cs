namespace Lockstep.Engine.MapRuns;

/// <summary>How far a map run is.</summary>
/// <param name="Settings">What it runs under now.</param>
/// <param name="Items">Its items.</param>
/// <param name="Executions">Its children.</param>
public sealed record MapRunProgress(MapRunSettings Settings, MapRunCounts Items, MapRunCounts Executions)
{
    /// <summary>The same once the map run is over.</summary>
    internal MapRunProgress Over() => this with { Items = Items.Over(), Executions = Executions.Over() };
}

/// <summary>How many items or children of a map run are in which state (Step Functions, MapRunItemCounts and MapRunExecutionCounts).</summary>
/// <param name="Pending">Read and not begun, as far as is known.</param>
/// <param name="Running">Begun and not ended.</param>
/// <param name="Succeeded">Ended well.</param>
/// <param name="Failed">Failed.</param>
/// <param name="TimedOut">Timed out.</param>
/// <param name="Aborted">Stopped, or never begun because the map run ended before.</param>
/// <param name="ResultsWritten">Results that the ResultWriter has written.</param>
public sealed record MapRunCounts(long Pending, long Running, long Succeeded, long Failed, long TimedOut, long Aborted, long ResultsWritten)
{
    /// <summary>Nothing yet.</summary>
    public static MapRunCounts None { get; } = new(0, 0, 0, 0, 0, 0, 0);

    /// <summary>Failed before a redrive, and wait for it to come to them.</summary>
    public long FailedBefore { get; init; }

    /// <summary>Timed out before a redrive, and wait for it to come to them.</summary>
    public long TimedOutBefore { get; init; }

    /// <summary>Stopped before a redrive, and wait for it to come to them.</summary>
    public long AbortedBefore { get; init; }

    /// <summary>Of those that failed, how many a redrive could not redrive.</summary>
    public long FailuresNotRedrivable { get; init; }

    /// <summary>Those that did not succeed before a redrive, and wait for it to come to them.</summary>
    public long PendingRedrive => FailedBefore + TimedOutBefore + AbortedBefore;

    /// <summary>All that are known of.</summary>
    public long Total => Pending + Running + Succeeded + Failed + TimedOut + Aborted + PendingRedrive;

    /// <summary>Those that did not succeed.</summary>
    public long Unsuccessful => Failed + TimedOut + Aborted;

    /// <summary>The counts once the map run is over: what was still under way has been aborted, and what waited for a redrive is as it was.</summary>
    internal MapRunCounts Over() => this with
    {
        Pending = 0,
        Running = 0,
        Failed = Failed + FailedBefore,
        TimedOut = TimedOut + TimedOutBefore,
        Aborted = Aborted + AbortedBefore + Pending + Running,
        FailedBefore = 0,
        TimedOutBefore = 0,
        AbortedBefore = 0,
    };

    /// <summary>The counts when a redrive begins: whatever did not succeed waits for it.</summary>
    internal MapRunCounts Redriven() => None with
    {
        Pending = Pending,
        Succeeded = Succeeded,
        FailedBefore = Failed + FailedBefore,
        TimedOutBefore = TimedOut + TimedOutBefore,
        AbortedBefore = Aborted + AbortedBefore + Running,
    };

    /// <summary>The counts after a redrive has come to some that ended in a way, and begun them again.</summary>
    internal MapRunCounts Again(long number, MapChildEnd end)
    {
        // A stop may have come later than the end that it was to bring about: then they were counted as stopped.
        long failed = Math.Min(number, end == MapChildEnd.Failed ? FailedBefore : 0);
        long timedOut = Math.Min(number, end == MapChildEnd.TimedOut ? TimedOutBefore : 0);
        long aborted = Math.Min(number - failed - timedOut, AbortedBefore);
        return this with
        {
            Running = Running + number,
            FailedBefore = FailedBefore - failed,
            TimedOutBefore = TimedOutBefore - timedOut,
            AbortedBefore = AbortedBefore - aborted,
        };
    }

    /// <summary>The counts when a redrive has come to all that did not succeed: what still waits has ended well before it could be stopped.</summary>
    internal MapRunCounts AllAgain() => this with
    {
        Succeeded = Succeeded + PendingRedrive,
        FailedBefore = 0,
        TimedOutBefore = 0,
        AbortedBefore = 0,
    };

    /// <summary>The counts after some have begun.</summary>
    internal MapRunCounts Begin(long number) => this with { Running = Running + number };

    /// <summary>The counts after some that ran have ended.</summary>
    internal MapRunCounts End(long number, MapChildEnd end) => end switch
    {
        MapChildEnd.Succeeded => this with { Running = Running - number, Succeeded = Succeeded + number },
        MapChildEnd.TimedOut => this with { Running = Running - number, TimedOut = TimedOut + number },
        MapChildEnd.Aborted => this with { Running = Running - number, Aborted = Aborted + number },
        _ => this with { Running = Running - number, Failed = Failed + number },
    };
}

/// <summary>How a child of a map run ended.</summary>
internal enum MapChildEnd : byte
{
    Succeeded,
    Failed,
    TimedOut,
    Aborted,
}
