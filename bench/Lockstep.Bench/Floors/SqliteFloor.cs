using System.Diagnostics;
using Lockstep.TestKit.Processes;
using SQLitePCL;

namespace Lockstep.Bench.Floors;

/// <summary>
/// What the disk and SQLite alone allow: rows of a given size appended to one table by rowid, so many a transaction, every transaction
/// flushed (WAL, synchronous=FULL). Nothing durable can be faster here by this road.
/// </summary>
internal static class SqliteFloor
{
    static SqliteFloor() => Batteries_V2.Init();

    /// <summary>Rows a second.</summary>
    /// <param name="rows">Rows to write in all.</param>
    /// <param name="bytesPerRow">Bytes of each.</param>
    /// <param name="rowsPerCommit">Rows in one transaction.</param>
    public static double RowsPerSecond(int rows, int bytesPerRow, int rowsPerCommit)
    {
        using var folder = new TemporaryFolder();
        Check(raw.sqlite3_open(folder.PathOf("floor.db"), out sqlite3 database));
        using (database)
        {
            Check(raw.sqlite3_exec(database, "PRAGMA journal_mode=WAL"));
            Check(raw.sqlite3_exec(database, "PRAGMA synchronous=FULL"));
            Check(raw.sqlite3_exec(database, "CREATE TABLE journal(id INTEGER PRIMARY KEY, body BLOB NOT NULL)"));
            Check(raw.sqlite3_prepare_v2(database, "INSERT INTO journal(body) VALUES(?)", out sqlite3_stmt insert));
            using (insert)
            {
                Check(raw.sqlite3_bind_blob(insert, 1, new byte[bytesPerRow]));
                long started = Stopwatch.GetTimestamp();
                for (int written = 0; written < rows; written += rowsPerCommit)
                {
                    Check(raw.sqlite3_exec(database, "BEGIN"));
                    for (int row = 0; row < rowsPerCommit; row++)
                    {
                        Check(raw.sqlite3_step(insert));
                        Check(raw.sqlite3_reset(insert));
                    }

                    Check(raw.sqlite3_exec(database, "COMMIT"));
                }

                return rows / Stopwatch.GetElapsedTime(started).TotalSeconds;
            }
        }
    }

    /// <summary>Throws unless SQLite answered well.</summary>
    internal static void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_DONE or raw.SQLITE_ROW))
        {
            throw new InvalidOperationException($"SQLite answered {code}: {raw.sqlite3_errstr(code).utf8_to_string()}");
        }
    }
}
