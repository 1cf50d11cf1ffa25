using Lockstep.Azure.Storage.Tests;

namespace Lockstep.Functions.Tests.Durable;

/// <summary>Everything in this process.</summary>
public sealed class InProcessDurableRunTests : DurableRunContract
{
    private protected override Task<DurableBackend> OpenAsync() => DurableBackend.InProcessAsync();
}

/// <summary>Tables and blobs in the emulator of storage.</summary>
public sealed class AzuriteDurableRunTests(Azurite azurite) : DurableRunContract
{
    private protected override Task<DurableBackend> OpenAsync() => DurableBackend.OverAzuriteAsync(azurite);
}

/// <summary>The emulators of scheduler and storage. All tests that use the one task hub are in this class, so that they run one after the other.</summary>
public sealed class EmulatorDurableRunTests(Azurite azurite) : DurableRunContract
{
    private protected override Task<DurableBackend> OpenAsync() => DurableBackend.EmulatedAsync(azurite);
}
