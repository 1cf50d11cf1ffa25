using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Lockstep.Functions.Tests.Fakes;

/// <summary>A bus that notes what is sent, in batches of a fixed number of messages, and fails when it is told to.</summary>
internal sealed class FakeServiceBus : ServiceBusClient
{
    public int BatchSize { get; init; } = 3;

    public List<(string Entity, IReadOnlyList<ServiceBusMessage> Messages)> Sends { get; } = [];

    public Exception? Failure { get; set; }

    public override ServiceBusSender CreateSender(string queueOrTopicName) => new Sender(this, queueOrTopicName);

    private sealed class Sender(FakeServiceBus bus, string entity) : ServiceBusSender
    {
        private List<ServiceBusMessage> _batch = [];

        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default) => SendAsync([message]);

        public override ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default)
        {
            List<ServiceBusMessage> batch = _batch = [];
            return new ValueTask<ServiceBusMessageBatch>(
                ServiceBusModelFactory.ServiceBusMessageBatch(256 * 1024, batch, tryAddCallback: _ => batch.Count < bus.BatchSize));
        }

        public override Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default) => SendAsync([.. _batch]);

        private Task SendAsync(IReadOnlyList<ServiceBusMessage> messages)
        {
            if (bus.Failure is not null)
            {
                throw bus.Failure;
            }

            bus.Sends.Add((entity, messages));
            return Task.CompletedTask;
        }
    }
}

/// <summary>Notes how messages were settled.</summary>
internal sealed class FakeSettlement : ServiceBusMessageActions
{
    public List<string> Completed { get; } = [];

    public List<(string Id, string? Reason)> SetAside { get; } = [];

    public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default)
    {
        Completed.Add(message.MessageId);
        return Task.CompletedTask;
    }

    public override Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        Dictionary<string, object>? propertiesToModify = null,
        string? deadLetterReason = null,
        string? deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default)
    {
        SetAside.Add((message.MessageId, deadLetterReason));
        return Task.CompletedTask;
    }
}
