namespace Lockstep.Asl;

/// <summary>The type of a state machine, chosen when it is created.</summary>
public enum WorkflowType
{
    /// <summary>Durable, exactly-once state transitions, up to a year.</summary>
    Standard,

    /// <summary>At-least-once, up to five minutes; no activities, no <c>.sync</c>, no <c>.waitForTaskToken</c>.</summary>
    Express,
}
