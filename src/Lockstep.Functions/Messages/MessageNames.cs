namespace Lockstep.Functions.Messages;

/// <summary>What the deployment calls its queues, topic and subscriptions, and the connection to them.</summary>
internal static class MessageNames
{
    /// <summary>The connection; its settings begin so.</summary>
    public const string Connection = "LockstepServiceBus";

    /// <summary>The queue of wakes; sessions are orchestration instances.</summary>
    public const string Callbacks = "callbacks";

    /// <summary>The queue of work that no orchestration awaits.</summary>
    public const string Tasks = "tasks";

    /// <summary>The dead letters of that queue.</summary>
    public const string TasksSetAside = Tasks + "/$deadletterqueue";

    /// <summary>The topic of execution events; sessions are tenants.</summary>
    public const string ExecutionEvents = "execution-events";

    /// <summary>The subscription that keeps events for the API.</summary>
    public const string EventLog = "event-log";
}
