using Lockstep.Asl.Resources;
using Lockstep.Engine;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service.Executions;

namespace Lockstep.Service.MapRuns;

/// <summary>What the task that waits for an execution gets when it has ended: of a map run, of a child of one, and of a nested execution.</summary>
public static class MapRunOutcomes
{
    /// <summary>The outcome of the waiting task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="ended">The execution that has ended, with its result.</param>
    /// <param name="resource">What the task called.</param>
    /// <param name="now">The time.</param>
    public static Stimulus OutcomeFor(CommandId task, ExecutionRecord ended, TaskResource resource, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(resource);
        if (MapRunResources.IsChild(resource))
        {
            // The map run only counts; results are read from the store when all have ended.
            return ended.Status == ExecutionStatus.Succeeded
                ? new TaskSucceeded(now, task, JsonNull.Instance)
                : new TaskFailed(now, task, NestedExecutionReport.NameOf(ended.Status), null);
        }

        return !MapRunResources.IsRun(resource) ? NestedExecutionReport.OutcomeFor(task, ended, resource.Pattern, now)
            : ended is { Status: ExecutionStatus.Succeeded, Output: string output } ? new TaskSucceeded(now, task, JsonValue.Parse(output))
            : new TaskFailed(now, task, ended.Error ?? NestedExecutionReport.NameOf(ended.Status), ended.Cause);
    }
}
