namespace Lockstep.Engine;

/// <summary>The status of an execution, as DescribeExecution shows it.</summary>
public enum ExecutionStatus
{
    /// <summary>Not ended yet.</summary>
    Running,

    /// <summary>Ended with an output.</summary>
    Succeeded,

    /// <summary>Ended with an error.</summary>
    Failed,

    /// <summary>Ended because the machine's timeout struck.</summary>
    TimedOut,

    /// <summary>Stopped.</summary>
    Aborted,
}
