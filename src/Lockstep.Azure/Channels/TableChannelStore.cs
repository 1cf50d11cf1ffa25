using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Service.Channels;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Channels;

/// <summary>
/// Queues, topics and event buses: table <c>channels</c>, where each has a row in its tenant's partition and a partition of its own for its messages
/// (<see cref="ChannelRows"/>). What makes a message arrive or go is one transaction.
/// </summary>
public sealed class TableChannelStore : IChannelStore, ILeavesLitter
{
    /// <summary>Contents that one page of a scan brings: each may be large.</summary>
    private const int MaxScanned = 100;

    private readonly ITable _table;
    private readonly NamedPartitions _queues;
    private readonly NamedPartitions _topics;
    private readonly NamedPartitions _buses;
    private readonly ChannelSend _send;
    private readonly Litter _litter;
    private readonly StorageRetry _retry;

    /// <summary>Channels in the deployment's tables.</summary>
    public TableChannelStore(ITables tables, StorageRetry retry, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(tables);
        _table = tables[TableName.Channels];
        _litter = NamedPartitions.LitterOf(_table, retry, time);
        _queues = new NamedPartitions(_table, "q", _litter, retry);
        _topics = new NamedPartitions(_table, "t", _litter, retry);
        _buses = new NamedPartitions(_table, "b", _litter, retry);
        _send = new ChannelSend(_table);
        _retry = retry;
    }

    /// <inheritdoc/>
    public ValueTask<bool> CreateAsync(ChannelRecord channel, CancellationToken cancellation) => Of(channel.Place.Kind).CreateAsync(
        channel.Place.Tenant, channel.Place.Name, channel.CreatedAt, static row => row, ChannelHead.Begin, cancellation);

    /// <inheritdoc/>
    public async ValueTask<ChannelRecord?> FindAsync(ChannelPlace place, CancellationToken cancellation) =>
        await Of(place.Kind).FindAsync(place.Tenant, place.Name, cancellation) is { } row ? new ChannelRecord(place, NamedPartitions.CreatedAt(row)) : null;

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(ChannelPlace place, CancellationToken cancellation) =>
        Of(place.Kind).DeleteAsync(place.Tenant, place.Name, cancellation);

    /// <inheritdoc/>
    public ValueTask<Page<ChannelRecord>> ListAsync(TenantId tenant, ChannelKind kind, PageRequest page, CancellationToken cancellation) => Of(kind).ListAsync(
        tenant,
        page,
        row => new ChannelRecord(new ChannelPlace(tenant, kind, NamedPartitions.NameOf(row)), NamedPartitions.CreatedAt(row)),
        channel => channel.Place.Name,
        cancellation);

    /// <inheritdoc/>
    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) => _queues.CountAsync(tenant, cancellation);

    /// <inheritdoc/>
    public ValueTask<SendOutcome> SendAsync(
        ChannelPlace place, IReadOnlyList<NewMessage> messages, DateTimeOffset now, ChannelKeeping keeping, CancellationToken cancellation) =>
        _retry.RunAsync<SendOutcome>(
            async () => await PartitionOfAsync(place, cancellation) is { } partition
                ? await _send.TryAsync(place, partition, messages, now, keeping, cancellation)
                : SendOutcome.NoChannel,
            cancellation);

    /// <inheritdoc/>
    public ValueTask<Page<MessageRecord>> ReadAsync(
        ChannelPlace place, long after, DateTimeOffset keptSince, PageRequest page, CancellationToken cancellation) => _retry.RunAsync<Page<MessageRecord>>(
            async () => await PartitionOfAsync(place, cancellation) is { } partition
                ? await ReadOnceAsync(place, partition, after, keptSince, page, cancellation)
                : new Page<MessageRecord>([], null),
            cancellation);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<MessageRecord>> ReceiveAsync(
        ChannelPlace place, int maxMessages, DateTimeOffset now, DateTimeOffset keptSince, DateTimeOffset hiddenUntil, CancellationToken cancellation)
    {
        if (await Of(place.Kind).FindAsync(place.Tenant, place.Name, cancellation) is not { } row)
        {
            return [];
        }

        var receive = new ChannelReceive(_table, NamedPartitions.PartitionOf(row));
        return await _retry.RunAsync(() => receive.TryAsync(maxMessages, now, keptSince, hiddenUntil, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteMessageAsync(ChannelPlace place, string messageId, CancellationToken cancellation)
    {
        bool sent = false;
        return _retry.RunAsync<bool>(
            async () =>
            {
                if (await PartitionOfAsync(place, cancellation) is not { } partition
                    || await _table.FindAsync(new EntityKey(partition, NamedPartitions.HeadRow), cancellation) is not { } head
                    || await _table.FindAsync(ChannelRows.Known(partition, messageId), cancellation) is not { } known
                    || await _table.FindAsync(ChannelRows.State(partition, ChannelRows.KnownSequence(known)), cancellation) is not { } row
                    || MessageState.Read(row) is not { Kept: true } message)
                {
                    // Gone since this call tried to delete it: by this call, as far as anybody can tell.
                    return sent;
                }

                ChannelHead before = ChannelHead.Read(head);
                sent = true;
                return (await _table.WriteAsync([(before with { Kept = before.Kept - 1 }).Replace(), .. message.Empty()], cancellation)).Succeeded
                    ? true
                    : Attempt.Again;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<int> ClearAsync(int maxItems, CancellationToken cancellation) => _litter.ClearAsync(
        maxItems, (partition, token) => NamedPartitions.RemoveAsync(_table, partition, token), cancellation);

    private async ValueTask<Page<MessageRecord>> ReadOnceAsync(
        ChannelPlace place, string partition, long after, DateTimeOffset keptSince, PageRequest page, CancellationToken cancellation)
    {
        List<MessageRecord> items = [];
        long bytes = 0;
        string? next = null;
        int size = Math.Min(page.MaxItems + 1, MaxScanned);
        await foreach (Entity row in RangeScan.AllAsync(_table, ChannelRows.ContentsAfter(partition, after), size, cancellation))
        {
            if (ChannelRows.SentAt(row) < keptSince)
            {
                continue;
            }

            if (items.Count == page.MaxItems || bytes >= page.MaxBytes)
            {
                next = "more";
                break;
            }

            MessageRecord message = ChannelRows.Read(row, received: 0);
            bytes += message.Content.Utf8Length;
            items.Add(message);
        }

        if (place.Kind == ChannelKind.Queue && items.Count > 0)
        {
            Dictionary<long, int> received = [];
            EntityRange states = ChannelRows.States(partition, items[0].Sequence, items[^1].Sequence);
            await foreach (Entity row in RangeScan.AllAsync(_table, states, TableRules.MaxPageItems, cancellation))
            {
                received[ChannelRows.SequenceOf(row)] = MessageState.Read(row).Received;
            }

            items = [.. items.Select(message => message with { Received = received.GetValueOrDefault(message.Sequence) })];
        }

        return new Page<MessageRecord>(items, next);
    }

    private async ValueTask<string?> PartitionOfAsync(ChannelPlace place, CancellationToken cancellation) =>
        await Of(place.Kind).TryFindAsync(place.Tenant, place.Name, cancellation) is { } row ? NamedPartitions.PartitionOf(row) : null;

    private NamedPartitions Of(ChannelKind kind) => kind switch
    {
        ChannelKind.Queue => _queues,
        ChannelKind.Topic => _topics,
        ChannelKind.EventBus => _buses,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind."),
    };
}
