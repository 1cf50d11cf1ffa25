using System.Globalization;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Channels;

/// <summary>Queues, topics and event buses of a tenant, for whoever holds its key. Tasks send through here too, so that one set of rules holds.</summary>
/// <param name="store">Keeps them.</param>
/// <param name="pages">Seals page tokens.</param>
/// <param name="limits">The limits in force.</param>
/// <param name="time">The clock.</param>
public sealed class ChannelUseCases(IChannelStore store, PageTokens pages, ServiceLimits limits, TimeProvider time)
{
    /// <summary>Messages that one receive may take (Amazon SQS API, ReceiveMessage).</summary>
    public const int MaxReceived = 10;

    /// <summary>Messages that one send may have (Amazon SQS API, SendMessageBatch; EventBridge API, PutEvents).</summary>
    public const int MaxSent = 10;

    /// <summary>Longest time a received message may stay hidden, in seconds (Amazon SQS API, ReceiveMessage).</summary>
    public const int MaxVisibilitySeconds = 43_200;

    private const int DefaultVisibilitySeconds = 30;

    /// <summary>Creates a channel; the same again changes nothing.</summary>
    public async ValueTask<Result<CreateChannelOutcome>> CreateAsync(ChannelPlace place, CancellationToken cancellation)
    {
        if (ChannelNames.Check(place.Name) is { } badName)
        {
            return badName;
        }

        if (await store.FindAsync(place, cancellation) is { } existing)
        {
            return new CreateChannelOutcome(existing, Created: false);
        }

        if (await store.CountAsync(place.Tenant, cancellation) >= limits.MaxChannels)
        {
            return new ServiceError(
                ErrorCodes.ChannelLimitExceeded,
                string.Create(CultureInfo.InvariantCulture, $"The tenant has {limits.MaxChannels} queues, topics and event buses, which is its limit. Delete one first."));
        }

        var channel = new ChannelRecord(place, time.GetUtcNow());
        bool created = await store.CreateAsync(channel, cancellation);
        return new CreateChannelOutcome(created ? channel : await store.FindAsync(place, cancellation) ?? channel, created);
    }

    /// <summary>Finds a channel.</summary>
    public async ValueTask<Result<ChannelRecord>> DescribeAsync(ChannelPlace place, CancellationToken cancellation) =>
        ChannelNames.Check(place.Name) is { } badName ? badName
        : await store.FindAsync(place, cancellation) is { } found ? found
        : Absent(place);

    /// <summary>Lists the channels of a kind by name.</summary>
    public async ValueTask<Result<Page<ChannelRecord>>> ListAsync(TenantId tenant, ChannelKind kind, ListRequest asked, CancellationToken cancellation)
    {
        string query = $"channels\n{ChannelNames.WordFor(kind)}";
        return await pages.ListAsync(tenant, query, asked, page => store.ListAsync(tenant, kind, page, cancellation));
    }

    /// <summary>Deletes a channel with its messages; one that is not there counts as deleted.</summary>
    public async ValueTask<Result<Accepted>> DeleteAsync(ChannelPlace place, CancellationToken cancellation)
    {
        if (ChannelNames.Check(place.Name) is { } badName)
        {
            return badName;
        }

        await store.DeleteAsync(place, cancellation);
        return default(Accepted);
    }

    /// <summary>Sends messages, all or none. The event bus <see cref="ChannelNames.DefaultBus"/> comes into being by it.</summary>
    public async ValueTask<Result<Accepted>> SendAsync(ChannelPlace place, IReadOnlyList<NewMessage> messages, CancellationToken cancellation)
    {
        if (ChannelNames.Check(place.Name) is not null)
        {
            return Absent(place);
        }

        if (messages.Count is < 1 or > MaxSent)
        {
            return Refuse("/messages", $"{messages.Count} messages are sent together; 1 to {MaxSent} are allowed.");
        }

        long bytes = messages.Sum(message => (long)message.Content.Utf8Length);
        if (bytes > limits.MaxMessageBytes)
        {
            return new ServiceError(
                ErrorCodes.PayloadTooLarge,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(messages.Count == 1 ? "A message has" : "The messages have")} {bytes} bytes with attributes; {limits.MaxMessageBytes} are allowed."));
        }

        SendOutcome outcome = await SendOnceAsync(place, messages, cancellation);
        if (outcome == SendOutcome.NoChannel && place is { Kind: ChannelKind.EventBus, Name: ChannelNames.DefaultBus })
        {
            await store.CreateAsync(new ChannelRecord(place, time.GetUtcNow()), cancellation);
            outcome = await SendOnceAsync(place, messages, cancellation);
        }

        return outcome switch
        {
            SendOutcome.Sent => default(Accepted),
            SendOutcome.NoChannel => Absent(place),
            _ => new ServiceError(
                ErrorCodes.QueueFull,
                string.Create(CultureInfo.InvariantCulture, $"The queue \"{place.Name}\" holds {limits.MaxChannelMessages} messages, which is its limit. Receive and delete some.")),
        };
    }

    /// <summary>Reads messages after a sequence, oldest first. Nothing changes by it.</summary>
    public async ValueTask<Result<Page<MessageRecord>>> ReadAsync(
        ChannelPlace place, long after, int? pageSize, CancellationToken cancellation)
    {
        Result<ChannelRecord> channel = await DescribeAsync(place, cancellation);
        if (!channel.Succeeded && !(channel.Error.Code == ErrorCodes.ChannelDoesNotExist && place is { Kind: ChannelKind.EventBus, Name: ChannelNames.DefaultBus }))
        {
            return channel.Error;
        }

        Result<PageRequest> page = pages.Open(place.Tenant, "messages", new ListRequest(pageSize, null));
        return page.Succeeded
            ? await store.ReadAsync(place, after, KeptSince(), page.Value, cancellation)
            : page.Error;
    }

    /// <summary>Takes messages from a queue: each is hidden from other receivers for a while, and comes back unless it is deleted.</summary>
    /// <param name="place">The queue.</param>
    /// <param name="maxMessages">Messages at most, 1 to 10; null for 1.</param>
    /// <param name="visibilitySeconds">How long they stay hidden, 0 to 43,200; null for 30.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<Result<Page<MessageRecord>>> ReceiveAsync(
        ChannelPlace place, int? maxMessages, int? visibilitySeconds, CancellationToken cancellation)
    {
        if (maxMessages is < 1 or > MaxReceived)
        {
            return Refuse("/maxMessages", $"maxMessages is {maxMessages}, but has to be from 1 to {MaxReceived}.");
        }

        if (visibilitySeconds is < 0 or > MaxVisibilitySeconds)
        {
            return Refuse("/visibilitySeconds", $"visibilitySeconds is {visibilitySeconds}, but has to be from 0 to {MaxVisibilitySeconds}.");
        }

        Result<ChannelRecord> channel = await DescribeAsync(place, cancellation);
        if (!channel.Succeeded)
        {
            return channel.Error;
        }

        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset hiddenUntil = now.AddSeconds(visibilitySeconds ?? DefaultVisibilitySeconds);
        return new Page<MessageRecord>(
            await store.ReceiveAsync(place, maxMessages ?? 1, now, KeptSince(), hiddenUntil, cancellation), null);
    }

    /// <summary>Deletes a message from a queue; one that is not there counts as deleted.</summary>
    public async ValueTask<Result<Accepted>> DeleteMessageAsync(ChannelPlace place, string messageId, CancellationToken cancellation)
    {
        Result<ChannelRecord> channel = await DescribeAsync(place, cancellation);
        if (!channel.Succeeded)
        {
            return channel.Error;
        }

        await store.DeleteMessageAsync(place, messageId, cancellation);
        return default(Accepted);
    }

    private static ServiceError Absent(ChannelPlace place) =>
        new(ErrorCodes.ChannelDoesNotExist, $"There is no {ChannelNames.WordFor(place.Kind)} named \"{place.Name}\".") { Target = "name" };

    private static ServiceError Refuse(string target, string message) => new(ErrorCodes.Validation, message) { Target = target };

    private ValueTask<SendOutcome> SendOnceAsync(ChannelPlace place, IReadOnlyList<NewMessage> messages, CancellationToken cancellation) => store.SendAsync(
            place,
            messages,
            time.GetUtcNow(),
            new ChannelKeeping(limits.MaxChannelMessages, DropOldest: place.Kind != ChannelKind.Queue, KeptSince()),
            cancellation);

    private DateTimeOffset KeptSince() => time.GetUtcNow().AddDays(-limits.MessageRetentionDays);
}

/// <summary>How a creation was answered.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Created">True when it is new.</param>
public sealed record CreateChannelOutcome(ChannelRecord Channel, bool Created);
