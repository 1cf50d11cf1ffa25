using SQLitePCL;

namespace Lockstep.Embedded.Storage;

/// <summary>
/// One prepared statement, kept for the life of its connection and used by one thread at a time. Bind, then <see cref="Execute"/>
/// or <see cref="Step"/> through the rows; disposing ends the use, not the statement.
/// </summary>
internal sealed class SqliteStatement(sqlite3 connection, sqlite3_stmt handle) : IDisposable
{
    public SqliteStatement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(handle, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, long? value) => value is long present ? Bind(index, present) : BindNull(index);

    public SqliteStatement Bind(int index, string? value)
    {
        if (value is null)
        {
            return BindNull(index);
        }

        Check(raw.sqlite3_bind_text(handle, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(handle, index, 0) : raw.sqlite3_bind_blob(handle, index, value));
        return this;
    }

    public SqliteStatement BindNull(int index)
    {
        Check(raw.sqlite3_bind_null(handle, index));
        return this;
    }

    /// <summary>Moves to the next row; false, and ready for the next use, when there is none.</summary>
    public bool Step()
    {
        int code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        // The message belongs to the connection's last call, so it is read before the reset.
        StorageException? failure = code == raw.SQLITE_DONE ? null : SqliteConnection.FailureOf(connection, code);
        raw.sqlite3_reset(handle);
        return failure is null ? false : throw failure;
    }

    /// <summary>Runs a statement that yields no rows.</summary>
    public void Execute()
    {
        while (Step())
        {
        }
    }

    /// <summary>Runs a statement that changes rows and says how many it changed.</summary>
    public int ExecuteChanges()
    {
        Execute();
        return raw.sqlite3_changes(connection);
    }

    /// <summary>The integer in the first column of the only row; null when there is no row or it holds NULL.</summary>
    public long? ReadScalar()
    {
        using (this)
        {
            return Step() ? NullableInt64(0) : null;
        }
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    public long? NullableInt64(int column) => IsNull(column) ? null : Int64(column);

    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string();

    public string? NullableText(int column) => IsNull(column) ? null : Text(column);

    /// <summary>The bytes of a column; valid until the next step.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(handle, column);

    /// <summary>Ends this use: the statement lets go of its rows, so that no read transaction stays open.</summary>
    public void Dispose() => raw.sqlite3_reset(handle);

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw SqliteConnection.FailureOf(connection, code);
        }
    }
}
