using Lockstep.Azure.Orchestration.Contracts;
using Lockstep.Azure.Orchestration.Pump;
using Lockstep.Azure.Ports;
using Lockstep.Service.Executions;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Orchestration;

/// <summary>
/// The orchestrator <see cref="OrchestrationNames.TaskBatch"/>: makes a bounded number of calls, whose turns are durable already, and answers with all outcomes. So a
/// fan-out of any width costs its execution one event a batch.
/// </summary>
public static class TaskBatchOrchestrator
{
    /// <summary>Makes the calls.</summary>
    public static async Task<string> RunAsync(IOrchestration orchestration, string input)
    {
        ArgumentNullException.ThrowIfNull(orchestration);
        TaskBatchInput batch = OrchestrationJson.Read<TaskBatchInput>(input);
        List<Task<InvokeAnswer>> calls = [];
        foreach (InvokeRequest call in batch.Calls)
        {
            ExecutionKey key = TenantId.TryParse(call.Tenant, out TenantId tenant)
                ? new ExecutionKey(tenant, call.Execution)
                : throw new ArgumentException($"'{call.Tenant}' is no tenant.", nameof(input));
            calls.Add(new DurableCalls(orchestration, key, batch.Settings)
                .CallAsync<InvokeRequest, InvokeAnswer>(OrchestrationNames.Invoke, () => call with { Traced = batch.Traced }));
        }

        InvokeAnswer[] answers = await Task.WhenAll(calls);
        return OrchestrationJson.Write(new TaskBatchAnswer([.. answers]));
    }
}
