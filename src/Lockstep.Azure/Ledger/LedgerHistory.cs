using System.Globalization;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ports;
using Lockstep.Engine.Codec;
using Lockstep.Engine.History;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;

namespace Lockstep.Azure.Ledger;

/// <summary>
/// Pages of history, cut out of the pages of turns. Rows are read ascending only, so a page that goes backwards reads a window of ids that ends
/// before the event already seen.
/// </summary>
internal sealed class LedgerHistory(LedgerStore store)
{
    private const int RowsAtOnce = 100;

    /// <summary>Events of an execution that is there.</summary>
    public ValueTask<Page<HistoryEvent>> ReadAsync(
        ExecutionKey key, HeadRow head, bool reverse, PageRequest page, CancellationToken cancellation)
    {
        long? seen = page.Cursor is null ? null : long.Parse(page.Cursor, CultureInfo.InvariantCulture);
        return reverse
            ? ReadBackwardsAsync(key, Math.Min(seen ?? long.MaxValue, head.LastEventId + 1), page, cancellation)
            : ReadForwardsAsync(key, seen ?? 0, page, cancellation);
    }

    private async ValueTask<Page<HistoryEvent>> ReadForwardsAsync(ExecutionKey key, long seen, PageRequest page, CancellationToken cancellation)
    {
        var events = new EventPage(page);
        string? continuation = null;
        do
        {
            EntityPage rows = await store.QueryAsync(
                LedgerKeys.PagesFrom(key, seen + 1), Math.Min(page.MaxItems + 1, RowsAtOnce), continuation, cancellation);
            foreach (Entity row in rows.Items)
            {
                foreach (TurnRecord turn in await ReadTurnsAsync(row, cancellation))
                {
                    int skip = (int)Math.Clamp(seen + 1 - turn.FirstEventId, 0, turn.Events);
                    if (skip < turn.Events && !events.AddAll(TurnCodec.ReadEvents(turn.Bytes.Span, skip, page.MaxItems + 1)))
                    {
                        return events.ToPage(more: true);
                    }
                }
            }

            continuation = rows.Continuation;
        }
        while (continuation is not null);
        return events.ToPage(more: false);
    }

    private async ValueTask<Page<HistoryEvent>> ReadBackwardsAsync(ExecutionKey key, long before, PageRequest page, CancellationToken cancellation)
    {
        var events = new EventPage(page);
        while (before > 1)
        {
            // One event more than the page holds says whether there are more.
            long first = Math.Max(1, before - (page.MaxItems + 1L));
            List<Entity> rows = await ReadWindowAsync(key, first, before - 1, cancellation);
            for (int index = rows.Count - 1; index >= 0; index--)
            {
                foreach (TurnRecord turn in (await ReadTurnsAsync(rows[index], cancellation)).Reverse())
                {
                    int skip = (int)Math.Clamp(first - turn.FirstEventId, 0, turn.Events);
                    int count = (int)Math.Clamp(before - turn.FirstEventId, 0, turn.Events) - skip;
                    if (count > 0 && !events.AddAll(TurnCodec.ReadEvents(turn.Bytes.Span, skip, count).Reverse()))
                    {
                        return events.ToPage(more: true);
                    }
                }
            }

            before = first;
        }

        return events.ToPage(more: false);
    }

    /// <summary>The rows that hold the events from one to another, both included.</summary>
    private async ValueTask<List<Entity>> ReadWindowAsync(ExecutionKey key, long first, long last, CancellationToken cancellation)
    {
        List<Entity> rows = [];
        string? continuation = null;
        do
        {
            EntityPage page = await store.QueryAsync(LedgerKeys.PagesFrom(key, first), RowsAtOnce, continuation, cancellation);
            foreach (Entity row in page.Items)
            {
                rows.Add(row);
                if (LedgerKeys.LastEventOf(row.Key) >= last)
                {
                    return rows;
                }
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
        return rows;
    }

    private async ValueTask<IEnumerable<TurnRecord>> ReadTurnsAsync(Entity row, CancellationToken cancellation) =>
        TurnPage.Read(await store.Bodies.ReadAsync(row, TurnPage.Body, cancellation));

    /// <summary>Collects events up to the bounds of a page; at least one.</summary>
    private sealed class EventPage(PageRequest page)
    {
        private readonly List<HistoryEvent> _items = [];
        private long _bytes;

        /// <summary>Adds events; false when one did not fit any more.</summary>
        public bool AddAll(IEnumerable<HistoryEvent> events)
        {
            foreach (HistoryEvent item in events)
            {
                if (_items.Count == page.MaxItems || (_bytes >= page.MaxBytes && _items.Count > 0))
                {
                    return false;
                }

                _items.Add(item);
                _bytes += HistoryEventSize.Of(item.Details);
            }

            return true;
        }

        public Page<HistoryEvent> ToPage(bool more) =>
            new(_items, more ? _items[^1].Id.ToString(CultureInfo.InvariantCulture) : null);
    }
}
