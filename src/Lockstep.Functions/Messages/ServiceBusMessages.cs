using System.Diagnostics;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Lockstep.Azure.Ports;
using Lockstep.Service.Errors;

namespace Lockstep.Functions.Messages;

/// <summary><see cref="IMessages"/> over Service Bus. The SDK repeats what is worth repeating; what still fails may have taken effect.</summary>
public sealed class ServiceBusMessages(ServiceBusClient bus) : IMessages, IAsyncDisposable
{
    private readonly Dictionary<MessageRoute, ServiceBusSender> _senders =
        Enum.GetValues<MessageRoute>().ToDictionary(route => route, route => bus.CreateSender(NameOf(route)));

    /// <summary>The queue or topic of a route.</summary>
    public static string NameOf(MessageRoute route) => route switch
    {
        MessageRoute.Callbacks => MessageNames.Callbacks,
        MessageRoute.Tasks => MessageNames.Tasks,
        MessageRoute.ExecutionEvents => MessageNames.ExecutionEvents,
        _ => throw new UnreachableException(),
    };

    /// <inheritdoc/>
    public async ValueTask SendAsync(MessageRoute route, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(messages);
        foreach (OutgoingMessage message in messages)
        {
            MessageRules.Check(route, message);
        }

        try
        {
            await SendCheckedAsync(_senders[route], [.. messages.Select(ToBus)], cancellation);
        }
        catch (Exception failure) when (failure is ServiceBusException or AuthenticationFailedException or UnauthorizedAccessException or TimeoutException
            || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new StorageUnavailableException(
                $"Sending to {NameOf(route)} failed: {(failure as ServiceBusException)?.Reason.ToString() ?? failure.GetType().Name}", failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (ServiceBusSender sender in _senders.Values)
        {
            await sender.DisposeAsync();
        }
    }

    private static async Task SendCheckedAsync(ServiceBusSender sender, IReadOnlyList<ServiceBusMessage> messages, CancellationToken cancellation)
    {
        if (messages.Count == 1)
        {
            await sender.SendMessageAsync(messages[0], cancellation);
            return;
        }

        int next = 0;
        while (next < messages.Count)
        {
            using ServiceBusMessageBatch batch = await sender.CreateMessageBatchAsync(cancellation);
            int first = next;
            while (next < messages.Count && batch.TryAddMessage(messages[next]))
            {
                next++;
            }

            if (next == first)
            {
                throw new InvalidOperationException($"Message {messages[next].MessageId} does not fit into a batch of {batch.MaxSizeInBytes} bytes.");
            }

            await sender.SendMessagesAsync(batch, cancellation);
        }
    }

    private static ServiceBusMessage ToBus(OutgoingMessage message)
    {
        var sent = new ServiceBusMessage(message.Body) { MessageId = message.MessageId, ContentType = message.ContentType };
        if (message.SessionId is { } session)
        {
            sent.SessionId = session;
        }

        if (message.NotBefore is { } notBefore)
        {
            sent.ScheduledEnqueueTime = notBefore;
        }

        foreach ((string name, string value) in message.Properties)
        {
            sent.ApplicationProperties[name] = value;
        }

        return sent;
    }
}
