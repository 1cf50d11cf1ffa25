using Lockstep.Asl.Resources;
using Lockstep.Crash.Worker;
using Lockstep.Engine.MapRuns;
using Lockstep.Service.Targets;

namespace Lockstep.Crash.MapRuns;

/// <summary>Prints the item with which each child of a map run calls, and answers with it. What the map run itself calls is <paramref name="standard"/>.</summary>
internal sealed class ItemPrinter(LineOutput output, ITaskTargets standard) : ITaskTargets, ITaskTarget
{
    public ITaskTarget? Find(TaskResource resource) => MapRunResources.IsOne(resource) ? standard.Find(resource) : this;

    public ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        output.Write($"item\t{invocation.Parameters}");
        return ValueTask.FromResult<TaskOutcome>(new TaskAnswered(invocation.Parameters));
    }
}
