namespace Lockstep.Engine.MapRuns;

/// <summary>The error names by which a map run is told how a child ended that did not succeed.</summary>
public static class MapRunChildEnds
{
    /// <summary>It failed.</summary>
    public const string Failed = "FAILED";

    /// <summary>It timed out.</summary>
    public const string TimedOut = "TIMED_OUT";

    /// <summary>Somebody stopped it.</summary>
    public const string Aborted = "ABORTED";

    /// <summary>It did not succeed before, and cannot be redriven.</summary>
    public const string NotRedrivable = "ExecutionNotRedrivable";

    internal static MapChildEnd Of(string? error) => error switch
    {
        TimedOut => MapChildEnd.TimedOut,
        Failed => MapChildEnd.Failed,
        _ => MapChildEnd.Aborted,
    };
}
