using Lockstep.Azure.Ledger;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Service.Errors;
using Lockstep.Service.Events;
using Lockstep.Service.Executions;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Events;

/// <summary>
/// What the trigger of the subscription <c>event-log</c> does: numbers the events of a tenant and keeps them. An event, the mark that it is there, and
/// the number given out last change in one transaction; so numbers have no gap, and an event that arrives again changes nothing. Then it goes on the event bus of
/// its tenant, if that has one: also one that arrives again, because the first time may have been cut off before that.
/// </summary>
public sealed class EventLog
{
    /// <summary>Events of one transaction: two rows each, beside the counter.</summary>
    public const int MaxEvents = (TableRules.MaxWrites - 1) / 2;

    private readonly ITable _table;
    private readonly TableExecutionEventReader _reader;
    private readonly StatusChangeBus _bus;

    /// <summary>A log in the deployment's tables.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="reader">Reads what has been kept.</param>
    /// <param name="bus">Puts events on the bus of their tenant.</param>
    public EventLog(ITables tables, TableExecutionEventReader reader, StatusChangeBus bus)
    {
        ArgumentNullException.ThrowIfNull(tables);
        _table = tables[TableName.Events];
        _reader = reader;
        _bus = bus;
    }

    /// <summary>Keeps messages of one tenant, the session, in their order. Those that are no events of the tenant are left out and counted.</summary>
    /// <param name="session">The session: the tenant's number.</param>
    /// <param name="bodies">The bodies of the messages.</param>
    /// <param name="cancellation">Gives up; the messages then come again.</param>
    /// <returns>Messages that are no events of the tenant; they belong to the dead letters.</returns>
    public async ValueTask<int> KeepAsync(string session, IReadOnlyList<ReadOnlyMemory<byte>> bodies, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(bodies);
        if (!TenantId.TryParse(session, out TenantId tenant))
        {
            return bodies.Count;
        }

        ExecutionEventMessage[] events =
        [
            .. bodies.Select(ExecutionEventMessage.Read).OfType<ExecutionEventMessage>().Where(read => read.Execution.Tenant == tenant),
        ];
        foreach (ExecutionEventMessage[] batch in events.DistinctBy(read => read.Id).Chunk(MaxEvents))
        {
            await KeepBatchAsync(tenant, [.. batch], cancellation);
        }

        if (events.Length > 0 && await _bus.FindAsync(tenant, cancellation) is { } since)
        {
            await ForwardAsync(tenant, events.DistinctBy(read => read.Id).Where(read => read.Time >= since), cancellation);
        }

        return bodies.Count - events.Length;
    }

    private async ValueTask ForwardAsync(TenantId tenant, IEnumerable<ExecutionEventMessage> kept, CancellationToken cancellation)
    {
        List<ExecutionEvent> changes = [];
        foreach (ExecutionEventMessage read in kept)
        {
            if (await _table.FindAsync(EventKeys.Mark(tenant, read.Id), cancellation) is { } mark
                && await _reader.ReadAsync(mark.Get<long>(EventKeys.Sequence), read, cancellation) is { } change)
            {
                changes.Add(change);
            }
        }

        await _bus.PutAsync(tenant, [.. changes.OrderBy(change => change.Sequence)], cancellation);
    }

    private async ValueTask KeepBatchAsync(TenantId tenant, List<ExecutionEventMessage> batch, CancellationToken cancellation)
    {
        // Each refusal leaves an event out or meets another writer of the same tenant, of which there is at most one by the session.
        for (int attempt = 0; attempt < MaxEvents + LedgerStore.MaxAttempts && batch.Count > 0; attempt++)
        {
            Entity? counter = await _table.FindAsync(EventKeys.Counter(tenant), cancellation);
            long last = counter?.Get<long>(EventKeys.Last) ?? 0;
            Entity next = new Entity(EventKeys.Counter(tenant)).With(EventKeys.Last, last + batch.Count);
            List<EntityWrite> writes = [counter?.ETag is { } version ? new ReplaceEntity(next, version) : new InsertEntity(next)];
            foreach (ExecutionEventMessage read in batch)
            {
                writes.Add(new InsertEntity(new Entity(EventKeys.Mark(tenant, read.Id)).With(EventKeys.Sequence, ++last)));
                writes.Add(new InsertEntity(EventKeys.ToEntity(tenant, last, read)));
            }

            WriteOutcome written = await _table.WriteAsync(writes, cancellation);
            if (written.Succeeded)
            {
                return;
            }

            if (written.FailedIndex > 0)
            {
                batch.RemoveAt((written.FailedIndex - 1) / 2);
            }
        }

        if (batch.Count > 0)
        {
            throw new StorageUnavailableException($"The events of tenant {tenant.Value} are kept by somebody else at the same time.");
        }
    }
}

/// <summary>Where the events of a tenant are: a partition, with a counter, a row for each event and a mark that it is there.</summary>
internal static class EventKeys
{
    public const string Last = "Last";
    public const string Sequence = "Sequence";

    private const string Id = "Id";
    private const string Status = "Status";
    private const string Time = "Time";
    private const string Redrives = "Redrives";

    public static EntityKey Counter(TenantId tenant) => new(tenant.Value, "n");

    public static EntityKey Mark(TenantId tenant, string eventId) => new(tenant.Value, "d|" + eventId);

    public static EntityRange After(TenantId tenant, long sequence) => new(tenant.Value, Row(sequence + 1), "e}");

    public static Entity ToEntity(TenantId tenant, long sequence, ExecutionEventMessage read) => new Entity(new EntityKey(tenant.Value, Row(sequence)))
        .With(Sequence, sequence).With(Id, read.Execution.Id).With(Status, (long)read.Status).With(Time, read.Time)
        .With(Redrives, read.Redrives == 0 ? null : (long)read.Redrives);

    public static (long Sequence, ExecutionEventMessage Event) Read(TenantId tenant, Entity row) => (
        row.Get<long>(Sequence),
        new ExecutionEventMessage(
            new ExecutionKey(tenant, row.Get<string>(Id)), (ExecutionStatus)row.Get<long>(Status), row.Get<DateTimeOffset>(Time),
            row.TryGet(Redrives, out long redrives) ? (int)redrives : 0));

    private static string Row(long sequence) => "e|" + LedgerKeys.Number(sequence);
}
