using Lockstep.Engine;
using Lockstep.Engine.MapRuns;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;

namespace Lockstep.Service.MapRuns;

/// <summary>
/// Runs the map runs of Map states in DISTRIBUTED mode, each as an execution of its own, and their children. Asked again for the same task it starts
/// nothing twice. A task that is given up stops what it has started.
/// </summary>
public interface IMapRunDriver : IMapRunChildren
{
    /// <summary>
    /// Starts the map run that a Map state asks for. A request that says how often it is redriven is for one that may have been started before: that one goes
    /// on, once what is left of its last attempt has ended, and reports to the task that asks now. One that has succeeded meanwhile reports just that.
    /// </summary>
    /// <param name="execution">The execution of the Map state.</param>
    /// <param name="task">The task that waits for the map run.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="traceParent">The span that starts it; null when there is none.</param>
    /// <param name="cancellation">Ends the wait for the answer.</param>
    ValueTask<Result<Accepted>> StartRunAsync(
        ExecutionKey execution, CommandId task, MapRunRequest request, string? traceParent, CancellationToken cancellation);

    /// <summary>
    /// Starts a child of a map run. One that may have been started before, and did not succeed, goes on, where it is Standard from where it stopped, where it
    /// is Express as a new run from its start; fails with <c>ExecutionNotRedrivable</c> where it cannot. One that has succeeded reports that again.
    /// </summary>
    /// <param name="run">The map run's own execution.</param>
    /// <param name="task">The task that waits for the child.</param>
    /// <param name="request">Which child, and its input.</param>
    /// <param name="traceParent">The span that starts it; null when there is none.</param>
    /// <param name="cancellation">Ends the wait for the answer.</param>
    ValueTask<Result<Accepted>> StartChildAsync(
        ExecutionKey run, CommandId task, MapChildRequest request, string? traceParent, CancellationToken cancellation);

    /// <summary>Finds a child with input and result; null when the map run has started none with the index.</summary>
    ValueTask<ExecutionRecord?> FindChildAsync(ExecutionKey run, long index, CancellationToken cancellation);

    /// <summary>Finds a map run; null when the tenant has none with that key.</summary>
    ValueTask<MapRunRecord?> FindAsync(ExecutionKey run, CancellationToken cancellation);

    /// <summary>Lists the map runs that an execution has started, newest first; null when there is no such execution.</summary>
    ValueTask<Page<MapRunRecord>?> ListAsync(ExecutionKey execution, PageRequest page, CancellationToken cancellation);

    /// <summary>Changes what a map run that still runs runs under. Answers once the change is durable.</summary>
    ValueTask<Result<MapRunRecord>> UpdateAsync(ExecutionKey run, MapRunChange change, CancellationToken cancellation);
}
