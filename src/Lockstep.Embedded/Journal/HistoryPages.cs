using System.Globalization;
using Lockstep.Embedded.Storage;
using Lockstep.Engine.Codec;
using Lockstep.Engine.History;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;

namespace Lockstep.Embedded.Journal;

/// <summary>Pages of history, cut out of the journal's turns. The cursor is the id of the last event already seen.</summary>
internal static class HistoryPages
{
    private const string Forward = """
        SELECT first_event, events, turn FROM journal
        WHERE execution = ?1 AND first_event >= coalesce((SELECT max(first_event) FROM journal WHERE execution = ?1 AND first_event <= ?2), 0)
        ORDER BY first_event, rowid
        """;

    private const string Backward = """
        SELECT first_event, events, turn FROM journal WHERE execution = ?1 AND first_event < ?2 ORDER BY first_event DESC, rowid DESC
        """;

    public static Page<HistoryEvent> Read(SqliteConnection connection, long execution, bool reverse, PageRequest page)
    {
        long? seen = page.Cursor is null ? null : long.Parse(page.Cursor, CultureInfo.InvariantCulture);
        return reverse
            ? Fill(connection.Prepare(Backward).Bind(1, execution).Bind(2, seen ?? long.MaxValue), page, EventsBefore(seen ?? long.MaxValue))
            : Fill(connection.Prepare(Forward).Bind(1, execution).Bind(2, (seen ?? 0) + 1), page, EventsAfter(seen ?? 0));
    }

    private static Func<SqliteStatement, IEnumerable<HistoryEvent>> EventsAfter(long seen) => rows =>
    {
        int skip = (int)Math.Clamp(seen + 1 - rows.Int64(0), 0, rows.Int64(1));
        return TurnCodec.ReadEvents(rows.Blob(2), skip);
    };

    private static Func<SqliteStatement, IEnumerable<HistoryEvent>> EventsBefore(long seen) => rows =>
    {
        int count = (int)Math.Clamp(seen - rows.Int64(0), 0, rows.Int64(1));
        return TurnCodec.ReadEvents(rows.Blob(2), 0, count).Reverse();
    };

    private static Page<HistoryEvent> Fill(
        SqliteStatement bound, PageRequest page, Func<SqliteStatement, IEnumerable<HistoryEvent>> eventsOf)
    {
        using SqliteStatement rows = bound;
        List<HistoryEvent> items = [];
        long bytes = 0;
        while (rows.Step())
        {
            foreach (HistoryEvent item in eventsOf(rows))
            {
                if (items.Count == page.MaxItems || (bytes >= page.MaxBytes && items.Count > 0))
                {
                    return new Page<HistoryEvent>(items, items[^1].Id.ToString(CultureInfo.InvariantCulture));
                }

                items.Add(item);
                bytes += HistoryEventSize.Of(item.Details);
            }
        }

        return new Page<HistoryEvent>(items, null);
    }
}
