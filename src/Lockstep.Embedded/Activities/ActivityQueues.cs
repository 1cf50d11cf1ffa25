using Lockstep.Embedded.Storage;
using Lockstep.Engine;

namespace Lockstep.Embedded.Activities;

/// <summary>
/// The tasks that wait for workers, by activity, oldest first: a memory of the rows in <c>activity_tasks</c>, with one entry of a few dozen bytes a
/// task. A task leaves when a worker takes it or when it is withdrawn; workers that find none wait in turn.
/// </summary>
internal sealed class ActivityQueues
{
    private const string AllWaiting = "SELECT tenant, activity, execution, task FROM activity_tasks ORDER BY no";
    private const string OfferOf = "SELECT 1 FROM activity_tasks WHERE execution = ?1 AND task = ?2";

    private readonly Lock _gate = new();
    private readonly Dictionary<(long Tenant, string Activity), ActivityQueue> _queues = [];
    private readonly Dictionary<WaitingTask, LinkedListNode<WaitingTask>> _places = [];

    /// <summary>Reads what waits.</summary>
    public void Recover(Store store) => store.Read(this, static (connection, queues) =>
    {
        using SqliteStatement rows = connection.Prepare(AllWaiting);
        while (rows.Step())
        {
            queues.Offer(rows.Int64(0), rows.Text(1), rows.Int64(2), new CommandId(rows.Int64(3)));
        }

        return true;
    });

    /// <summary>Adds a task at the end of its queue, or hands it to the worker that has waited longest.</summary>
    public void Offer(long tenant, string activity, long execution, CommandId task) =>
        Add(tenant, activity, new WaitingTask(execution, task, Taken: null), atFront: false);

    /// <summary>Puts a task back that a worker was to get and did not; it is the next to be handed out.</summary>
    public void Return(long tenant, string activity, WaitingTask task) => Add(tenant, activity, task, atFront: true);

    /// <summary>Takes a task out that no longer waits.</summary>
    public void Withdraw(long execution, CommandId task)
    {
        lock (_gate)
        {
            if (_places.Remove(new WaitingTask(execution, task, Taken: null), out LinkedListNode<WaitingTask>? place))
            {
                place.List?.Remove(place);
            }
        }
    }

    /// <summary>
    /// Whether a task that nobody has taken was offered to workers. The row tells, not the memory: between the promise of a task to a worker and
    /// the durable turn that says so, the task is in no queue.
    /// </summary>
    public static bool WasOffered(Store store, long execution, CommandId task) => store.Read((execution, task), static (connection, query) =>
        connection.Prepare(OfferOf).Bind(1, query.execution).Bind(2, query.task.Ordinal).ReadScalar() is not null);

    /// <summary>The oldest task of an activity, or a promise of the next one.</summary>
    public WorkerTurn Take(long tenant, string activity)
    {
        lock (_gate)
        {
            ActivityQueue queue = QueueOf(tenant, activity);
            if (queue.Tasks.First is { } oldest)
            {
                queue.Tasks.RemoveFirst();
                _places.Remove(oldest.Value);
                return WorkerTurn.Of(oldest.Value);
            }

            var turn = new WorkerTurn();
            queue.Workers.AddLast(turn);
            return turn;
        }
    }

    /// <summary>A worker waits no longer. The task that was promised in the last moment, if any, goes back.</summary>
    public void Leave(long tenant, string activity, WorkerTurn turn)
    {
        lock (_gate)
        {
            QueueOf(tenant, activity).Workers.Remove(turn);
        }

        if (turn.Promise is { IsCompletedSuccessfully: true } promise)
        {
            Return(tenant, activity, promise.Result);
        }
    }

    private void Add(long tenant, string activity, WaitingTask task, bool atFront)
    {
        lock (_gate)
        {
            ActivityQueue queue = QueueOf(tenant, activity);
            if (queue.Workers.First is { } worker)
            {
                queue.Workers.RemoveFirst();
                worker.Value.Give(task);
            }
            else
            {
                _places[task] = atFront ? queue.Tasks.AddFirst(task) : queue.Tasks.AddLast(task);
            }
        }
    }

    private ActivityQueue QueueOf(long tenant, string activity)
    {
        if (!_queues.TryGetValue((tenant, activity), out ActivityQueue? queue))
        {
            queue = new ActivityQueue();
            _queues.Add((tenant, activity), queue);
        }

        return queue;
    }

    private sealed class ActivityQueue
    {
        public LinkedList<WaitingTask> Tasks { get; } = new();

        public LinkedList<WorkerTurn> Workers { get; } = new();
    }
}

/// <summary>A task that waits for a worker.</summary>
/// <param name="Execution">Number of its execution.</param>
/// <param name="Task">The task.</param>
/// <param name="Taken">Set when the taking is already recorded, but the worker was gone before it got the task.</param>
internal readonly record struct WaitingTask(long Execution, CommandId Task, Engine.State.OpenTask? Taken)
{
    /// <summary>Equal when it is the same task.</summary>
    public bool Equals(WaitingTask other) => Execution == other.Execution && Task == other.Task;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Execution, Task);
}

/// <summary>A worker's place in the line for the tasks of an activity.</summary>
internal sealed class WorkerTurn
{
    private readonly TaskCompletionSource<WaitingTask> _promise = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with a task.</summary>
    public Task<WaitingTask> Promise => _promise.Task;

    /// <summary>A turn that has come at once.</summary>
    public static WorkerTurn Of(WaitingTask task)
    {
        var turn = new WorkerTurn();
        turn.Give(task);
        return turn;
    }

    /// <summary>The turn has come.</summary>
    public void Give(WaitingTask task) => _promise.SetResult(task);
}
