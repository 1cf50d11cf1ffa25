using Lockstep.Engine.MapRuns;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Targets;

namespace Lockstep.Targets.MapRuns;

/// <summary>Starts map runs and their children. A service that is too busy is asked again: no item fails because there is much to do.</summary>
/// <param name="runs">Who runs them.</param>
/// <param name="limits">What a map run may take at a time.</param>
/// <param name="time">Times the pauses.</param>
internal sealed class MapRunTarget(IMapRunDriver runs, ServiceLimits limits, TimeProvider time) : ITaskTarget
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public async ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        while (true)
        {
            Result<Accepted> started = MapRunResources.IsRun(invocation.Resource)
                ? await runs.StartRunAsync(
                    invocation.Execution, invocation.Task, RequestOf(invocation), invocation.Trace?.ToString(), cancellation)
                : await runs.StartChildAsync(
                    invocation.Execution, invocation.Task, MapChildRequest.Read(invocation.Parameters), invocation.Trace?.ToString(), cancellation);
            if (started.Succeeded)
            {
                return new TaskAnswered(JsonNull.Instance);
            }

            if (started.Error.Code != ErrorCodes.Throttling)
            {
                return new TaskRefused(started.Error.Code, started.Error.Message);
            }

            await Task.Delay(_pause, time, cancellation);
        }
    }

    private MapRunRequest RequestOf(TaskInvocation invocation) => invocation.Parameters is JsonObject request
        ? new MapRunRequest(request).Within(limits.MaxMapRunConcurrency, limits.MaxMapRunItemsAtOnce)
        : throw new InvalidOperationException("The request for a map run is malformed.");
}
