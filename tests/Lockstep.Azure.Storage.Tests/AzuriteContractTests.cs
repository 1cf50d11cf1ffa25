using Lockstep.Azure.Ports;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Contracts;

namespace Lockstep.Azure.Storage.Tests;

/// <summary>The tables of the emulator, through the SDK, keep the contract of tables.</summary>
public sealed class AzuriteTableTests(Azurite azurite) : TableContract
{
    protected override async Task<StoreLease<ITables>> OpenAsync() =>
        new(await azurite.NewTablesAsync(TestContext.Current.CancellationToken), Nothing.Instance);
}

/// <summary>The blobs of the emulator, through the SDK, keep the contract of blobs.</summary>
public sealed class AzuriteBlobTests(Azurite azurite) : BlobContract
{
    protected override async Task<StoreLease<IBlobs>> OpenAsync() =>
        new(await azurite.NewBlobsAsync(TestContext.Current.CancellationToken), Nothing.Instance);
}

/// <summary>What a test has left behind ends with the emulator.</summary>
internal sealed class Nothing : IAsyncDisposable
{
    public static Nothing Instance { get; } = new();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
