using System.Globalization;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Service.Events;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Events;

/// <summary>Reads the event log of a tenant. The rows say which execution took on which status; what it was then follows from its own rows.</summary>
public sealed class TableExecutionEventReader : IExecutionEventReader
{
    private const int ReadsAtOnce = 16;

    private readonly ITable _table;
    private readonly LedgerStore _store;
    private readonly LedgerCreation _executions;

    /// <summary>A reader over the deployment's tables and blobs.</summary>
    public TableExecutionEventReader(ITables tables, IBlobs blobs)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(blobs);
        _table = tables[TableName.Events];
        _store = new LedgerStore(tables, blobs);
        _executions = new LedgerCreation(_store);
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

    private Task<ExecutionEvent?> ReadAsync(TenantId tenant, Entity row, CancellationToken cancellation)
    {
        (long sequence, ExecutionEventMessage read) = EventKeys.Read(tenant, row);
        return ReadAsync(sequence, read, cancellation);
    }

    /// <summary>An event as it was; null when its execution is gone.</summary>
    internal async Task<ExecutionEvent?> ReadAsync(long sequence, ExecutionEventMessage read, CancellationToken cancellation)
    {
        if (await _executions.FindAsync(read.Execution, cancellation) is not { } found)
        {
            return null;
        }

        ExecutionRecord then = read.Redrives == found.Record.RedriveCount ? found.Record : await BeforeAsync(found.Record, read, cancellation);
        return new ExecutionEvent(sequence, read.Time, ExecutionEventMessage.AsOf(read.Status, then));
    }

    /// <summary>An execution as it was before it was redriven once more.</summary>
    private async ValueTask<ExecutionRecord> BeforeAsync(ExecutionRecord now, ExecutionEventMessage read, CancellationToken cancellation)
    {
        ExecutionRecord then = now with { RedriveCount = read.Redrives, RedrivenAt = null, Status = read.Status, StoppedAt = read.Time };
        Entity? row = read.Status == ExecutionStatus.Running
            ? null
            : await _store.FindAsync(read.Execution, LedgerKeys.EndBefore(read.Redrives), cancellation);
        if (row is null)
        {
            return then;
        }

        ExecutionEnd end = await EndRow.ReadAsync(_store.Bodies, row, read.Status, cancellation);
        return then with { Output = end.Output?.ToString(), Error = end.Error, Cause = end.Cause };
    }
}
