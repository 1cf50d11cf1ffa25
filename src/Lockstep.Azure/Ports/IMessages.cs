using System.Collections.Immutable;
using Lockstep.Service.Errors;

namespace Lockstep.Azure.Ports;

/// <summary>
/// Sends to Service Bus. A message that was sent may arrive more than once, late, and in any order with others; so nothing may depend on
/// its content beyond where to look. A bus that cannot be reached throws <see cref="StorageUnavailableException"/>.
/// </summary>
public interface IMessages
{
    /// <summary>Sends messages to one place; returns when the bus has them all.</summary>
    ValueTask SendAsync(MessageRoute route, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation);
}

/// <summary>Where a message goes.</summary>
public enum MessageRoute
{
    /// <summary>Queue <c>callbacks</c>: wakes the orchestration that the session names.</summary>
    Callbacks,

    /// <summary>Queue <c>tasks</c>: calls that no orchestration awaits.</summary>
    Tasks,

    /// <summary>Topic <c>execution-events</c>: CloudEvents; the session is the tenant.</summary>
    ExecutionEvents,
}

/// <summary>A message to send.</summary>
/// <param name="MessageId">At most 128 characters; where the entity detects duplicates, a second one of the same id is dropped.</param>
/// <param name="SessionId">Messages of one session are handed out in order; null for queues without sessions.</param>
/// <param name="Body">At most 192 KiB.</param>
/// <param name="ContentType">Media type of the body.</param>
public sealed record OutgoingMessage(string MessageId, string? SessionId, ReadOnlyMemory<byte> Body, string ContentType)
{
    /// <summary>Properties beside the body, for filters of subscriptions.</summary>
    public ImmutableDictionary<string, string> Properties { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Not to be handed out before this time; null for at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }
}
