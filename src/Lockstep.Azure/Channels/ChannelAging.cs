using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;

namespace Lockstep.Azure.Channels;

/// <summary>What becomes of messages that are too old. Nobody sees them any more, and they go when somebody sends or receives.</summary>
internal static class ChannelAging
{
    /// <summary>Messages that go at once: more than a send adds, and few enough for a transaction.</summary>
    private const int RemovedAtOnce = 24;

    /// <summary>Removes messages that are too old, with everything that is left of them; the head afterwards, or null when somebody came in between.</summary>
    public static async ValueTask<ChannelHead?> TryAsync(ITable table, ChannelHead head, DateTimeOffset keptSince, CancellationToken cancellation)
    {
        EntityRange states = ChannelRows.States(head.Key.Partition, head.FirstState, head.Last);
        List<Entity> found = await RangeScan.FirstAsync(table, states, RemovedAtOnce + 1, cancellation);
        MessageState[] old = [.. found.Select(MessageState.Read).TakeWhile(message => message.Sent < keptSince).Take(RemovedAtOnce)];
        long first = found.Count > old.Length ? ChannelRows.SequenceOf(found[old.Length]) : head.Last + 1;
        ChannelHead next = head with
        {
            Kept = head.Kept - old.Count(message => message.Kept),
            FirstState = first,
            FirstKept = Math.Max(first, head.FirstKept),
            Oldest = found.Count > old.Length ? ChannelRows.SentAt(found[old.Length]) : null,
        };
        WriteOutcome written = await table.WriteAsync(
            [
                next.Replace(),
                .. old.SelectMany(message => (EntityWrite[])
                    [message.Delete(), new DeleteEntity(ChannelRows.Known(head.Key.Partition, message.Id), null), .. message.RemoveContent()]),
            ],
            cancellation);
        return written.Succeeded ? next with { ETag = written.ETags[0] } : null;
    }
}
