using Azure.Messaging.ServiceBus;
using Lockstep.Functions.Tests.Emulators;
using Lockstep.Functions.Tests.Fakes;

namespace Lockstep.Functions.Tests.Messages;

/// <summary>Queues and topic in this process.</summary>
public sealed class InProcessServiceBusTests : ServiceBusContract
{
    private protected override ServiceBusClient Open() => new MemoryServiceBus();
}

/// <summary>The platform over queues and topic in this process.</summary>
public sealed class InProcessServiceBusPlatformTests : ServiceBusPlatformContract
{
    private protected override ServiceBusClient Open() => new MemoryServiceBus();
}

/// <summary>The emulator of Service Bus, with the queues, the topic and the subscriptions of infra/local/service-bus.json.</summary>
[Collection(Emulator.ServiceBus)]
public sealed class EmulatorServiceBusTests : ServiceBusContract
{
    private protected override ServiceBusClient Open() => new(Emulator.Connection(Emulator.ServiceBus));
}

/// <summary>The platform over the emulator of Service Bus; one class after the other, because both take from the queue <c>tasks</c>.</summary>
[Collection(Emulator.ServiceBus)]
public sealed class EmulatorServiceBusPlatformTests : ServiceBusPlatformContract
{
    private protected override ServiceBusClient Open() => new(Emulator.Connection(Emulator.ServiceBus));
}
