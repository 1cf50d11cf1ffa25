using Lockstep.Service.StateMachines;

namespace Lockstep.Azure.Executions;

/// <summary>Has an orchestration run an execution that the ledger has.</summary>
public interface IExecutionScheduler
{
    /// <summary>Schedules the orchestration; once it has been, further calls change nothing.</summary>
    /// <param name="execution">The execution as it was added.</param>
    /// <param name="revision">The revision that it pins, to save a look-up; null when it is not at hand.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask ScheduleAsync(NewExecution execution, StateMachineRecord? revision, CancellationToken cancellation);
}
