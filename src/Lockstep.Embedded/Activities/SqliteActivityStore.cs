using Lockstep.Embedded.Executions;
using Lockstep.Embedded.Storage;
using Lockstep.Service.Activities;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Embedded.Activities;

/// <summary>Activities in SQLite, and the hand-out of their tasks.</summary>
internal sealed class SqliteActivityStore(Store store, ActivityQueues queues, DriverRuntime runtime) : IActivityStore
{
    private const string Insert = "INSERT INTO activities(tenant, name, arn, created) VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
    private const string Find = "SELECT name, arn, created FROM activities WHERE tenant = ?1 AND name = ?2";
    private const string Delete = "DELETE FROM activities WHERE tenant = ?1 AND name = ?2";
    private const string List = "SELECT name, arn, created FROM activities WHERE tenant = ?1 AND name > ?2 ORDER BY name LIMIT ?3";
    private const string Count = "SELECT count(*) FROM activities WHERE tenant = ?1";

    /// <inheritdoc/>
    public async ValueTask<ActivityRecord> CreateAsync(ActivityRecord activity, CancellationToken cancellation)
    {
        await store.WriteAsync(context =>
        {
            long tenant = Store.EnsureTenant(context, activity.Tenant, out _);
            return context.Prepare(Insert)
                .Bind(1, tenant).Bind(2, activity.Name).Bind(3, activity.Arn).Bind(4, StoredTime.ToStored(activity.CreatedAt))
                .ExecuteChanges();
        });
        return await FindAsync(activity.Tenant, activity.Name, cancellation) ?? activity;
    }

    /// <inheritdoc/>
    public ValueTask<ActivityRecord?> FindAsync(TenantId tenant, string name, CancellationToken cancellation) => ValueTask.FromResult(
        store.NumberOf(tenant) is not long number
            ? null
            : store.Read((tenant, number, name), static (connection, query) =>
            {
                using SqliteStatement rows = connection.Prepare(Find).Bind(1, query.number).Bind(2, query.name);
                return rows.Step() ? ReadRow(query.tenant, rows) : null;
            }));

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation) =>
        store.NumberOf(tenant) is long number
        && await store.WriteAsync(context => context.Prepare(Delete).Bind(1, number).Bind(2, name).ExecuteChanges() > 0);

    /// <inheritdoc/>
    public ValueTask<Page<ActivityRecord>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) => ValueTask.FromResult(
        NamedPages.Read(store, store.NumberOf(tenant), page, List, rows => ReadRow(tenant, rows), activity => activity.Name));

    /// <inheritdoc/>
    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) => ValueTask.FromResult(
        store.NumberOf(tenant) is long number
            ? (int)store.Read(number, static (connection, number) => connection.Prepare(Count).Bind(1, number).ReadScalar() ?? 0)
            : 0);

    /// <inheritdoc/>
    public async ValueTask<ActivityTask?> PollAsync(
        TenantId tenant, string name, string? workerName, TimeSpan wait, CancellationToken cancellation)
    {
        if (store.NumberOf(tenant) is not long number)
        {
            return null;
        }

        long began = runtime.Time.GetTimestamp();
        while (true)
        {
            TimeSpan left = wait - runtime.Time.GetElapsedTime(began);
            WorkerTurn turn = queues.Take(number, name);
            try
            {
                await turn.Promise.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, runtime.Time, cancellation);
            }
            catch (TimeoutException)
            {
                queues.Leave(number, name, turn);
                return null;
            }
            catch (OperationCanceledException)
            {
                queues.Leave(number, name, turn);
                throw;
            }

            WaitingTask waiting = await turn.Promise;
            if (cancellation.IsCancellationRequested)
            {
                queues.Return(number, name, waiting);
                cancellation.ThrowIfCancellationRequested();
            }

            if (await TakeAsync(waiting, workerName) is { } taken)
            {
                if (!cancellation.IsCancellationRequested)
                {
                    return new ActivityTask(
                        taken.Command.TaskToken ?? throw new InvalidOperationException("An activity task has no token."),
                        taken.Command.Parameters.ToString());
                }

                // The taking is recorded, but the worker has gone: the next one gets the task, while its heartbeat and timeout run.
                queues.Return(number, name, waiting with { Taken = taken });
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    private static ActivityRecord ReadRow(TenantId tenant, SqliteStatement rows) =>
        new(tenant, rows.Text(0), rows.Text(1), StoredTime.FromStored(rows.Int64(2)));

    /// <summary>Records that a worker has the task; null when the task does not wait any more.</summary>
    private async ValueTask<Engine.State.OpenTask?> TakeAsync(WaitingTask waiting, string? workerName)
    {
        if (waiting.Taken is not null)
        {
            return waiting.Taken;
        }

        var ack = new TaskCompletionSource<MailAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        var mail = new TakeMail(waiting.Task, workerName) { Ack = ack };
        runtime.Post(waiting.Execution, mail, inline: true);
        return await ack.Task == MailAnswer.Accepted ? mail.Taken : null;
    }
}
