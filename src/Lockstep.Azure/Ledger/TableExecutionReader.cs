using Lockstep.Azure.Listings;
using Lockstep.Azure.Ports;
using Lockstep.Engine.History;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Ledger;

/// <summary>
/// Reads executions and their history. One execution is read from its own rows and is what the last append said; lists and counts follow an append
/// within the same activity, so they may show an execution as running for a moment after it has ended.
/// </summary>
public sealed class TableExecutionReader : IExecutionReader
{
    private readonly LedgerStore _store;
    private readonly LedgerCreation _executions;
    private readonly LedgerHistory _history;
    private readonly ExecutionListings _listings;

    /// <summary>A reader over the deployment's tables and blobs.</summary>
    public TableExecutionReader(ITables tables, IBlobs blobs)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(blobs);
        _store = new LedgerStore(tables, blobs);
        _executions = new LedgerCreation(_store);
        _history = new LedgerHistory(_store);
        _listings = new ExecutionListings(tables);
    }

    /// <inheritdoc/>
    public async ValueTask<ExecutionRecord?> FindAsync(ExecutionKey key, CancellationToken cancellation) =>
        await _executions.FindAsync(key, cancellation) is { Part.Kind: not ExecutionKind.MapRun } found ? found.Record with { ItemCount = null } : null;

    /// <inheritdoc/>
    public ValueTask<Page<ExecutionRecord>> ListAsync(TenantId tenant, ExecutionFilter filter, PageRequest page, CancellationToken cancellation) =>
        _listings.ListAsync(tenant, filter, page, cancellation);

    /// <inheritdoc/>
    public async ValueTask<Page<HistoryEvent>?> ReadHistoryAsync(
        ExecutionKey key, bool reverse, PageRequest page, CancellationToken cancellation) =>
        await _store.FindHeadAsync(key, cancellation) is { Expired: null, Kind: not ExecutionKind.MapRun } head ? await _history.ReadAsync(key, head, reverse, page, cancellation) : null;

    /// <inheritdoc/>
    public ValueTask<long> CountOpenAsync(TenantId tenant, CancellationToken cancellation) => _listings.CountOpenAsync(tenant, cancellation);
}
