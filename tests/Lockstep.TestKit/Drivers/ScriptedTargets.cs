using System.Collections.Concurrent;
using Lockstep.Asl.Resources;
using Lockstep.Service.Targets;

namespace Lockstep.Embedded.Tests.Support;

/// <summary>A target that answers as the test says and remembers every call.</summary>
internal sealed class ScriptedTargets : ITaskTargets, ITaskTarget
{
    public ConcurrentQueue<TaskInvocation> Calls { get; } = new();

    public Func<TaskInvocation, CancellationToken, ValueTask<TaskOutcome>> Answer { get; set; } =
        static (invocation, _) => ValueTask.FromResult<TaskOutcome>(new TaskAnswered(invocation.Parameters));

    public ITaskTarget? Find(TaskResource resource) => this;

    public async ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation)
    {
        Calls.Enqueue(invocation);
        return await Answer(invocation, cancellation);
    }
}
