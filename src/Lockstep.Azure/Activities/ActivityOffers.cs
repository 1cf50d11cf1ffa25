using System.Globalization;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Engine;
using Lockstep.Service.Executions;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Activities;

/// <summary>
/// The rows of offers: by the time at which the task was scheduled, then by execution and task. Every insertion has an id of its own, which the taking
/// records; so an offer that a repetition has inserted again after it was used up is known for what it is.
/// </summary>
internal sealed class ActivityOffers(ITables tables, StorageRetry retry, TimeProvider time)
{
    private const int RowsAtOnce = 100;
    private const string Execution = "Execution";
    private const string Task = "Task";
    private const string Offer = "Offer";
    private const string LeasedUntil = "LeasedUntil";

    private readonly ITable _table = tables[TableName.Activities];

    public static string PartitionOf(TenantId tenant, string activity) => $"{tenant.Value}|q|{LedgerKeys.Short(activity)}";

    public async ValueTask AddAsync(string partition, ExecutionKey execution, IReadOnlyList<OpenTaskRow> tasks, CancellationToken cancellation)
    {
        foreach (OpenTaskRow[] some in tasks.Chunk(TableRules.MaxWrites))
        {
            InsertEntity[] inserts = [.. some.Select(task => new InsertEntity(ToEntity(partition, execution, task)))];
            if ((await _table.WriteAsync(inserts, cancellation)).Succeeded || inserts.Length == 1)
            {
                continue;
            }

            // Some are there already.
            foreach (InsertEntity one in inserts)
            {
                await _table.WriteAsync([one], cancellation);
            }
        }
    }

    public async ValueTask<(IReadOnlyList<ActivityOffer> Offers, string? Continuation)> ReadAsync(
        TenantId tenant, string partition, string? continuation, CancellationToken cancellation)
    {
        EntityPage page = await _table.QueryAsync(new EntityRange(partition, "0", ":"), RowsAtOnce, continuation, cancellation);
        return ([.. page.Items.Select(row => Read(tenant, row))], page.Continuation);
    }

    /// <summary>Leases an offer; null when somebody else was faster.</summary>
    public async ValueTask<ActivityOffer?> LeaseAsync(ActivityOffer offer, DateTimeOffset until, CancellationToken cancellation)
    {
        Entity leased = offer.Row.With(LeasedUntil, until);
        WriteOutcome written = await _table.WriteAsync([new ReplaceEntity(leased, offer.Version)], cancellation);
        return written.Succeeded ? offer with { Row = leased with { ETag = written.ETags[0] }, LeasedUntil = until } : null;
    }

    /// <summary>Gives a lease back.</summary>
    public async ValueTask ReleaseAsync(ActivityOffer leased, CancellationToken cancellation) =>
        await _table.WriteAsync([new ReplaceEntity(leased.Row.With(LeasedUntil, null), leased.Version)], cancellation);

    /// <summary>
    /// Removes an offer; false when its lease is another one's by now. As long as the lease runs nobody else removes it: what is gone within it
    /// was removed by an attempt whose answer got lost.
    /// </summary>
    public ValueTask<bool> RemoveAsync(ActivityOffer leased, CancellationToken cancellation) => retry.RunAsync<bool>(
        async () =>
        {
            if ((await _table.WriteAsync([new DeleteEntity(leased.Row.Key, leased.Version)], cancellation)).Succeeded)
            {
                return true;
            }

            Entity? found = await _table.FindAsync(leased.Row.Key, cancellation);
            if (found is null || found.Get<string>(Offer) != leased.Id)
            {
                return leased.LeasedUntil > time.GetUtcNow();
            }

            return found.ETag == leased.Version ? Attempt.Again : false;
        },
        cancellation);

    private static Entity ToEntity(string partition, ExecutionKey execution, OpenTaskRow task)
    {
        string row = $"{LedgerKeys.Number(task.Scheduled.UtcTicks)}|{LedgerKeys.Digest(execution.Id)}|{LedgerKeys.Number(task.Task.Ordinal)}";
        return new Entity(new EntityKey(partition, row))
            .With(Execution, execution.Id)
            .With(Task, task.Task.Ordinal)
            .With(Offer, Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));
    }

    private static ActivityOffer Read(TenantId tenant, Entity row) => new(
        row,
        row.Get<string>(Offer),
        new ExecutionKey(tenant, row.Get<string>(Execution)),
        new CommandId(row.Get<long>(Task)),
        row.TryGet(LeasedUntil, out DateTimeOffset until) ? until : null);
}

/// <summary>An offer of a task to workers.</summary>
/// <param name="Row">Its row as it was read or written last.</param>
/// <param name="Id">Names this insertion of it.</param>
/// <param name="Execution">The execution whose task it is.</param>
/// <param name="Task">The task.</param>
/// <param name="LeasedUntil">Until when a worker has it; null when none does.</param>
internal sealed record ActivityOffer(Entity Row, string Id, ExecutionKey Execution, CommandId Task, DateTimeOffset? LeasedUntil)
{
    /// <summary>The version of the row.</summary>
    public string Version => Row.ETag ?? throw new InvalidOperationException("An offer that was never read has no version.");
}
