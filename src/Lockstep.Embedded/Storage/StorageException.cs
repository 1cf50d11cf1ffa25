using Lockstep.Embedded.Hosting;
using Lockstep.Service.Errors;

namespace Lockstep.Embedded.Storage;

/// <summary>SQLite refused a call. <see cref="SpoilsDatabase"/> tells a broken disk or file from a statement that was merely wrong.</summary>
internal sealed class StorageException(int code, string message) : StorageUnavailableException($"{message} (SQLite {code})")
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int OutOfMemory = 7;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int TooBig = 18;
    private const int Constraint = 19;
    private const int Mismatch = 20;
    private const int NotADatabase = 26;
    private const int InputOutputShmSize = InputOutput | (19 << 8);

    /// <summary>SQLite's extended result code.</summary>
    public int Code { get; } = code;

    /// <summary>False when only the statement was at fault, so that others of the same batch may still be committed.</summary>
    public bool SpoilsDatabase => (Code & 0xFF) is not (Constraint or TooBig or Mismatch or OutOfMemory);

    /// <summary>What it means to the operator.</summary>
    public StorageFailure Failure => (Code & 0xFF) switch
    {
        _ when Code == InputOutputShmSize => StorageFailure.DiskFull,
        Full => StorageFailure.DiskFull,
        Busy or Locked => StorageFailure.DatabaseLocked,
        Corrupt or NotADatabase => StorageFailure.DatabaseCorrupt,
        CannotOpen or ReadOnly => StorageFailure.DataFolderUnusable,
        _ => StorageFailure.StorageFailed,
    };

    /// <summary>One sentence for the operator: what happened to which file, and how to mend it.</summary>
    public string Explain(string path) => Failure switch
    {
        StorageFailure.DiskFull => $"The disk that holds {path} is full. Free space and start again; nothing acknowledged is lost.",
        StorageFailure.DatabaseLocked => $"Another program holds a lock on {path}. Close it and start again.",
        StorageFailure.DatabaseCorrupt => $"{path} is damaged or no database: {Message}. Restore the data folder from a backup.",
        StorageFailure.DataFolderUnusable => $"{path} cannot be opened for writing: {Message}. Check the folder's owner and permissions.",
        _ => $"Storing in {path} failed: {Message}.",
    };
}
