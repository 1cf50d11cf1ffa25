using Lockstep.Azure.Ports;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Contracts;

namespace Lockstep.Azure.Tests.Fakes;

/// <summary>The tables in memory keep the contract of tables.</summary>
public sealed class MemoryTableTests : TableContract
{
    protected override Task<StoreLease<ITables>> OpenAsync() => Task.FromResult(new StoreLease<ITables>(new MemoryAzure().Tables, NothingToClear.Instance));
}

/// <summary>The tables in memory keep the contract of tables when pages come short.</summary>
public sealed class MemoryTableInShortPagesTests : TableContract
{
    protected override Task<StoreLease<ITables>> OpenAsync() => Task.FromResult(new StoreLease<ITables>(
        new MemoryAzure(new Faults(7) { BeforeEffectRate = 0, AnswerLostRate = 0, ShortPageRate = 0.5 }).Tables, NothingToClear.Instance));
}

/// <summary>The blobs in memory keep the contract of blobs.</summary>
public sealed class MemoryBlobTests : BlobContract
{
    protected override Task<StoreLease<IBlobs>> OpenAsync() => Task.FromResult(new StoreLease<IBlobs>(new MemoryAzure().Blobs, NothingToClear.Instance));
}

/// <summary>The blobs in memory keep the contract of blobs when pages come short.</summary>
public sealed class MemoryBlobInShortPagesTests : BlobContract
{
    protected override Task<StoreLease<IBlobs>> OpenAsync() => Task.FromResult(new StoreLease<IBlobs>(
        new MemoryAzure(new Faults(7) { BeforeEffectRate = 0, AnswerLostRate = 0, ShortPageRate = 0.5 }).Blobs, NothingToClear.Instance));
}

/// <summary>Stores in memory leave nothing behind.</summary>
internal sealed class NothingToClear : IAsyncDisposable
{
    public static NothingToClear Instance { get; } = new();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
