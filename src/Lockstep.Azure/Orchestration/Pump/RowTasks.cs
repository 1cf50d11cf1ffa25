using System.Collections.Immutable;
using Lockstep.Azure.Orchestration.Contracts;
using Lockstep.Engine;
using Lockstep.Engine.State;

namespace Lockstep.Azure.Orchestration.Pump;

/// <summary>Tasks that have a row in the ledger, in the order of their commands.</summary>
internal sealed class RowTasks
{
    private readonly SortedDictionary<long, RowTask> _tasks = [];

    /// <summary>Whether timers have to compete for a task with reports.</summary>
    public bool IsOpen(CommandId task) => Find(task) is { IsSettled: false };

    /// <summary>Whether a task has a row, open or settled.</summary>
    public bool Contains(CommandId task) => Find(task) is not null;

    /// <summary>A task has got a row.</summary>
    public void Add(CommandId task) => _tasks[task.Ordinal] = new RowTask();

    /// <summary>A report or a timer has won the row, and the interpreter may still hold the task.</summary>
    public void Settle(CommandId task)
    {
        if (Find(task) is { } row)
        {
            row.IsSettled = true;
        }
    }

    /// <summary>The interpreter waits for the task no longer; answers whether the row was still open.</summary>
    public bool Remove(CommandId task)
    {
        bool wasOpen = IsOpen(task);
        _tasks.Remove(task.Ordinal);
        return wasOpen;
    }

    /// <summary>
    /// What the next epoch has to know and the state does not say. That a started child of a map run has a row the state does say: ten thousand of them would
    /// make the input too large.
    /// </summary>
    public ImmutableArray<CarriedRow> Carry(OpenTimers timers, ExecutionState state)
    {
        HashSet<long> known = [.. state.SubmittedChildren().Select(child => child.Ordinal)];
        return
        [
            .. _tasks
                .Where(row => row.Value.IsSettled || !known.Contains(row.Key))
                .Select(row => new CarriedRow(row.Key, timers.HeartbeatDue(new CommandId(row.Key))) { IsSettled = row.Value.IsSettled }),
        ];
    }

    private RowTask? Find(CommandId task) => _tasks.GetValueOrDefault(task.Ordinal);

    private sealed class RowTask
    {
        public bool IsSettled { get; set; }
    }
}
