using Lockstep.Embedded.Express;
using Lockstep.Embedded.Storage;
using Lockstep.Service.StateMachines;

namespace Lockstep.Embedded.Executions;

/// <summary>
/// Resumes what was in memory when the last process ended, a few executions at a time and beside the service, so that requests are taken at
/// once. A request for an execution that is not resumed yet loads it by itself; parked executions are left where they are.
/// </summary>
internal sealed class Recovery(DriverRuntime runtime, ExpressRuns express)
{
    private const string Open = "SELECT no, type FROM executions WHERE status = 0 AND parked = 0 AND no > ?1 ORDER BY no LIMIT 1000";

    private volatile bool _stopping;

    /// <summary>Completes when all are resumed.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Begins.</summary>
    public void Start()
    {
        // Read before anything new is started: that is not recovery's business.
        List<(long Number, WorkflowType Type)> open = ReadOpen();
        List<ParentLink> givenUp = runtime.Children.ReadGivenUp();
        Completion = Task.Run(() => ResumeAsync(open, givenUp));
    }

    /// <summary>Leaves the rest to the next process.</summary>
    public void Stop() => _stopping = true;

    private List<(long Number, WorkflowType Type)> ReadOpen()
    {
        List<(long Number, WorkflowType Type)> open = [];
        long after = 0;
        while (true)
        {
            int before = open.Count;
            runtime.Store.Read((open, after), static (connection, query) =>
            {
                using SqliteStatement rows = connection.Prepare(Open).Bind(1, query.after);
                while (rows.Step())
                {
                    query.open.Add((rows.Int64(0), (WorkflowType)rows.Int64(1)));
                }

                return true;
            });
            if (open.Count == before)
            {
                return open;
            }

            after = open[^1].Number;
        }
    }

    private async Task ResumeAsync(List<(long Number, WorkflowType Type)> open, List<ParentLink> givenUp)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = runtime.Options.MaxConcurrentRecoveries };
        await Parallel.ForEachAsync(open, parallel, (item, _) =>
        {
            if (!_stopping)
            {
                Resume(item.Number, item.Type);
            }

            return ValueTask.CompletedTask;
        });
        if (!_stopping)
        {
            runtime.Children.Recover();
            await StopGivenUpAsync(givenUp);
        }
    }

    private async Task StopGivenUpAsync(List<ParentLink> givenUp)
    {
        try
        {
            await runtime.Children.StopGivenUpAsync(givenUp);
        }
        catch (OperationCanceledException) when (_stopping)
        {
            // Nothing is written any more; what was not stopped is still known to the next process.
        }
    }

    private void Resume(long number, WorkflowType type)
    {
        if (type == WorkflowType.Standard)
        {
            runtime.Post(number, new WakeMail(), inline: true);
            return;
        }

        ExecutionRow? row = runtime.Store.Read((runtime.Store, number), static (connection, query) =>
            ExecutionRow.ReadOne(query.Store, connection, connection.Prepare(ExecutionRow.ByNumber).Bind(1, query.number)));
        if (row is { IsOpen: true, Quarantine: null })
        {
            express.Recover(row);
        }
    }
}
