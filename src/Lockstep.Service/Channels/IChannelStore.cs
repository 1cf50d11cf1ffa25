using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Channels;

/// <summary>Keeps queues, topics and event buses with their messages.</summary>
public interface IChannelStore
{
    /// <summary>Creates a channel; false when it was there, which leaves it as it is.</summary>
    ValueTask<bool> CreateAsync(ChannelRecord channel, CancellationToken cancellation);

    /// <summary>Finds a channel; null when there is none.</summary>
    ValueTask<ChannelRecord?> FindAsync(ChannelPlace place, CancellationToken cancellation);

    /// <summary>Deletes a channel with its messages; true when it was there.</summary>
    ValueTask<bool> DeleteAsync(ChannelPlace place, CancellationToken cancellation);

    /// <summary>Lists the channels of a kind by name.</summary>
    ValueTask<Page<ChannelRecord>> ListAsync(TenantId tenant, ChannelKind kind, PageRequest page, CancellationToken cancellation);

    /// <summary>Channels of all kinds that the tenant has; its quota is checked against it.</summary>
    ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation);

    /// <summary>
    /// Appends 1 to 10 messages, of at most 983,040 bytes together, all or none, durable when it answers. A message whose id the channel knows is not added again, also when it has been
    /// deleted since, as long as it is not older than <see cref="ChannelKeeping.KeptSince"/>.
    /// </summary>
    ValueTask<SendOutcome> SendAsync(
        ChannelPlace place, IReadOnlyList<NewMessage> messages, DateTimeOffset now, ChannelKeeping keeping, CancellationToken cancellation);

    /// <summary>Reads messages after a sequence, oldest first, whether or not somebody has received them.</summary>
    /// <param name="place">The channel; one that is not there has no messages.</param>
    /// <param name="after">The last sequence seen; 0 for all.</param>
    /// <param name="keptSince">Older messages are gone.</param>
    /// <param name="page">Items and bytes at most; the cursor is not used.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The messages; the cursor says that there are more.</returns>
    ValueTask<Page<MessageRecord>> ReadAsync(
        ChannelPlace place, long after, DateTimeOffset keptSince, PageRequest page, CancellationToken cancellation);

    /// <summary>Takes the oldest messages that nobody else has at the moment and hides them until <paramref name="hiddenUntil"/>.</summary>
    ValueTask<IReadOnlyList<MessageRecord>> ReceiveAsync(
        ChannelPlace place, int maxMessages, DateTimeOffset now, DateTimeOffset keptSince, DateTimeOffset hiddenUntil, CancellationToken cancellation);

    /// <summary>Deletes a message by its id; false when there was none.</summary>
    ValueTask<bool> DeleteMessageAsync(ChannelPlace place, string messageId, CancellationToken cancellation);
}

/// <summary>What a channel keeps.</summary>
/// <param name="MaxMessages">Messages at most that are not deleted.</param>
/// <param name="DropOldest">Whether the oldest give way when there are more; else nothing is added.</param>
/// <param name="KeptSince">Older messages are gone.</param>
public sealed record ChannelKeeping(int MaxMessages, bool DropOldest, DateTimeOffset KeptSince);
