using Lockstep.Asl.Resources;
using Lockstep.Service.Targets;

namespace Lockstep.Service.Tests.Memory;

/// <summary>Serves every resource as a test says, or none.</summary>
internal sealed class MemoryTargets : ITaskTargets, ITaskTarget
{
    public Func<TaskInvocation, CancellationToken, ValueTask<TaskOutcome>>? Serve { get; set; }

    public ITaskTarget? Find(TaskResource resource) => Serve is null ? null : this;

    public ValueTask<TaskOutcome> InvokeAsync(TaskInvocation invocation, CancellationToken cancellation) =>
        Serve?.Invoke(invocation, cancellation) ?? throw new InvalidOperationException("Nothing is served.");
}
