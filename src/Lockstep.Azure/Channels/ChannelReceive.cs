using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Service.Channels;

namespace Lockstep.Azure.Channels;

/// <summary>
/// One receive from a queue: what is ready comes in order, and of what was hidden and has come back the <see cref="MaxReturned"/> that came back first are
/// looked at. The rows of the index move by the versions of the messages' states, so each message goes to one receiver.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="partition">The queue's partition.</param>
internal sealed class ChannelReceive(ITable table, string partition)
{
    private const int MaxReturned = 100;

    private readonly string _call = Guid.NewGuid().ToString("N");
    private MessageRecord[] _planned = [];

    /// <summary>Tries once; an attempt recognises what the one before has taken.</summary>
    public async ValueTask<Attempt<IReadOnlyList<MessageRecord>>> TryAsync(
        int maxMessages, DateTimeOffset now, DateTimeOffset keptSince, DateTimeOffset hiddenUntil, CancellationToken cancellation)
    {
        if (_planned is [var first, ..]
            && await table.FindAsync(ChannelRows.State(partition, first.Sequence), cancellation) is { } row && MessageState.Read(row).Mark == _call)
        {
            return Attempt.Done<IReadOnlyList<MessageRecord>>(_planned);
        }

        if (await table.FindAsync(new EntityKey(partition, NamedPartitions.HeadRow), cancellation) is { } head
            && ChannelHead.Read(head) is { } read && read.Oldest < keptSince
            && await ChannelAging.TryAsync(table, read, keptSince, cancellation) is null)
        {
            return Attempt.Again;
        }

        List<Found> found = await FindAsync(maxMessages, now, keptSince, cancellation);
        List<long> sequences = [.. found.Select(message => message.Sequence)];
        List<EntityWrite> writes = [];
        List<MessageRecord> taken = [];
        Dictionary<long, Entity> states = await ReadAsync(sequences, ChannelRows.State, cancellation);
        Dictionary<long, Entity> contents = await ReadAsync(sequences, ChannelRows.Content, cancellation);
        foreach ((long sequence, string index) in found)
        {
            // A state that names another row of the index has been received since by somebody else, who has hidden the message.
            if (!states.TryGetValue(sequence, out Entity? state) || !contents.TryGetValue(sequence, out Entity? content)
                || MessageState.Read(state) is not { } message || message.Index != index)
            {
                return Attempt.Again;
            }

            MessageState hidden = message with
            {
                Received = message.Received + 1,
                Index = ChannelRows.IndexOf(sequence, now, hiddenUntil),
                Mark = _call,
            };
            writes.Add(hidden.Replace());
            if (hidden.Index != index)
            {
                writes.Add(new DeleteEntity(new EntityKey(partition, index), null));
                writes.Add(new InsertEntity(ChannelRows.ToIndex(partition, hidden.Index, message.Sent)));
            }

            taken.Add(ChannelRows.Read(content, hidden.Received));
        }

        _planned = [.. taken];
        return taken.Count == 0 || (await table.WriteAsync(writes, cancellation)).Succeeded
            ? Attempt.Done<IReadOnlyList<MessageRecord>>(_planned)
            : Attempt.Again;
    }

    private async ValueTask<List<Found>> FindAsync(int maxMessages, DateTimeOffset now, DateTimeOffset keptSince, CancellationToken cancellation)
    {
        List<Found> returned = await FindAsync(ChannelRows.HiddenUntil(partition, now), MaxReturned, keptSince, cancellation);
        List<Found> ready = await FindAsync(ChannelRows.Ready(partition), maxMessages, keptSince, cancellation);
        return [.. returned.Concat(ready).OrderBy(message => message.Sequence).Take(maxMessages)];
    }

    private async ValueTask<List<Found>> FindAsync(EntityRange index, int count, DateTimeOffset keptSince, CancellationToken cancellation)
    {
        List<Found> found = [];
        await foreach (Entity row in RangeScan.AllAsync(table, index, count, cancellation))
        {
            if (ChannelRows.SentAt(row) >= keptSince)
            {
                found.Add(new Found(ChannelRows.SequenceOf(row), row.Key.Row));
                if (found.Count == count)
                {
                    break;
                }
            }
        }

        return found;
    }

    /// <summary>Reads rows of messages: in one scan where few others lie between them, else one by one.</summary>
    private async ValueTask<Dictionary<long, Entity>> ReadAsync(
        List<long> sequences, Func<string, long, EntityKey> keyOf, CancellationToken cancellation)
    {
        Dictionary<long, Entity> rows = [];
        if (sequences.Count > 1 && sequences[^1] - sequences[0] < 2 * sequences.Count)
        {
            var range = new EntityRange(partition, keyOf(partition, sequences[0]).Row, keyOf(partition, sequences[^1] + 1).Row);
            await foreach (Entity row in RangeScan.AllAsync(table, range, 2 * sequences.Count, cancellation))
            {
                rows[ChannelRows.SequenceOf(row)] = row;
            }

            return rows;
        }

        foreach (long sequence in sequences)
        {
            if (await table.FindAsync(keyOf(partition, sequence), cancellation) is { } row)
            {
                rows[sequence] = row;
            }
        }

        return rows;
    }

    /// <summary>A message that can be received, and the row of the index that said so.</summary>
    private readonly record struct Found(long Sequence, string Index);
}
