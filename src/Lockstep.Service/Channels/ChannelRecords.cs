using Lockstep.Json;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Channels;

/// <summary>What a channel is to the tasks that send to it.</summary>
public enum ChannelKind
{
    /// <summary><c>sqs:sendMessage</c> sends to it; every message stays until somebody deletes it or its age ends it.</summary>
    Queue = 0,

    /// <summary><c>sns:publish</c> publishes to it; it keeps the newest messages for whoever reads.</summary>
    Topic = 1,

    /// <summary><c>events:putEvents</c> puts events on it; it keeps the newest events for whoever reads.</summary>
    EventBus = 2,
}

/// <summary>Where a channel is. Channels of one tenant are unknown to every other, and kinds do not share names.</summary>
/// <param name="Tenant">The owner.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">1 to 80 letters, digits, hyphens and underscores.</param>
public readonly record struct ChannelPlace(TenantId Tenant, ChannelKind Kind, string Name);

/// <summary>A channel: a log of messages in the order in which they arrived.</summary>
/// <param name="Place">Where it is.</param>
/// <param name="CreatedAt">When it was created.</param>
public sealed record ChannelRecord(ChannelPlace Place, DateTimeOffset CreatedAt);

/// <summary>A message to be sent.</summary>
/// <param name="Id">A UUID; the same id is kept once within a channel, however often it is sent.</param>
/// <param name="Content">What the kind of channel makes of it.</param>
/// <param name="Delay">How long it stays hidden from receivers of a queue.</param>
public sealed record NewMessage(string Id, JsonObject Content, TimeSpan Delay = default);

/// <summary>A message as the channel keeps it.</summary>
/// <param name="Sequence">Its place in the channel; ascends from 1, and deleted ones leave gaps.</param>
/// <param name="Id">The UUID it was sent with.</param>
/// <param name="Content">What was sent.</param>
/// <param name="SentAt">When it arrived.</param>
/// <param name="Received">How often it was received from a queue.</param>
public sealed record MessageRecord(long Sequence, string Id, JsonObject Content, DateTimeOffset SentAt, int Received);

/// <summary>How a send ended.</summary>
public enum SendOutcome
{
    /// <summary>Every message is in the channel, or was before.</summary>
    Sent,

    /// <summary>There is no such channel.</summary>
    NoChannel,

    /// <summary>The queue holds as many messages as it may; none was added.</summary>
    Full,
}
