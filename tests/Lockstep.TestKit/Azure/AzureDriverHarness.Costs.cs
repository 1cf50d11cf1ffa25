using Lockstep.Azure.Executions;
using Lockstep.Service.Executions;
using Lockstep.TestKit.Azure.Durable;

namespace Lockstep.TestKit.Azure;

/// <content>What orchestrations have cost so far.</content>
public sealed partial class AzureDriverHarness
{
    /// <summary>What all orchestrations have cost.</summary>
    public DurableCost Cost => _host.Cost;

    /// <summary>What the orchestration of an execution has cost, without those of its batches.</summary>
    public DurableCost CostOf(ExecutionKey key) => _host.Instances[ExecutionInstances.IdOf(key)].Cost;
}
