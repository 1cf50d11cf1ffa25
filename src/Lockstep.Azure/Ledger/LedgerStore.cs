using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Ledger;

/// <summary>Reads single rows of an execution and writes transactions to its partition.</summary>
internal sealed class LedgerStore(ITables tables, IBlobs blobs)
{
    /// <summary>How often a change is tried again because somebody else was faster.</summary>
    public const int MaxAttempts = 32;

    private readonly ITable _table = tables[TableName.Executions];

    public Bodies Bodies { get; } = new(blobs);

    public IBlobs Blobs => blobs;

    public ValueTask<Entity?> FindAsync(ExecutionKey key, string row, CancellationToken cancellation) =>
        _table.FindAsync(new EntityKey(LedgerKeys.Partition(key), row), cancellation);

    public async ValueTask<HeadRow?> FindHeadAsync(ExecutionKey key, CancellationToken cancellation) =>
        await FindAsync(key, LedgerKeys.Head, cancellation) is { } entity ? HeadRow.Read(entity) : null;

    public async ValueTask<TaskRow?> FindTaskAsync(ExecutionKey key, CommandId task, CancellationToken cancellation) =>
        await FindAsync(key, LedgerKeys.Task(task), cancellation) is { } entity ? TaskRow.Read(task, entity) : null;

    public ValueTask<EntityPage> QueryAsync(EntityRange range, int maxItems, string? continuation, CancellationToken cancellation) =>
        _table.QueryAsync(range, maxItems, continuation, cancellation);

    public ValueTask<WriteOutcome> WriteAsync(IReadOnlyList<EntityWrite> writes, CancellationToken cancellation) =>
        _table.WriteAsync(writes, cancellation);

    /// <summary>Others were faster too often: more than any protocol of ours explains.</summary>
    public static StorageUnavailableException Contended(ExecutionKey key) =>
        new($"Execution '{key.Id}' changes faster than it can be written.");
}
