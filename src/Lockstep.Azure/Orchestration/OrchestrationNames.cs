namespace Lockstep.Azure.Orchestration;

/// <summary>The names under which the orchestrators and activities are registered. Names are stored with running instances, so they never change.</summary>
public static class OrchestrationNames
{
    /// <summary>The orchestrator of an execution.</summary>
    public const string Execution = "Execution";

    /// <summary>The orchestrator of a batch of calls.</summary>
    public const string TaskBatch = "TaskBatch";

    /// <summary>Makes turns durable.</summary>
    public const string Append = "Append";

    /// <summary>Makes turns durable, then calls a task's resource.</summary>
    public const string Invoke = "Invoke";

    /// <summary>Lets a timer compete for a task.</summary>
    public const string Claim = "Claim";

    /// <summary>Reads stimuli that have arrived; the first one of an epoch takes the execution over.</summary>
    public const string ReadInbox = "ReadInbox";

    /// <summary>Reads a part of something that is too large for one answer.</summary>
    public const string LoadPart = "LoadPart";

    /// <summary>Keeps a part of something that is too large for one input.</summary>
    public const string StorePart = "StorePart";

    /// <summary>Keeps a part of the state with which the next epoch begins.</summary>
    public const string SaveState = "SaveState";

    /// <summary>Takes an execution out of service for good.</summary>
    public const string Quarantine = "Quarantine";

    /// <summary>Every activity there is.</summary>
    public static IReadOnlyList<string> Activities { get; } =
        [Append, Invoke, Claim, ReadInbox, LoadPart, StorePart, SaveState, Quarantine];
}
