namespace Lockstep.Service.Redrives;

/// <summary>Whether an execution can be redriven now (Step Functions, DescribeExecution, <c>redriveStatus</c>).</summary>
public enum RedriveStatus
{
    /// <summary>It can.</summary>
    Redrivable,

    /// <summary>It cannot, and a reason says why.</summary>
    NotRedrivable,
}

/// <summary>Whether an execution can be redriven at a time, and why not.</summary>
/// <param name="Status">Whether it can.</param>
/// <param name="Reason">Why it cannot, in the words of Step Functions; null when it can.</param>
public sealed record RedriveVerdict(RedriveStatus Status, string? Reason);
