using Lockstep.Asl.Resources;
using Lockstep.Crash.Worker;
using Lockstep.Json;
using Lockstep.Service.Targets;

namespace Lockstep.Crash.Memory;

/// <summary>Accepts every call and prints its task token.</summary>
internal sealed class TokenPrinter(LineOutput output) : ITaskTargets, ITaskTarget
{
    public ITaskTarget? Find(TaskResource resource) => this;

    public ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        output.Write($"token\t{invocation.TaskToken}");
        return ValueTask.FromResult<TaskOutcome>(new TaskAnswered(JsonNull.Instance));
    }
}
