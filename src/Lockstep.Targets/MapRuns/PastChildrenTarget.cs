using Lockstep.Engine.MapRuns;
using Lockstep.Service.Errors;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Targets;

namespace Lockstep.Targets.MapRuns;

/// <summary>Finds the children of a redriven map run that have not succeeded, a bounded number in each call.</summary>
/// <param name="children">Knows the children.</param>
internal sealed class PastChildrenTarget(IMapRunChildren children) : ITaskTarget
{
    /// <inheritdoc/>
    public async ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation) =>
        await children.FindPastChildrenAsync(invocation.Execution, PastChildrenRequest.Read(invocation.Parameters), cancellation) is { } found
            ? new TaskAnswered(found.ToJson())
            : new TaskRefused(ErrorCodes.ResourceNotFound, "There is no such map run.");
}
