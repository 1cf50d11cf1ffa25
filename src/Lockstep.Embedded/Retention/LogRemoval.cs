using Lockstep.Embedded.Storage;

namespace Lockstep.Embedded.Retention;

/// <summary>Removes log events that are old, and log groups that have none left. A group that is logged to again comes to be again.</summary>
internal sealed class LogRemoval(Store store, int maxRows)
{
    private const string GroupAfter = "SELECT no FROM log_groups WHERE no > ?1 ORDER BY no LIMIT 1";
    private const string Due = "SELECT 1 FROM log_events WHERE log_group = ?1 AND time <= ?2 LIMIT 1";
    private const string Remove = """
        DELETE FROM log_events WHERE no IN (SELECT no FROM log_events WHERE log_group = ?1 AND time <= ?2 ORDER BY time LIMIT ?3)
        """;

    private const string RemoveGroup = "DELETE FROM log_groups WHERE no = ?1 AND NOT EXISTS(SELECT 1 FROM log_events WHERE log_group = ?1)";

    /// <summary>The log group after another; null after the last.</summary>
    public long? NextGroup(long after) =>
        store.Read(after, static (connection, after) => connection.Prepare(GroupAfter).Bind(1, after).ReadScalar());

    /// <summary>Removes the oldest events of a group, as many as one step may; false when none of them is old any more.</summary>
    public async Task<bool> RemoveAsync(long group, DateTimeOffset cutoff)
    {
        long stored = StoredTime.ToStored(cutoff);
        bool isDue = store.Read((group, stored), static (connection, query) =>
            connection.Prepare(Due).Bind(1, query.group).Bind(2, query.stored).ReadScalar() is not null);
        return isDue && await store.WriteAsync(context =>
        {
            int removed = context.Prepare(Remove).Bind(1, group).Bind(2, stored).Bind(3, (long)maxRows).ExecuteChanges();
            context.Prepare(RemoveGroup).Bind(1, group).Execute();
            return removed;
        }) == maxRows;
    }
}
