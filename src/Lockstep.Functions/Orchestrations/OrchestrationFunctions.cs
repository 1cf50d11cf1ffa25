using Lockstep.Azure.Orchestration;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Lockstep.Functions.Orchestrations;

/// <summary>The orchestrators, as the platform starts them. Their names are stored with what runs, so they never change.</summary>
/// <param name="executions">Runs an execution.</param>
public sealed class OrchestrationFunctions(ExecutionOrchestrator executions)
{
    /// <summary>One epoch of an execution.</summary>
    [Function(OrchestrationNames.Execution)]
    public Task<string> Execution([OrchestrationTrigger] TaskOrchestrationContext context) =>
        executions.RunAsync(new DurableOrchestration(context), InputOf(context));

    /// <summary>A bounded number of calls of an execution.</summary>
    [Function(OrchestrationNames.TaskBatch)]
    public static Task<string> TaskBatch([OrchestrationTrigger] TaskOrchestrationContext context) =>
        TaskBatchOrchestrator.RunAsync(new DurableOrchestration(context), InputOf(context));

    private static string InputOf(TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.GetInput<string>() ?? throw new ArgumentException("The orchestration has no input.", nameof(context));
    }
}
