using SQLitePCL;

namespace Lockstep.Embedded.Storage;

/// <summary>
/// One connection to the database with its prepared statements, used by one thread at a time. Statements are found by the identity
/// of their text, which is always a constant.
/// </summary>
internal sealed class SqliteConnection : IDisposable
{
    /// <summary>SQLite's default size of a page.</summary>
    private const int PageBytes = 4096;

    private readonly sqlite3 _handle;
    private readonly Dictionary<string, (SqliteStatement Statement, sqlite3_stmt Handle)> _statements = new(ReferenceEqualityComparer.Instance);

    static SqliteConnection() => Batteries_V2.Init();

    private SqliteConnection(sqlite3 handle) => _handle = handle;

    /// <summary>Opens a database for reading and writing, creating the file when it does not exist.</summary>
    public static SqliteConnection Open(string path, TimeSpan busyTimeout)
    {
        int code = raw.sqlite3_open_v2(path, out sqlite3 handle, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX, vfs: null);
        if (code != raw.SQLITE_OK)
        {
            StorageException failure = FailureOf(handle, code);
            handle.Dispose();
            throw failure;
        }

        raw.sqlite3_extended_result_codes(handle, 1);
        raw.sqlite3_busy_timeout(handle, (int)busyTimeout.TotalMilliseconds);
        return new SqliteConnection(handle);
    }

    /// <summary>The prepared form of a constant text.</summary>
    public SqliteStatement Prepare(string sql)
    {
        if (_statements.TryGetValue(sql, out (SqliteStatement Statement, sqlite3_stmt Handle) known))
        {
            return known.Statement;
        }

        int code = raw.sqlite3_prepare_v2(_handle, sql, out sqlite3_stmt prepared);
        if (code != raw.SQLITE_OK)
        {
            throw FailureOf(_handle, code);
        }

        var statement = new SqliteStatement(_handle, prepared);
        _statements.Add(sql, (statement, prepared));
        return statement;
    }

    /// <summary>Runs statements once, without keeping them: schema and pragmas.</summary>
    public void Run(string sql)
    {
        int code = raw.sqlite3_exec(_handle, sql);
        if (code != raw.SQLITE_OK)
        {
            throw FailureOf(_handle, code);
        }
    }

    /// <summary>Copies committed pages from the log to the database without waiting for anybody; answers with pages in the log and pages copied.</summary>
    public (int LogPages, int CopiedPages) CheckpointPassive() => Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE);

    /// <summary>Copies all and empties the log; needs to be alone.</summary>
    public void CheckpointTruncate() => Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE);

    /// <summary>Bytes of pages that this connection has written since the last call.</summary>
    public long TakeBytesWritten()
    {
        raw.sqlite3_db_status(_handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out int pages, out _, resetFlg: 1);
        return (long)pages * PageBytes;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((SqliteStatement _, sqlite3_stmt handle) in _statements.Values)
        {
            handle.Dispose();
        }

        _statements.Clear();
        _handle.Dispose();
    }

    internal static StorageException FailureOf(sqlite3 handle, int code)
    {
        int extended = raw.sqlite3_extended_errcode(handle);
        return new StorageException((extended & 0xFF) == (code & 0xFF) ? extended : code, raw.sqlite3_errmsg(handle).utf8_to_string());
    }

    private (int LogPages, int CopiedPages) Checkpoint(int mode)
    {
        int code = raw.sqlite3_wal_checkpoint_v2(_handle, "main", mode, out int logPages, out int copiedPages);
        return code is raw.SQLITE_OK or raw.SQLITE_BUSY ? (logPages, copiedPages) : throw FailureOf(_handle, code);
    }
}
