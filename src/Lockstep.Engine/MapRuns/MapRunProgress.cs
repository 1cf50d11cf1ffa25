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

    /// <summary>All that are known of.</summary>
    public long Total => Pending + Running + Succeeded + Failed + TimedOut + Aborted;

    /// <summary>Those that did not succeed.</summary>
    public long Unsuccessful => Failed + TimedOut + Aborted;

    /// <summary>The counts once the map run is over: what was still under way has been aborted.</summary>
    internal MapRunCounts Over() => this with { Pending = 0, Running = 0, Aborted = Aborted + Pending + Running };

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
internal enum MapChildEnd
{
    Succeeded,
    Failed,
    TimedOut,
    Aborted,
}
