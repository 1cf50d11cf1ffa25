using Lockstep.Azure.Intents;
using Lockstep.Functions.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Lockstep.Functions.Sweeping;

/// <summary>The timer that has finished what was begun and not finished. The platform runs it on one instance at a time; more would do no harm.</summary>
/// <param name="sweep">Looks after intents.</param>
/// <param name="orchestrations">Takes over the client that the platform hands to each call.</param>
/// <param name="logger">Tells the operator what was left undone.</param>
public sealed partial class SweepFunction(Sweep sweep, DurableOrchestrations orchestrations, ILogger<SweepFunction> logger)
{
    /// <summary>Every half a minute.</summary>
    public const string Schedule = "*/30 * * * * *";

    /// <summary>Looks once at what is due.</summary>
    [Function("Sweep")]
    public async Task RunAsync([TimerTrigger(Schedule)] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        orchestrations.Use(client);
        SweepStep step = await sweep.StepAsync(cancellation);
        if (step.Done > 0 || step.Postponed > 0)
        {
            LogStep(logger, step.Done, step.Postponed, step.OldestOverdue.TotalSeconds);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The sweep has finished {Done} intents and will look again at {Postponed}; the oldest was {OverdueSeconds} s overdue")]
    private static partial void LogStep(ILogger logger, int done, int postponed, double overdueSeconds);
}
