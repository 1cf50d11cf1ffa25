using System.Globalization;
using Lockstep.Embedded.Hosting;

namespace Lockstep.Embedded.Storage;

/// <summary>
/// The folder that holds everything durable: the database, its log, the signing keys. Held by at most one process, through a lock that
/// the operating system releases when the process dies, however it dies.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;
    private readonly StorageOptions _options;

    private DataFolder(string path, FileStream @lock, StorageOptions options)
    {
        Path = path;
        _lock = @lock;
        _options = options;
    }

    /// <summary>The folder's full path.</summary>
    public string Path { get; }

    /// <summary>The database file.</summary>
    public string DatabasePath => System.IO.Path.Combine(Path, "lockstep.db");

    /// <summary>The write-ahead log beside it.</summary>
    public string LogPath => DatabasePath + "-wal";

    /// <summary>Takes the folder, creating it when it does not exist.</summary>
    public static DataFolder Open(string path, StorageOptions options)
    {
        string full = System.IO.Path.GetFullPath(path);
        string lockPath = System.IO.Path.Combine(full, "lockstep.lock");
        try
        {
            Directory.CreateDirectory(full);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unusable(full, failure);
        }

        try
        {
            return new DataFolder(full, new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), options);
        }
        catch (IOException failure) when (failure is not (DirectoryNotFoundException or PathTooLongException) && File.Exists(lockPath))
        {
            throw new EmbeddedStartupException(
                StorageFailure.DataFolderInUse,
                $"The data folder {full} is in use by another process. Stop that one, or name another folder.",
                failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unusable(full, failure);
        }
    }

    /// <summary>Opens the connection that writes; creates or checks the schema.</summary>
    public SqliteConnection OpenWriter()
    {
        SqliteConnection? connection = null;
        try
        {
            connection = SqliteConnection.Open(DatabasePath, _options.BusyTimeout);
            connection.Run("PRAGMA journal_mode=WAL");
            connection.Run("PRAGMA synchronous=FULL");
            connection.Run("PRAGMA wal_autocheckpoint=0");
            connection.Run("PRAGMA temp_store=MEMORY");
            connection.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA cache_size=-{_options.WriterCacheKiB}"));
            connection.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA journal_size_limit={_options.LogLimitBytes}"));
            Schema.Ensure(connection, DatabasePath);
            return connection;
        }
        catch (StorageException failure)
        {
            connection?.Dispose();
            throw new EmbeddedStartupException(failure.Failure, failure.Explain(DatabasePath), failure);
        }
        catch (EmbeddedStartupException)
        {
            connection?.Dispose();
            throw;
        }
    }

    /// <summary>Opens the connection that copies the log into the database.</summary>
    public SqliteConnection OpenCheckpointer()
    {
        SqliteConnection connection = SqliteConnection.Open(DatabasePath, _options.BusyTimeout);
        connection.Run("PRAGMA synchronous=FULL");
        connection.Run("PRAGMA wal_autocheckpoint=0");
        return connection;
    }

    /// <summary>Opens a connection that only reads.</summary>
    public SqliteConnection OpenReader()
    {
        SqliteConnection connection = SqliteConnection.Open(DatabasePath, _options.BusyTimeout);
        connection.Run("PRAGMA query_only=1");
        connection.Run("PRAGMA wal_autocheckpoint=0");
        connection.Run("PRAGMA temp_store=MEMORY");
        connection.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA cache_size=-{_options.ReaderCacheKiB}"));
        return connection;
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static EmbeddedStartupException Unusable(string path, Exception failure) => new(
        StorageFailure.DataFolderUnusable, $"The data folder {path} cannot be used: {failure.Message} Check its owner and permissions.", failure);
}
