namespace Lockstep.Cli;

/// <summary>
/// How the command ended, as scripts see it. Part of the command's contract: a number keeps its meaning for ever, and
/// docs/operations.md lists them all. 40 to 59 are the storage's own, <see cref="Embedded.Hosting.StorageFailure"/>.
/// </summary>
internal enum ExitCode
{
    /// <summary>Done; for <c>run</c>: the execution succeeded.</summary>
    Success = 0,

    /// <summary>A definition has errors; they were printed.</summary>
    InvalidDefinition = 1,

    /// <summary>The command line, or a file that it names, cannot be used.</summary>
    Usage = 2,

    /// <summary>The execution failed.</summary>
    ExecutionFailed = 3,

    /// <summary>The execution timed out.</summary>
    ExecutionTimedOut = 4,

    /// <summary>The execution was aborted, as by an interrupt.</summary>
    ExecutionAborted = 5,

    /// <summary>A setting is unknown, missing or out of its range.</summary>
    InvalidConfiguration = 30,

    /// <summary>Somebody else listens on the address.</summary>
    AddressInUse = 31,

    /// <summary>The address cannot be listened on for another reason, such as a missing permission.</summary>
    AddressUnusable = 32,

    /// <summary>A defect of Lockstep; the message asks to report it.</summary>
    InternalError = 70,
}
