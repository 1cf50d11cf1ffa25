using Azure.Messaging.ServiceBus;
using Lockstep.Azure.Callbacks;
using Lockstep.Azure.Work;
using Lockstep.Functions.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Lockstep.Functions.Messages;

/// <summary>The queues, as the platform hands out their messages. A function that throws gives its messages back; after ten deliveries they are set aside.</summary>
/// <param name="callbacks">Wakes orchestrations.</param>
/// <param name="worker">Does the work of the queue <c>tasks</c>.</param>
/// <param name="orchestrations">Takes over the client that the platform hands to each call.</param>
/// <param name="logger">Tells the operator of messages that are none of ours.</param>
public sealed partial class MessageFunctions(
    CallbackHandler callbacks, TaskWorker worker, DurableOrchestrations orchestrations, ILogger<MessageFunctions> logger)
{
    /// <summary>Why a message was set aside that nobody here has sent.</summary>
    public const string NotOurs = "NotOurs";

    /// <summary>Wakes the orchestration that the session names: once for all messages of it that have come together.</summary>
    [Function("Wake")]
    public async Task WakeAsync(
        [ServiceBusTrigger(MessageNames.Callbacks, Connection = MessageNames.Connection, IsSessionsEnabled = true, IsBatched = true)]
        ServiceBusReceivedMessage[] messages,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(messages);
        orchestrations.Use(client);
        foreach (string session in messages.Select(message => message.SessionId).Distinct(StringComparer.Ordinal))
        {
            await callbacks.HandleAsync(session, cancellation);
        }
    }

    /// <summary>Does what a message says; one that is none of ours is set aside at once.</summary>
    [Function("Work")]
    public async Task WorkAsync(
        [ServiceBusTrigger(MessageNames.Tasks, Connection = MessageNames.Connection, AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(actions);
        orchestrations.Use(client);
        if (await worker.HandleAsync(message.Body, cancellation))
        {
            await actions.CompleteMessageAsync(message, cancellation);
        }
        else
        {
            LogNotOurs(logger, message.MessageId);
            await actions.DeadLetterMessageAsync(message, deadLetterReason: NotOurs, cancellationToken: cancellation);
        }
    }

    /// <summary>
    /// Tells an execution that no worker brought its call to an end, or that nobody came in time: it would wait for ever. What is none of ours stays where
    /// it is, for the operator.
    /// </summary>
    [Function("WorkGivenUp")]
    public async Task GiveUpAsync(
        [ServiceBusTrigger(MessageNames.TasksSetAside, Connection = MessageNames.Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(actions);
        orchestrations.Use(client);

        // Not settled is not lost: its lock runs out, and it is looked at again every few minutes, which keeps the alert up.
        if (await worker.GiveUpAsync(message.Body, message.DeliveryCount, cancellation))
        {
            await actions.CompleteMessageAsync(message, cancellation);
        }
        else
        {
            LogNotOurs(logger, message.MessageId);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {MessageId} of the queue tasks is none of this service")]
    private static partial void LogNotOurs(ILogger logger, string messageId);
}
