using Lockstep.Azure.Executions;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Ledger;

/// <summary>How an execution ended: output, or error and cause. Written once, in the transaction that ends the head.</summary>
internal static class EndRow
{
    private const string Body = "End";

    public static ValueTask<Entity> ToEntityAsync(Bodies bodies, ExecutionKey key, ExecutionEnd end, CancellationToken cancellation) => bodies.AddAsync(
        new Entity(new EntityKey(LedgerKeys.Partition(key), LedgerKeys.End)), Body, StimulusBytes.Of(end), key, "end", cancellation);

    public static async ValueTask<ExecutionEnd> ReadAsync(Bodies bodies, Entity row, ExecutionStatus status, CancellationToken cancellation) =>
        StimulusBytes.ReadEnd(await bodies.ReadAsync(row, Body, cancellation), status);
}

/// <summary>A change of status that waits to be published. The event itself follows from head, start and end.</summary>
internal static class OutboxRow
{
    private const string Status = "Status";
    private const string Time = "Time";

    public static Entity ToEntity(ExecutionKey key, ExecutionStatus status, DateTimeOffset time) =>
        new Entity(new EntityKey(LedgerKeys.Partition(key), LedgerKeys.Outbox(status))).With(Status, (long)status).With(Time, time);

    public static (ExecutionStatus Status, DateTimeOffset Time) Read(Entity row) =>
        ((ExecutionStatus)row.Get<long>(Status), row.Get<DateTimeOffset>(Time));
}
