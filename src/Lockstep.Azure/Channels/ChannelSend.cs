using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Service.Channels;

namespace Lockstep.Azure.Channels;

/// <summary>Appends messages to channels: one transaction with the head, in which each id is a row that must not be there yet.</summary>
/// <param name="table">The table.</param>
internal sealed class ChannelSend(ITable table)
{
    /// <summary>Messages that one send drops because there are too many: more than it adds, so that it catches up, and few enough for its transaction.</summary>
    private const int DroppedPerSend = 16;

    /// <summary>Tries once.</summary>
    /// <param name="place">The channel.</param>
    /// <param name="partition">Its partition.</param>
    /// <param name="messages">Those of which it is not known that they are there.</param>
    /// <param name="now">The time.</param>
    /// <param name="keeping">What the channel keeps.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<Attempt<SendOutcome>> TryAsync(
        ChannelPlace place, string partition, IReadOnlyList<NewMessage> messages, DateTimeOffset now, ChannelKeeping keeping, CancellationToken cancellation)
    {
        if (await table.FindAsync(new EntityKey(partition, NamedPartitions.HeadRow), cancellation) is not { } row)
        {
            return SendOutcome.NoChannel;
        }

        ChannelHead head = ChannelHead.Read(row);
        if (head.Oldest < keeping.KeptSince)
        {
            if (await ChannelAging.TryAsync(table, head, keeping.KeptSince, cancellation) is not { } trimmed)
            {
                return Attempt.Again;
            }

            head = trimmed;
        }

        NewMessage[] unknown = [.. messages.DistinctBy(message => message.Id)];
        if (!keeping.DropOldest && head.Kept + unknown.Length > keeping.MaxMessages)
        {
            unknown = await UnknownAsync(partition, unknown, cancellation);
            if (head.Kept + unknown.Length > keeping.MaxMessages)
            {
                return SendOutcome.Full;
            }
        }

        WriteOutcome written = await AddAsync(place, head, unknown, now, keeping, cancellation);
        if (written.Refusal == WriteRefusal.Exists)
        {
            unknown = await UnknownAsync(partition, unknown, cancellation);
            written = await AddAsync(place, head, unknown, now, keeping, cancellation);
        }

        return written.Succeeded ? SendOutcome.Sent : Attempt.Again;
    }

    private async ValueTask<NewMessage[]> UnknownAsync(string partition, NewMessage[] messages, CancellationToken cancellation)
    {
        List<NewMessage> unknown = [];
        foreach (NewMessage message in messages)
        {
            if (await table.FindAsync(ChannelRows.Known(partition, message.Id), cancellation) is null)
            {
                unknown.Add(message);
            }
        }

        return [.. unknown];
    }

    private async ValueTask<WriteOutcome> AddAsync(
        ChannelPlace place, ChannelHead head, NewMessage[] messages, DateTimeOffset now, ChannelKeeping keeping, CancellationToken cancellation)
    {
        if (messages.Length == 0)
        {
            return new WriteOutcome(WriteRefusal.None, 0, []);
        }

        string partition = head.Key.Partition;
        long tooMany = Math.Max(0, head.Kept + messages.Length - keeping.MaxMessages);
        List<MessageState> dropped = await OldestAsync(head, Math.Min(tooMany, Math.Min(head.Kept, DroppedPerSend)), cancellation);

        // What there is no room for although everything else has gone arrives without content: it counts as one of the oldest.
        long without = Math.Clamp(tooMany - head.Kept, 0, messages.Length);
        List<EntityWrite> known = [];
        List<EntityWrite> others = [.. dropped.SelectMany(message => message.Empty())];
        long last = head.Last;
        foreach (NewMessage message in messages)
        {
            last++;
            bool kept = last - head.Last > without;
            string? index = place.Kind == ChannelKind.Queue && kept ? ChannelRows.IndexOf(last, now, now + message.Delay) : null;
            known.Add(new InsertEntity(ChannelRows.ToKnown(partition, last, message.Id)));
            others.Add(MessageState.New(partition, last, message.Id, now, index, kept).Insert());
            if (kept)
            {
                others.Add(new InsertEntity(ChannelRows.ToContent(partition, last, message, now)));
            }

            if (index is not null)
            {
                others.Add(new InsertEntity(ChannelRows.ToIndex(partition, index, now)));
            }
        }

        ChannelHead next = head with
        {
            Last = last,
            Kept = head.Kept + messages.Length - without - dropped.Count,
            FirstKept = dropped.Count > 0 ? dropped[^1].Sequence + 1 : head.FirstKept,
            Oldest = head.Oldest ?? now,
        };

        // The known ones come first, so that a refusal tells of them before it tells of the head.
        return await table.WriteAsync([.. known, next.Replace(), .. others], cancellation);
    }

    /// <summary>The oldest messages that have content.</summary>
    private async ValueTask<List<MessageState>> OldestAsync(ChannelHead head, long count, CancellationToken cancellation)
    {
        List<MessageState> oldest = [];
        if (count == 0)
        {
            return oldest;
        }

        EntityRange kept = ChannelRows.States(head.Key.Partition, head.FirstKept, head.Last);
        await foreach (Entity row in RangeScan.AllAsync(table, kept, (int)count, cancellation))
        {
            MessageState message = MessageState.Read(row);
            if (message.Kept)
            {
                oldest.Add(message);
                if (oldest.Count == count)
                {
                    break;
                }
            }
        }

        return oldest;
    }
}
