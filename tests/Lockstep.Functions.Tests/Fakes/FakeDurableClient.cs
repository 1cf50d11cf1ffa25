using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Lockstep.Functions.Tests.Fakes;

/// <summary>A client of Durable Task that notes what it is asked for, and fails when it is told to.</summary>
internal sealed class FakeDurableClient() : DurableTaskClient("fake")
{
    public List<(string Name, object? Input, StartOrchestrationOptions? Options)> Scheduled { get; } = [];

    public List<(string Instance, string Event)> Raised { get; } = [];

    public List<string> Purged { get; } = [];

    public Dictionary<string, OrchestrationRuntimeStatus> Instances { get; } = [];

    public Exception? Failure { get; set; }

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        Throw();
        Scheduled.Add((orchestratorName.Name, input, options));
        return Task.FromResult(options?.InstanceId ?? "");
    }

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        Throw();
        Raised.Add((instanceId, eventName));
        return Task.CompletedTask;
    }

    public override Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        Throw();
        return Task.FromResult(Instances.TryGetValue(instanceId, out OrchestrationRuntimeStatus status)
            ? new OrchestrationMetadata("Execution", instanceId) { RuntimeStatus = status }
            : null);
    }

    public override Task<PurgeResult> PurgeInstanceAsync(string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        Throw();
        Purged.Add(instanceId);
        return Task.FromResult(new PurgeResult(1));
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) => throw new NotSupportedException();

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Throw()
    {
        if (Failure is not null)
        {
            throw Failure;
        }
    }
}
