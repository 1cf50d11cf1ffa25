using Lockstep.Azure.Orchestration.Contracts;
using Lockstep.Azure.Ports;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Orchestration.Pump;

/// <summary>
/// Calls activities and child orchestrations, again and again until they answer: what they throw is broken infrastructure, and an execution outlives
/// that. Counts what the orchestration's history grows by.
/// </summary>
internal sealed class DurableCalls(IOrchestration orchestration, ExecutionKey key, OrchestrationSettings settings)
{
    private readonly List<IOrchestrationTimer> _pauses = [];
    private bool _stopped;

    /// <summary>The execution.</summary>
    public ExecutionKey Key => key;

    /// <summary>Activities, timers, children and wakes so far.</summary>
    public int Actions { get; private set; }

    /// <summary>Something else was added to the history.</summary>
    public void Count() => Actions++;

    /// <summary>Nothing is tried again from now on.</summary>
    public void Stop()
    {
        _stopped = true;
        foreach (IOrchestrationTimer pause in _pauses)
        {
            pause.Cancel();
        }
    }

    /// <summary>Calls an activity until it answers.</summary>
    /// <param name="name">The activity.</param>
    /// <param name="request">Composes the request, anew for every attempt.</param>
    public async Task<TAnswer> CallAsync<TRequest, TAnswer>(string name, Func<TRequest> request)
        where TAnswer : class =>
        OrchestrationJson.Read<TAnswer>(await RepeatAsync(() => orchestration.CallActivityAsync(name, OrchestrationJson.Write(request()))));

    /// <summary>Calls an activity without an answer until it has run.</summary>
    public Task DoAsync<TRequest>(string name, TRequest request) =>
        RepeatAsync(() => orchestration.CallActivityAsync(name, OrchestrationJson.Write(request)));

    /// <summary>Runs a child orchestration until it answers, each time under another id.</summary>
    public async Task<TAnswer> RunChildAsync<TInput, TAnswer>(string name, Func<string> nextId, TInput input)
        where TAnswer : class => OrchestrationJson.Read<TAnswer>(
            await RepeatAsync(() => orchestration.CallOrchestrationAsync(name, nextId(), OrchestrationJson.Write(input))));

    private async Task<string> RepeatAsync(Func<Task<string>> attempt)
    {
        int pauseSeconds = settings.FirstBackoffSeconds;
        while (true)
        {
            try
            {
                Actions++;
                return await attempt();
            }
            catch (ActivityFailedException)
            {
                // Tried again below, outside the handler.
            }

            IOrchestrationTimer pause = orchestration.StartTimer(orchestration.Now.AddSeconds(pauseSeconds));
            Actions++;
            if (_stopped)
            {
                pause.Cancel();
            }

            _pauses.Add(pause);
            await pause.Fired;
            _pauses.Remove(pause);
            pauseSeconds = Math.Min(pauseSeconds * 2, settings.MaxBackoffSeconds);
        }
    }
}
