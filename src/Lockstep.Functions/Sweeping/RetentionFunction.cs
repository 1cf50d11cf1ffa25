using Lockstep.Azure.Retention;
using Lockstep.Functions.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Lockstep.Functions.Sweeping;

/// <summary>The timer that removes what is older than it has to be. Each run goes on where the one before has stopped.</summary>
/// <param name="retention">Removes.</param>
/// <param name="orchestrations">Takes over the client that the platform hands to each call.</param>
/// <param name="logger">Tells the operator what was removed.</param>
public sealed partial class RetentionFunction(RetentionSweep retention, DurableOrchestrations orchestrations, ILogger<RetentionFunction> logger)
{
    /// <summary>Every five minutes.</summary>
    public const string Schedule = "0 */5 * * * *";

    /// <summary>Steps of one run at most.</summary>
    public const int MaxSteps = 200;

    /// <summary>Takes steps until every tenant has been looked at, or the run has taken its share.</summary>
    [Function("Retention")]
    public async Task RunAsync([TimerTrigger(Schedule)] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        orchestrations.Use(client);
        int executions = 0;
        int revisions = 0;
        bool isRoundDone = false;
        for (int step = 0; step < MaxSteps && !isRoundDone; step++)
        {
            RetentionStep taken = await retention.StepAsync(cancellation);
            executions += taken.Executions;
            revisions += taken.Revisions;
            isRoundDone = taken.IsRoundDone;
        }

        if (executions > 0 || revisions > 0)
        {
            LogRemoved(logger, executions, revisions);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Retention has removed {Executions} executions and {Revisions} revisions")]
    private static partial void LogRemoved(ILogger logger, int executions, int revisions);
}
