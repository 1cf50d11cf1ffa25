using Lockstep.Azure.Ports;
using Microsoft.DurableTask;

namespace Lockstep.Functions.Orchestrations;

/// <summary>
/// <see cref="IOrchestration"/> over the context of Durable Task. Adds nothing but names and the translation of failures, and awaits nothing but what the
/// context made.
/// </summary>
internal sealed class DurableOrchestration(TaskOrchestrationContext context) : IOrchestration
{
    /// <inheritdoc/>
    public string InstanceId => context.InstanceId;

    /// <inheritdoc/>
    public DateTimeOffset Now => new(DateTime.SpecifyKind(context.CurrentUtcDateTime, DateTimeKind.Utc));

    /// <inheritdoc/>
    public bool IsReplaying => context.IsReplaying;

    /// <inheritdoc/>
    public Task<string> CallActivityAsync(string name, string input) => AnswerOfAsync(context.CallActivityAsync<string>(name, input));

    /// <inheritdoc/>
    public Task<string> CallOrchestrationAsync(string name, string instanceId, string input) => AnswerOfAsync(
        context.CallSubOrchestratorAsync<string>(
            name, input, new SubOrchestrationOptions(instanceId: instanceId) { Version = new TaskVersion(DurableOrchestrations.CurrentVersion) }));

    /// <inheritdoc/>
    public IOrchestrationTimer StartTimer(DateTimeOffset due)
    {
        // Never disposed, as nothing tells when the last replay is over; a source without a timer of its own holds nothing to release.
        var takenBack = new CancellationTokenSource();
        return new Timer(FiredAsync(context.CreateTimer(due.UtcDateTime, takenBack.Token)), takenBack.Cancel);
    }

    /// <inheritdoc/>
    public Task WaitForWakeAsync() => context.WaitForExternalEvent<object?>(DurableOrchestrations.WakeEvent);

    // Unread wakes are dropped: what they tell of was in the inbox before they were sent, and an epoch begins by reading it.

    /// <inheritdoc/>
    public void ContinueAsNew(string input) => context.ContinueAsNew(input, preserveUnprocessedEvents: false);

    /// <inheritdoc/>
    public void Show(string customStatus) => context.SetCustomStatus(customStatus);

    private static async Task<string> AnswerOfAsync(Task<string> call)
    {
        try
        {
            return await call;
        }
        catch (TaskFailedException failure)
        {
            throw new ActivityFailedException($"{failure.TaskName} failed: {failure.FailureDetails.ErrorType}", failure);
        }
    }

    private static async Task FiredAsync(Task timer)
    {
        try
        {
            await timer;
        }
        catch (OperationCanceledException)
        {
            // Taken back: it never fires, and nobody has to hear of that.
            await new TaskCompletionSource().Task;
        }
    }

    private sealed class Timer(Task fired, Action cancel) : IOrchestrationTimer
    {
        public Task Fired => fired;

        public void Cancel() => cancel();
    }
}
