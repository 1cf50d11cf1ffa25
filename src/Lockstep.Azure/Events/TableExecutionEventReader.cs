using System.Globalization;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Ports;
using Lockstep.Service.Events;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Events;

/// <summary>Reads the event log of a tenant. The rows say which execution took on which status; what it was then follows from its own rows.</summary>
public sealed class TableExecutionEventReader : IExecutionEventReader
{
    private const int ReadsAtOnce = 16;

    private readonly ITable _table;
    private readonly LedgerCreation _executions;

    /// <summary>A reader over the deployment's tables and blobs.</summary>
    public TableExecutionEventReader(ITables tables, IBlobs blobs)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(blobs);
        _table = tables[TableName.Events];
        _executions = new LedgerCreation(new LedgerStore(tables, blobs));
    }

    /// <inheritdoc/>
    public async ValueTask<Page<ExecutionEvent>> ReadAsync(TenantId tenant, long afterSequence, int maxItems, CancellationToken cancellation)
    {
        List<Entity> rows = [];
        string? continuation = null;
        do
        {
            EntityPage page = await _table.QueryAsync(
                EventKeys.After(tenant, afterSequence), Math.Min(maxItems + 1 - rows.Count, TableRules.MaxPageItems), continuation, cancellation);
            rows.AddRange(page.Items);
            continuation = page.Continuation;
        }
        while (continuation is not null && rows.Count <= maxItems);
        List<ExecutionEvent> items = [];
        foreach (Entity[] some in rows.Take(maxItems).Chunk(ReadsAtOnce))
        {
            ExecutionEvent?[] read = await Task.WhenAll(some.Select(row => ReadAsync(tenant, row, cancellation)));
            items.AddRange(read.OfType<ExecutionEvent>());
        }

        // An execution that retention has removed leaves a hole, which the cursor has to get over.
        bool hasMore = rows.Count > maxItems;
        return new Page<ExecutionEvent>(
            items, hasMore ? EventKeys.Read(tenant, rows[maxItems - 1]).Sequence.ToString(CultureInfo.InvariantCulture) : null);
    }

    private async Task<ExecutionEvent?> ReadAsync(TenantId tenant, Entity row, CancellationToken cancellation)
    {
        (long sequence, ExecutionEventMessage read) = EventKeys.Read(tenant, row);
        return await _executions.FindAsync(read.Execution, cancellation) is { } found
            ? new ExecutionEvent(sequence, read.Time, ExecutionEventMessage.AsOf(read.Status, found.Record))
            : null;
    }
}
