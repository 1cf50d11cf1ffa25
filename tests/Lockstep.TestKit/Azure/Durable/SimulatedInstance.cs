namespace Lockstep.TestKit.Azure.Durable;

/// <summary>How an instance of a simulated host stands.</summary>
public enum InstanceStatus
{
    /// <summary>Scheduled, waiting or at work; also when its code has returned and something open holds the end back.</summary>
    Running,

    /// <summary>Its code has returned.</summary>
    Completed,

    /// <summary>Its code has thrown, or broken a rule.</summary>
    Failed,
}

/// <summary>An orchestration in a simulated host.</summary>
public sealed class SimulatedInstance
{
    internal SimulatedInstance(string id, string orchestrator, string input, (string Instance, int Action)? parent)
    {
        Id = id;
        Orchestrator = orchestrator;
        Parent = parent;
        Pending.Enqueue(new InstanceStarted(input));
    }

    public string Id { get; }

    public string Orchestrator { get; }

    public InstanceStatus Status { get; internal set; }

    /// <summary>What its code answered, or why it failed; null while it runs.</summary>
    public string? Outcome { get; internal set; }

    /// <summary>Whether its code has returned, and only what is still open keeps it from ending.</summary>
    public bool HasReturned { get; internal set; }

    /// <summary>What its code showed last.</summary>
    public string? Shown { get; internal set; }

    /// <summary>What it has cost, children not included.</summary>
    public DurableCost Cost { get; } = new();

    /// <summary>Counts the times it continued as new, so that what an earlier generation asked for is told apart.</summary>
    internal int Generation { get; set; }

    internal (string Instance, int Action)? Parent { get; }

    internal List<DurableEntry> History { get; } = [];

    internal Queue<DurableEvent> Pending { get; } = new();

    internal HashSet<int> CancelledTimers { get; } = [];
}
