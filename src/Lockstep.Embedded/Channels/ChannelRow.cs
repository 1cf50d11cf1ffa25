using Lockstep.Embedded.Committing;
using Lockstep.Embedded.Storage;
using Lockstep.Service.Channels;

namespace Lockstep.Embedded.Channels;

/// <summary>
/// The row of a channel within a write. Invariant: <paramref name="Kept"/> is the number of its messages that have content, and
/// <paramref name="Last"/> is the highest sequence it ever gave.
/// </summary>
internal sealed record ChannelRow(long Number, long Last, long Kept)
{
    /// <summary>Messages that one send removes because of their age: more than it adds in general, and few enough to be quick.</summary>
    private const int RemovedPerSend = 100;

    private const string FindSql = "SELECT no, last, kept FROM channels WHERE tenant = ?1 AND kind = ?2 AND name = ?3";
    private const string Update = "UPDATE channels SET last = ?2, kept = ?3 WHERE no = ?1";
    private const string Known = "SELECT seq FROM messages WHERE channel = ?1 AND id = ?2";
    private const string Insert = "INSERT INTO messages(channel, seq, id, content, sent, visible, received) VALUES(?1, ?2, ?3, ?4, ?5, ?6, 0)";
    private const string Oldest = "SELECT seq, sent, content IS NULL FROM messages WHERE channel = ?1 ORDER BY seq LIMIT 1";
    private const string OldestKept = "SELECT seq FROM messages WHERE channel = ?1 AND content IS NOT NULL ORDER BY seq LIMIT 1";
    private const string RemoveRow = "DELETE FROM messages WHERE channel = ?1 AND seq = ?2";
    private const string Empty = "UPDATE messages SET content = NULL WHERE channel = ?1 AND id = ?2 AND content IS NOT NULL";
    private const string EmptyAt = "UPDATE messages SET content = NULL WHERE channel = ?1 AND seq = ?2";

    /// <summary>Finds the row; null when there is no such channel.</summary>
    public static ChannelRow? Find(WriteContext context, long tenant, ChannelPlace place)
    {
        using SqliteStatement rows = context.Prepare(FindSql).Bind(1, tenant).Bind(2, (long)place.Kind).Bind(3, place.Name);
        return rows.Step() ? new ChannelRow(rows.Int64(0), rows.Int64(1), rows.Int64(2)) : null;
    }

    /// <summary>The number of a channel; null when there is none.</summary>
    public static long? NumberOf(SqliteConnection connection, long tenant, ChannelPlace place)
    {
        using SqliteStatement rows = connection.Prepare(FindSql).Bind(1, tenant).Bind(2, (long)place.Kind).Bind(3, place.Name);
        return rows.Step() ? rows.Int64(0) : null;
    }

    /// <summary>Appends what is not known yet.</summary>
    public SendOutcome Append(WriteContext context, IReadOnlyList<NewMessage> messages, DateTimeOffset now, ChannelKeeping keeping)
    {
        long kept = Kept - RemoveOld(context, keeping.KeptSince);
        NewMessage[] unknown = [.. messages.DistinctBy(message => message.Id).Where(message => !Knows(context, message.Id))];
        if (!keeping.DropOldest && kept + unknown.Length > keeping.MaxMessages)
        {
            context.Prepare(Update).Bind(1, Number).Bind(2, Last).Bind(3, kept).Execute();
            return SendOutcome.Full;
        }

        long last = Last;
        foreach (NewMessage message in unknown)
        {
            last++;
            context.Prepare(Insert)
                .Bind(1, Number).Bind(2, last).Bind(3, message.Id).Bind(4, message.Content.ToString())
                .Bind(5, StoredTime.ToStored(now)).Bind(6, StoredTime.ToStored(now + message.Delay)).Execute();
        }

        kept += unknown.Length;
        while (kept > keeping.MaxMessages && context.Prepare(OldestKept).Bind(1, Number).ReadScalar() is long oldest)
        {
            context.Prepare(EmptyAt).Bind(1, Number).Bind(2, oldest).Execute();
            kept--;
        }

        context.Prepare(Update).Bind(1, Number).Bind(2, last).Bind(3, kept).Execute();
        return SendOutcome.Sent;
    }

    /// <summary>Takes the content of a message away; true when it had one.</summary>
    public bool Remove(WriteContext context, string messageId)
    {
        if (context.Prepare(Empty).Bind(1, Number).Bind(2, messageId).ExecuteChanges() == 0)
        {
            return false;
        }

        context.Prepare(Update).Bind(1, Number).Bind(2, Last).Bind(3, Kept - 1).Execute();
        return true;
    }

    /// <summary>Removes messages that are too old; answers how many of them still had content.</summary>
    private long RemoveOld(WriteContext context, DateTimeOffset keptSince)
    {
        long removed = 0;
        for (int i = 0; i < RemovedPerSend; i++)
        {
            long sequence;
            using (SqliteStatement rows = context.Prepare(Oldest).Bind(1, Number))
            {
                if (!rows.Step() || StoredTime.FromStored(rows.Int64(1)) >= keptSince)
                {
                    break;
                }

                sequence = rows.Int64(0);
                removed += rows.Int64(2) == 0 ? 1 : 0;
            }

            context.Prepare(RemoveRow).Bind(1, Number).Bind(2, sequence).Execute();
        }

        return removed;
    }

    private bool Knows(WriteContext context, string id) => context.Prepare(Known).Bind(1, Number).Bind(2, id).ReadScalar() is not null;
}
