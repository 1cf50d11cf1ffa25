namespace Lockstep.Service.Redrives;

/// <summary>Whether an execution can be redriven now (Step Functions, DescribeExecution, <c>redriveStatus</c>).</summary>
public enum RedriveStatus
{
    /// <summary>It can.</summary>
    Redrivable,

    /// <summary>It cannot, and a reason says why.</summary>
    NotRedrivable,

    /// <summary>Not by itself: its map run redrives it, when the execution of the Map state is redriven.</summary>
    RedrivableByMapRun,
}

/// <summary>Whether an execution can be redriven at a time, and why not.</summary>
/// <param name="Status">Whether it can.</param>
/// <param name="Reason">Why it cannot, in the words of Step Functions; null when it can.</param>
public sealed record RedriveVerdict(RedriveStatus Status, string? Reason);
