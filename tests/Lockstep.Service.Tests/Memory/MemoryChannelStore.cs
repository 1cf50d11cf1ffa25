using Lockstep.Service.Channels;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Tests.Memory;

/// <summary>Queues, topics and event buses in memory. Whoever uses it makes one request at a time.</summary>
internal sealed class MemoryChannelStore : IChannelStore
{
    private readonly SortedDictionary<string, (ChannelRecord Channel, List<MessageRecord> Messages)> _channels = new(StringComparer.Ordinal);

    public ValueTask<bool> CreateAsync(ChannelRecord channel, CancellationToken cancellation) =>
        new(_channels.TryAdd(channel.Place.ToString(), (channel, [])));

    public ValueTask<ChannelRecord?> FindAsync(ChannelPlace place, CancellationToken cancellation) =>
        new(_channels.GetValueOrDefault(place.ToString()).Channel);

    public ValueTask<bool> DeleteAsync(ChannelPlace place, CancellationToken cancellation) => new(_channels.Remove(place.ToString()));

    public ValueTask<Page<ChannelRecord>> ListAsync(TenantId tenant, ChannelKind kind, PageRequest page, CancellationToken cancellation) =>
        new(MemoryPages.ByName(
            _channels.Values.Select(entry => entry.Channel).Where(channel => channel.Place.Tenant == tenant && channel.Place.Kind == kind),
            channel => channel.Place.Name,
            page));

    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) =>
        new(_channels.Values.Count(entry => entry.Channel.Place.Tenant == tenant));

    public ValueTask<SendOutcome> SendAsync(
        ChannelPlace place, IReadOnlyList<NewMessage> messages, DateTimeOffset now, ChannelKeeping keeping, CancellationToken cancellation)
    {
        if (!_channels.TryGetValue(place.ToString(), out (ChannelRecord, List<MessageRecord> Messages) entry))
        {
            return new(SendOutcome.NoChannel);
        }

        if (!keeping.DropOldest && entry.Messages.Count + messages.Count > keeping.MaxMessages)
        {
            return new(SendOutcome.Full);
        }

        entry.Messages.AddRange(messages.Select((message, index) => new MessageRecord(entry.Messages.Count + index + 1, message.Id, message.Content, now, 0)));
        return new(SendOutcome.Sent);
    }

    public ValueTask<Page<MessageRecord>> ReadAsync(
        ChannelPlace place, long after, DateTimeOffset keptSince, PageRequest page, CancellationToken cancellation)
    {
        MessageRecord[] rest = [.. MessagesOf(place).Where(message => message.Sequence > after && message.SentAt >= keptSince)];
        return new(new Page<MessageRecord>([.. rest.Take(page.MaxItems)], rest.Length > page.MaxItems ? "more" : null));
    }

    public ValueTask<IReadOnlyList<MessageRecord>> ReceiveAsync(
        ChannelPlace place, int maxMessages, DateTimeOffset now, DateTimeOffset keptSince, DateTimeOffset hiddenUntil, CancellationToken cancellation) =>
        new([.. MessagesOf(place).Take(maxMessages)]);

    public ValueTask<bool> DeleteMessageAsync(ChannelPlace place, string messageId, CancellationToken cancellation) =>
        new(MessagesOf(place).RemoveAll(message => message.Id == messageId) > 0);

    private List<MessageRecord> MessagesOf(ChannelPlace place) =>
        _channels.TryGetValue(place.ToString(), out (ChannelRecord, List<MessageRecord> Messages) entry) ? entry.Messages : [];
}
