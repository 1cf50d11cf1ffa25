using Lockstep.Azure.Orchestration;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Lockstep.Functions.Orchestrations;

/// <summary>The activities of the orchestrators, as the platform starts them: each a name, and all of them text to text.</summary>
/// <param name="activities">Runs them.</param>
/// <param name="orchestrations">Takes over the client that the platform hands to each call: a task may start an execution.</param>
public sealed class ActivityFunctions(ExecutionActivities activities, DurableOrchestrations orchestrations)
{
    /// <summary>Makes turns durable.</summary>
    [Function(OrchestrationNames.Append)]
    public Task<string> Append([ActivityTrigger] string input, [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        RunAsync(OrchestrationNames.Append, input, client, cancellation);

    /// <summary>Makes turns durable, then calls a task's resource.</summary>
    [Function(OrchestrationNames.Invoke)]
    public Task<string> Invoke([ActivityTrigger] string input, [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        RunAsync(OrchestrationNames.Invoke, input, client, cancellation);

    /// <summary>Lets a timer compete for a task.</summary>
    [Function(OrchestrationNames.Claim)]
    public Task<string> Claim([ActivityTrigger] string input, [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        RunAsync(OrchestrationNames.Claim, input, client, cancellation);

    /// <summary>Reads stimuli that have arrived.</summary>
    [Function(OrchestrationNames.ReadInbox)]
    public Task<string> ReadInbox([ActivityTrigger] string input, [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        RunAsync(OrchestrationNames.ReadInbox, input, client, cancellation);

    /// <summary>Reads a part of something large.</summary>
    [Function(OrchestrationNames.LoadPart)]
    public Task<string> LoadPart([ActivityTrigger] string input, [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        RunAsync(OrchestrationNames.LoadPart, input, client, cancellation);

    /// <summary>Keeps a part of something large.</summary>
    [Function(OrchestrationNames.StorePart)]
    public Task<string> StorePart([ActivityTrigger] string input, [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        RunAsync(OrchestrationNames.StorePart, input, client, cancellation);

    /// <summary>Keeps a part of the state of the next epoch.</summary>
    [Function(OrchestrationNames.SaveState)]
    public Task<string> SaveState([ActivityTrigger] string input, [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        RunAsync(OrchestrationNames.SaveState, input, client, cancellation);

    /// <summary>Takes an execution out of service for good.</summary>
    [Function(OrchestrationNames.Quarantine)]
    public Task<string> Quarantine([ActivityTrigger] string input, [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        RunAsync(OrchestrationNames.Quarantine, input, client, cancellation);

    private Task<string> RunAsync(string name, string input, DurableTaskClient client, CancellationToken cancellation)
    {
        orchestrations.Use(client);
        return activities.RunAsync(name, input, cancellation).AsTask();
    }
}
