using Azure.Messaging.ServiceBus;
using Lockstep.Azure.Events;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Lockstep.Functions.Messages;

/// <summary>The subscription <c>event-log</c>, as the platform hands out its messages: those of one tenant at a time, in their order.</summary>
/// <param name="log">Keeps them.</param>
/// <param name="logger">Tells the operator of messages that are none of ours.</param>
public sealed partial class EventFunctions(EventLog log, ILogger<EventFunctions> logger)
{
    /// <summary>Keeps events for the API.</summary>
    [Function("KeepEvents")]
    public async Task KeepAsync(
        [ServiceBusTrigger(
            MessageNames.ExecutionEvents, MessageNames.EventLog, Connection = MessageNames.Connection, IsSessionsEnabled = true, IsBatched = true)]
        ServiceBusReceivedMessage[] messages,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(messages);
        foreach (IGrouping<string, ServiceBusReceivedMessage> session in messages.GroupBy(message => message.SessionId, StringComparer.Ordinal))
        {
            int strangers = await log.KeepAsync(session.Key, [.. session.Select(message => message.Body.ToMemory())], cancellation);
            if (strangers > 0)
            {
                LogStrangers(logger, strangers);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} messages of execution-events were no events of their session's tenant, and are dropped")]
    private static partial void LogStrangers(ILogger logger, int count);
}
