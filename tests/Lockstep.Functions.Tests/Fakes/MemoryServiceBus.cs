using Azure.Messaging.ServiceBus;

namespace Lockstep.Functions.Tests.Fakes;

/// <summary>
/// The queues and the topic of the deployment in memory, behind the client of the SDK: sessions, duplicates dropped by the topic, and its subscription
/// <c>event-log</c>. What is received and not completed stays first.
/// </summary>
internal sealed class MemoryServiceBus : ServiceBusClient
{
    private const string Topic = "execution-events";
    private const string Subscription = "event-log";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<ServiceBusMessage>> _waiting = new(StringComparer.Ordinal) { ["callbacks"] = [], ["tasks"] = [], [Topic] = [] };
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public override ServiceBusSender CreateSender(string queueOrTopicName) => new Sender(this, queueOrTopicName);

    public override ServiceBusReceiver CreateReceiver(string queueName) => new Receiver(this, queueName);

    public override Task<ServiceBusSessionReceiver> AcceptSessionAsync(
        string queueName, string sessionId, ServiceBusSessionReceiverOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult<ServiceBusSessionReceiver>(new SessionReceiver(this, queueName, sessionId));

    public override Task<ServiceBusSessionReceiver> AcceptSessionAsync(
        string topicName,
        string subscriptionName,
        string sessionId,
        ServiceBusSessionReceiverOptions? options = null,
        CancellationToken cancellationToken = default) => subscriptionName == Subscription
        ? Task.FromResult<ServiceBusSessionReceiver>(new SessionReceiver(this, topicName, sessionId))
        : throw new ServiceBusException("There is no such subscription.", ServiceBusFailureReason.MessagingEntityNotFound);

    private void Send(string entity, IEnumerable<ServiceBusMessage> messages)
    {
        lock (_gate)
        {
            _waiting[entity].AddRange(messages.Where(message => entity != Topic || _seen.Add(message.MessageId)));
        }
    }

    private ServiceBusReceivedMessage? First(string entity, string? session)
    {
        lock (_gate)
        {
            return _waiting[entity].FirstOrDefault(message => session is null || message.SessionId == session) is { } message
                ? ServiceBusModelFactory.ServiceBusReceivedMessage(
                    body: message.Body,
                    messageId: message.MessageId,
                    sessionId: message.SessionId,
                    contentType: message.ContentType,
                    properties: message.ApplicationProperties,
                    deliveryCount: 1)
                : null;
        }
    }

    private void Remove(string entity, string messageId)
    {
        lock (_gate)
        {
            _waiting[entity].RemoveAt(_waiting[entity].FindIndex(message => message.MessageId == messageId));
        }
    }

    private sealed class Sender(MemoryServiceBus bus, string entity) : ServiceBusSender
    {
        private List<ServiceBusMessage> _batch = [];

        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
        {
            bus.Send(entity, [message]);
            return Task.CompletedTask;
        }

        public override ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default)
        {
            _batch = [];
            return new ValueTask<ServiceBusMessageBatch>(ServiceBusModelFactory.ServiceBusMessageBatch(256 * 1024, _batch));
        }

        public override Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default)
        {
            bus.Send(entity, _batch);
            return Task.CompletedTask;
        }
    }

    private sealed class Receiver(MemoryServiceBus bus, string entity) : ServiceBusReceiver
    {
        public override Task<ServiceBusReceivedMessage> ReceiveMessageAsync(TimeSpan? maxWaitTime = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(bus.First(entity, session: null)!);

        public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default)
        {
            bus.Remove(entity, message.MessageId);
            return Task.CompletedTask;
        }
    }

    private sealed class SessionReceiver(MemoryServiceBus bus, string entity, string session) : ServiceBusSessionReceiver
    {
        public override string SessionId => session;

        public override Task<ServiceBusReceivedMessage> ReceiveMessageAsync(TimeSpan? maxWaitTime = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(bus.First(entity, session)!);

        public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default)
        {
            bus.Remove(entity, message.MessageId);
            return Task.CompletedTask;
        }
    }
}
