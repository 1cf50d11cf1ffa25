using System.Globalization;
using Lockstep.Embedded.Executions;
using Lockstep.Embedded.Storage;
using Lockstep.Engine;
using Lockstep.Service.Events;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Embedded.Events;

/// <summary>Reads the outbox of execution events; the commit that changes a status adds its row, so none is lost and none is early.</summary>
internal sealed class SqliteExecutionEventReader(Store store, SqliteExecutionReader executions) : IExecutionEventReader
{
    private const string After = """
        SELECT v.seq, v.execution, v.status, v.time, v.event, v.redrives FROM execution_events v
        WHERE v.tenant = ?1 AND v.seq > ?2 AND EXISTS(SELECT 1 FROM executions e WHERE e.no = v.execution) ORDER BY v.seq LIMIT ?3
        """;

    /// <inheritdoc/>
    public ValueTask<Page<ExecutionEvent>> ReadAsync(TenantId tenant, long afterSequence, int maxItems, CancellationToken cancellation) =>
        ValueTask.FromResult(store.NumberOf(tenant) is not long number
            ? new Page<ExecutionEvent>([], null)
            : store.Read((store, executions, number, afterSequence, maxItems), static (connection, query) =>
            {
                List<ExecutionEvent> items = [];
                using SqliteStatement rows = connection.Prepare(After)
                    .Bind(1, query.number).Bind(2, query.afterSequence).Bind(3, (long)query.maxItems + 1);
                while (rows.Step())
                {
                    if (items.Count == query.maxItems)
                    {
                        return new Page<ExecutionEvent>(items, items[^1].Sequence.ToString(CultureInfo.InvariantCulture));
                    }

                    ExecutionRow? row = ExecutionRow.ReadOne(
                        query.store, connection, connection.Prepare(ExecutionRow.ByNumber).Bind(1, rows.Int64(1)));
                    if (query.executions.CompleteAsOf(connection, row, (ExecutionStatus)rows.Int64(2), rows.Int64(4)) is { } record)
                    {
                        DateTimeOffset time = StoredTime.FromStored(rows.Int64(3));
                        items.Add(new ExecutionEvent(rows.Int64(0), time, AsOf((ExecutionStatus)rows.Int64(2), time, (int)rows.Int64(5), record)));
                    }
                }

                return new Page<ExecutionEvent>(items, null);
            }));

    /// <summary>The execution as it was when it took on a status.</summary>
    private static ExecutionRecord AsOf(ExecutionStatus status, DateTimeOffset time, int redrives, ExecutionRecord record)
    {
        ExecutionRecord then = record with { Status = status, RedriveCount = redrives, RedrivenAt = redrives == record.RedriveCount ? record.RedrivenAt : null };
        return status == ExecutionStatus.Running
            ? then with { StoppedAt = null, Output = null, Error = null, Cause = null, Transitions = 0 }
            : then with { StoppedAt = time };
    }
}
