namespace Lockstep.TestKit.Azure.Durable;

/// <content>Ends instances from outside.</content>
public sealed partial class SimulatedDurableHost
{
    /// <inheritdoc/>
    public ValueTask TerminateAsync(string instanceId, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_instances.TryGetValue(instanceId, out SimulatedInstance? instance) && instance.Status == InstanceStatus.Running)
            {
                instance.Status = InstanceStatus.Completed;
            }
        }

        return ValueTask.CompletedTask;
    }
}
