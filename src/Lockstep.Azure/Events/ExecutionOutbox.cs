using Lockstep.Azure.Ledger;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Service.Executions;
using Lockstep.Service.Telemetry;

namespace Lockstep.Azure.Events;

/// <summary>
/// Publishes the changes of status that the ledger has and the topic has not. A row leaves the outbox after the topic has its event, so no event gets
/// lost; the start goes before the end, whoever publishes. An event may be published twice, under the same id.
/// </summary>
internal sealed class ExecutionOutbox(LedgerStore store, IMessages messages, ServiceTelemetry? telemetry)
{
    private const int RowsAtOnce = 10;

    /// <summary>Publishes what waits of an execution; nothing is no failure.</summary>
    public async ValueTask PublishAsync(ExecutionRecord record, CancellationToken cancellation)
    {
        List<Entity> rows = [];
        string? continuation = null;
        do
        {
            EntityPage page = await store.QueryAsync(LedgerKeys.Outbox(record.Key), RowsAtOnce, continuation, cancellation);
            rows.AddRange(page.Items);
            continuation = page.Continuation;
        }
        while (continuation is not null);
        if (rows.Count == 0)
        {
            return;
        }

        await messages.SendAsync(MessageRoute.ExecutionEvents, [.. rows.Select(row => ToMessage(record, row))], cancellation);
        foreach (Entity row in rows)
        {
            telemetry?.EventPublished(record.Key, OutboxRow.Read(row).Status);
        }

        DeleteEntity[] published = [.. rows.Select(row => new DeleteEntity(row.Key, null))];
        if ((await store.WriteAsync(published, cancellation)).Succeeded)
        {
            return;
        }

        // Somebody who published at the same time has removed one of them.
        foreach (DeleteEntity one in published)
        {
            await store.WriteAsync([one], cancellation);
        }
    }

    private static OutgoingMessage ToMessage(ExecutionRecord record, Entity row)
    {
        (ExecutionStatus status, DateTimeOffset time) = OutboxRow.Read(row);
        return new ExecutionEventMessage(record.Key, status, time, record.RedriveCount).ToMessage(ExecutionEventMessage.AsOf(status, record));
    }
}
