using Lockstep.Engine.MapRuns;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;

namespace Lockstep.Service.MapRuns;

/// <summary>Knows the children of map runs by their status.</summary>
public interface IMapRunChildren
{
    /// <summary>
    /// Finds children of a redriven map run that have not succeeded, in an order that their redrive does not change, a page at a time; null when there is
    /// no such map run. Asked before the map run starts children that it had not.
    /// </summary>
    ValueTask<PastChildrenAnswer?> FindPastChildrenAsync(ExecutionKey run, PastChildrenRequest request, CancellationToken cancellation);

    /// <summary>Lists the children that a map run has started, newest first, without payloads; null when there is no such map run.</summary>
    ValueTask<Page<ExecutionRecord>?> ListChildrenAsync(ExecutionKey run, MapRunChildFilter filter, PageRequest page, CancellationToken cancellation);
}
