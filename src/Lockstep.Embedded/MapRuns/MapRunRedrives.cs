using Lockstep.Embedded.Executions;
using Lockstep.Embedded.Express;
using Lockstep.Embedded.Journal;
using Lockstep.Engine;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;

namespace Lockstep.Embedded.MapRuns;

/// <summary>
/// Redrives map runs and their children: each for the task that waits for it from now on, which its row names. That makes a repetition harmless, and lets a
/// stop of the attempt before, whenever it comes, pass by.
/// </summary>
internal sealed class MapRunRedrives(DriverRuntime runtime, EmbeddedDriver driver, ExpressRuns express)
{
    /// <summary>
    /// Has a task wait for what an earlier task of its execution has started. What did not succeed is redriven, what has succeeded reports again; what still
    /// runs is stopped first, as the earlier task was given up, unless it is Express: that cannot be stopped, and the task gets its end. Null when nothing of
    /// that key is stored.
    /// </summary>
    public async ValueTask<Result<Accepted>?> RedriveAsync(ExecutionKey key, ParentLink parent)
    {
        while (runtime.Store.Read(key, Find) is { } row)
        {
            if (row.Parent == parent)
            {
                return default(Accepted);
            }

            if (row.Quarantine is not null)
            {
                return DriverErrors.Quarantined(key);
            }

            MailAnswer answer = row switch
            {
                { Status: ExecutionStatus.Succeeded } or { Status: ExecutionStatus.Running, Type: WorkflowType.Express } => await TakeOverAsync(row, parent),
                { Status: ExecutionStatus.Running } => await StopAsync(key),
                { Type: WorkflowType.Express } => await express.RedriveAsync(row, parent) ? MailAnswer.Accepted : MailAnswer.Duplicate,
                _ => await driver.SendAsync(key, ack => new RedrivePartMail(parent) { Ack = ack }),
            };
            switch (answer)
            {
                case MailAnswer.Accepted:
                    return default(Accepted);
                case MailAnswer.NotRedrivable:
                    return DriverErrors.NotRedrivable("Execution history event limit exceeded");
                case MailAnswer.Quarantined:
                    return DriverErrors.Quarantined(key);
                case MailAnswer.Duplicate when !runtime.Store.Read(parent.Execution, IsRunning):
                    return DriverErrors.NoParent(key);
                default:
                    break; // It is not any more as it was found: look again.
            }
        }

        return null;
    }

    private ExecutionRow? Find(Storage.SqliteConnection connection, ExecutionKey key) => runtime.Store.NumberOf(key.Tenant) is long tenant
        ? ExecutionRow.ReadOne(runtime.Store, connection, connection.Prepare(ExecutionRow.ById).Bind(1, tenant).Bind(2, key.Id))
        : null;

    private static bool IsRunning(Storage.SqliteConnection connection, long number) =>
        connection.Prepare("SELECT 1 FROM executions WHERE no = ?1 AND status = 0").Bind(1, number).ReadScalar() is not null;

    private async ValueTask<MailAnswer> StopAsync(ExecutionKey key) =>
        await driver.SendAsync(key, ack => new StopMail(null, null) { Ack = ack }) == MailAnswer.Quarantined ? MailAnswer.Quarantined : MailAnswer.Ended;

    private async ValueTask<MailAnswer> TakeOverAsync(ExecutionRow row, ParentLink parent)
    {
        bool hasEnded = row.Status != ExecutionStatus.Running;
        bool taken = await runtime.Committer.WriteAsync(context =>
        {
            bool isSet = context.Prepare(Sql.SetParentTask)
                .Bind(1, row.Number).Bind(2, parent.Task.Ordinal).Bind(3, (long)row.Status).ExecuteChanges() > 0;
            if (isSet && hasEnded)
            {
                context.Prepare(Sql.InsertChildOutcome).Bind(1, row.Number).Execute();
            }

            return isSet;
        });
        if (taken && hasEnded)
        {
            runtime.Children.Ended(row.Number);
        }

        return taken ? MailAnswer.Accepted : MailAnswer.Duplicate;
    }
}
