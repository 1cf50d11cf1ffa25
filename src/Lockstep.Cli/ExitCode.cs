namespace Lockstep.Cli;

/// <summary>
/// How the command ended, as scripts see it. Part of the command's contract: a number keeps its meaning for ever, and
/// docs/operations.md lists them all.
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

    /// <summary>A setting is missing or out of its range.</summary>
    InvalidConfiguration = 10,

    /// <summary>Somebody else listens on the address.</summary>
    AddressInUse = 11,

    /// <summary>Another process serves the data folder.</summary>
    DataFolderInUse = 12,

    /// <summary>The data folder cannot be created, read or written.</summary>
    DataFolderInaccessible = 13,

    /// <summary>The database is held by another program.</summary>
    DatabaseLocked = 14,

    /// <summary>The database is damaged, or is none of ours.</summary>
    DatabaseCorrupt = 15,

    /// <summary>The disk is full.</summary>
    DiskFull = 16,

    /// <summary>A write could not be made durable for another reason.</summary>
    StorageFailed = 17,

    /// <summary>A defect of Lockstep; the message asks to report it.</summary>
    InternalError = 70,
}
