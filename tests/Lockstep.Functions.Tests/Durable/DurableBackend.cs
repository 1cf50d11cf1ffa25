using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage.Tests;
using Lockstep.Functions.Tests.Emulators;
using Lockstep.TestKit.Azure;

namespace Lockstep.Functions.Tests.Durable;

/// <summary>What a world runs on: a task hub, tables and blobs.</summary>
/// <param name="scheduler">Connection string of a scheduler with its task hub.</param>
/// <param name="tables">Tables that nobody else has.</param>
/// <param name="blobs">A container that nobody else has.</param>
/// <param name="owner">Ends with the backend; null for what somebody else has started.</param>
internal sealed class DurableBackend(string scheduler, ITables tables, IBlobs blobs, IAsyncDisposable? owner) : IAsyncDisposable
{
    public string Scheduler => scheduler;

    public ITables Tables => tables;

    public IBlobs Blobs => blobs;

    /// <summary>All in this process, and in memory.</summary>
    public static async Task<DurableBackend> InProcessAsync()
    {
        var cloud = new MemoryAzure(time: TimeProvider.System);
        MemoryScheduler scheduler = await MemoryScheduler.StartAsync();
        return new DurableBackend(scheduler.ConnectionString, cloud.Tables, cloud.Blobs, scheduler);
    }

    /// <summary>The task hub in this process, tables and blobs in Azurite. Skips the test without it.</summary>
    public static async Task<DurableBackend> OverAzuriteAsync(Azurite azurite)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        ITables tables = await azurite.NewTablesAsync(cancellation);
        IBlobs blobs = await azurite.NewBlobsAsync(cancellation);
        MemoryScheduler scheduler = await MemoryScheduler.StartAsync();
        return new DurableBackend(scheduler.ConnectionString, tables, blobs, scheduler);
    }

    /// <summary>The emulators of scheduler and storage. Skips the test without them.</summary>
    public static async Task<DurableBackend> EmulatedAsync(Azurite azurite)
    {
        string scheduler = Emulator.Connection(Emulator.Scheduler);
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        return new DurableBackend(scheduler, await azurite.NewTablesAsync(cancellation), await azurite.NewBlobsAsync(cancellation), owner: null);
    }

    public ValueTask DisposeAsync() => owner?.DisposeAsync() ?? ValueTask.CompletedTask;
}
