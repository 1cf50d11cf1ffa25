namespace Lockstep.Embedded.Hosting;

/// <summary>
/// Why the data folder cannot be used. The numbers are the exit codes of the process, so scripts can tell them apart; they never change.
/// </summary>
public enum StorageFailure
{
    /// <summary>Another process has the data folder open.</summary>
    DataFolderInUse = 40,

    /// <summary>The data folder cannot be created, read or written.</summary>
    DataFolderUnusable = 41,

    /// <summary>The disk is full.</summary>
    DiskFull = 42,

    /// <summary>Another program holds a lock on the database.</summary>
    DatabaseLocked = 43,

    /// <summary>The database file is damaged or no SQLite database.</summary>
    DatabaseCorrupt = 44,

    /// <summary>The database belongs to another program.</summary>
    SchemaForeign = 45,

    /// <summary>The database was written by a newer version of this program.</summary>
    SchemaNewer = 46,

    /// <summary>The file of signing keys is damaged, or others than its owner may read it.</summary>
    KeyFileUnusable = 47,

    /// <summary>The storage failed in another way, such as an input/output error of the disk.</summary>
    StorageFailed = 48,
}
