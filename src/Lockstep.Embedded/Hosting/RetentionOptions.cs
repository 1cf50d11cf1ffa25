namespace Lockstep.Embedded.Hosting;

/// <summary>How long things are kept that nothing needs any more. Configuration section <c>Lockstep:Retention</c>.</summary>
public sealed record RetentionOptions
{
    /// <summary>
    /// The age, after its end, at which an execution is removed, and its name free; and a revision, after it is out of force. Key
    /// <c>Lockstep:Retention:MaxAgeDays</c>. Default 90 days, as at Step Functions.
    /// </summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Executions, events or revisions that one step looks at. Key <c>Lockstep:Retention:MaxRows</c>. Default 100.</summary>
    public int MaxRows { get; init; } = 100;

    /// <summary>How often a round is made. Key <c>Lockstep:Retention:IntervalSeconds</c>. Default 1 hour.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromHours(1);
}
