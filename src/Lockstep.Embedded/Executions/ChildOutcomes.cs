using Lockstep.Embedded.Journal;
using Lockstep.Embedded.Storage;
using Lockstep.Engine;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.MapRuns;

namespace Lockstep.Embedded.Executions;

/// <summary>
/// Carries the outcomes of children to the parents that wait for them, and the end of the waiting to the children. The commit that ends a child leaves a
/// row; the parent's commit that takes the outcome removes it; whatever is left after a crash is delivered again, and the parent's state knows whether it
/// still waits. A child whose parent has ended, or has given its task up, is stopped; after a crash again.
/// </summary>
internal sealed class ChildOutcomes(DriverRuntime runtime)
{
    private const string Pending = "SELECT child, parent, parent_task FROM child_outcomes WHERE child = ?1";
    private const string AllPending = "SELECT child FROM child_outcomes ORDER BY child";
    private const string ChildOf = "SELECT no FROM executions WHERE parent = ?1 AND parent_task = ?2 AND parent_waits = 1 AND type = 0";
    private const string GivenUp = "SELECT parent, parent_task FROM given_up ORDER BY parent, parent_task";
    private const string Forget = "DELETE FROM given_up WHERE parent = ?1 AND parent_task = ?2";

    /// <summary>A child that was redriven by itself after its parent's end runs for itself. The index has only the children that run; others may be millions.</summary>
    private const string LeftByEnded = """
        SELECT c.parent, c.parent_task FROM executions c INDEXED BY executions_waited_for CROSS JOIN executions p ON p.no = c.parent
        WHERE c.status = 0 AND c.type = 0 AND c.parent_waits = 1 AND p.status <> 0 AND (c.redriven IS NULL OR c.redriven < p.stopped)
        """;

    /// <summary>A child has ended, durably.</summary>
    public void Ended(long child)
    {
        (long Parent, CommandId Task)? waiting = runtime.Store.Read(child, static (connection, child) =>
        {
            using SqliteStatement rows = connection.Prepare(Pending).Bind(1, child);
            return rows.Step() ? (rows.Int64(1), new CommandId(rows.Int64(2))) : ((long, CommandId)?)null;
        });
        // One that was redriven before its parent heard of its end is told of when it ends again.
        if (waiting is (long parent, CommandId task) && runtime.Reader.Find(child) is { Status: not ExecutionStatus.Running } record)
        {
            runtime.Post(parent, new ChildMail(task, child, record), inline: false);
        }
    }

    /// <summary>Delivers what a process before this one left.</summary>
    public void Recover()
    {
        List<long> children = runtime.Store.Read(0, static (connection, _) =>
        {
            List<long> found = [];
            using SqliteStatement rows = connection.Prepare(AllPending);
            while (rows.Step())
            {
                found.Add(rows.Int64(0));
            }

            return found;
        });
        foreach (long child in children)
        {
            Ended(child);
        }
    }

    /// <summary>The parent has ended: nobody wants the outcome.</summary>
    public void Discard(long child, CommandId task) =>
        runtime.Write(context => context.Prepare(Sql.DeleteChildOutcome).Bind(1, child).Bind(2, task.Ordinal).ExecuteChanges());

    /// <summary>What the parent's task makes of a child that has ended.</summary>
    public static Stimulus OutcomeOf(ChildMail child, OpenTask parent, DateTimeOffset now) =>
        MapRunOutcomes.OutcomeFor(child.Task, child.Child, parent.Command.Resource, now);

    /// <summary>The tasks that wait for children have been given up: stops the children, as AWS does.</summary>
    public void Stop(long parent, IEnumerable<CommandId> tasks)
    {
        foreach (CommandId task in tasks)
        {
            Stop(parent, task);
        }
    }

    private bool Stop(long parent, CommandId task, TaskCompletionSource<MailAnswer>? stopped = null)
    {
        long? child = runtime.Store.Read((parent, task), static (connection, query) =>
        {
            using SqliteStatement rows = connection.Prepare(ChildOf).Bind(1, query.parent).Bind(2, query.task.Ordinal);
            return rows.Step() ? rows.Int64(0) : (long?)null;
        });
        if (child is not long number)
        {
            return false;
        }

        runtime.Post(number, new StopMail(null, null) { GivenUpBy = task, Ack = stopped }, inline: false);
        return true;
    }

    /// <summary>The tasks that executions of a process before this one gave up while they went on; to be asked before anything new is given up.</summary>
    public List<ParentLink> ReadGivenUp() => ReadTasks(GivenUp);

    /// <summary>Stops the children that a process before this one gave up and did not come to stop.</summary>
    /// <param name="givenUp">Of executions that went on; these are forgotten. Those of executions that have ended are found here.</param>
    public async Task StopGivenUpAsync(List<ParentLink> givenUp)
    {
        List<Task> stops = [];
        foreach (ParentLink task in (List<ParentLink>)[.. givenUp, .. ReadTasks(LeftByEnded)])
        {
            var stopped = new TaskCompletionSource<MailAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (Stop(task.Execution, task.Task, stopped))
            {
                stops.Add(stopped.Task);
            }
        }

        await Task.WhenAll(stops);
        if (givenUp.Count > 0)
        {
            await runtime.Store.WriteAsync(context =>
            {
                foreach (ParentLink task in givenUp)
                {
                    context.Prepare(Forget).Bind(1, task.Execution).Bind(2, task.Task.Ordinal).Execute();
                }

                return true;
            });
        }
    }

    private List<ParentLink> ReadTasks(string query) => runtime.Store.Read(query, static (connection, query) =>
    {
        List<ParentLink> found = [];
        using SqliteStatement rows = connection.Prepare(query);
        while (rows.Step())
        {
            found.Add(new ParentLink(rows.Int64(0), new CommandId(rows.Int64(1)), Waits: true));
        }

        return found;
    });
}
