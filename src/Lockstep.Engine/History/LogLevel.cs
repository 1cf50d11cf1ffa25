namespace Lockstep.Engine.History;

/// <summary>Which events of an execution are logged (Step Functions API Reference, LoggingConfiguration). The numbers are stored.</summary>
public enum LogLevel
{
    /// <summary>None.</summary>
    Off = 0,

    /// <summary>How the execution ended, unless it succeeded.</summary>
    Fatal = 1,

    /// <summary>Everything that failed, was aborted or timed out.</summary>
    Error = 2,

    /// <summary>All.</summary>
    All = 3,
}

/// <summary>What each level logs (Step Functions Developer Guide, "Log levels").</summary>
public static class LogLevels
{
    /// <summary>
    /// Whether a level logs a type of event. Types that the guide's table does not have are logged as those of their kind: what failed, was aborted or timed out
    /// counts as an error.
    /// </summary>
    public static bool Logs(this LogLevel level, HistoryEventType type) => level switch
    {
        LogLevel.Off => false,
        LogLevel.Fatal => IsFatal(type),
        LogLevel.Error => IsError(type),
        LogLevel.All => true,
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "There is no such level."),
    };

    private static bool IsFatal(HistoryEventType type) =>
        type is HistoryEventType.ExecutionAborted or HistoryEventType.ExecutionFailed or HistoryEventType.ExecutionTimedOut;

    private static bool IsError(HistoryEventType type)
    {
        string name = type.ToString();
        return type == HistoryEventType.FailStateEntered
            || name.EndsWith("Failed", StringComparison.Ordinal)
            || name.EndsWith("Aborted", StringComparison.Ordinal)
            || name.EndsWith("TimedOut", StringComparison.Ordinal);
    }
}
