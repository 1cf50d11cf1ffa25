using SQLitePCL;

namespace Lockstep.Bench.Floors;

/// <summary>What the service has stored, read from its database after it has stopped: the size of the rows that the floor repeats.</summary>
internal static class JournalSize
{
    /// <summary>Bytes of a journalled turn on average.</summary>
    public static int AverageTurnBytes(string databasePath)
    {
        Batteries_V2.Init();
        SqliteFloor.Check(raw.sqlite3_open_v2(databasePath, out sqlite3 database, raw.SQLITE_OPEN_READONLY, null));
        using (database)
        {
            SqliteFloor.Check(raw.sqlite3_prepare_v2(database, "SELECT avg(length(turn)) FROM journal", out sqlite3_stmt average));
            using (average)
            {
                SqliteFloor.Check(raw.sqlite3_step(average));
                return (int)raw.sqlite3_column_double(average, 0);
            }
        }
    }
}
