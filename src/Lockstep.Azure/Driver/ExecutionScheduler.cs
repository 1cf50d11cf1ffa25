using Lockstep.Azure.Executions;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Work;
using Lockstep.Service.StateMachines;

namespace Lockstep.Azure.Driver;

/// <summary>Has an execution run by whatever runs its type: an orchestration for a Standard one, a worker for an Express one.</summary>
/// <param name="orchestrations">Schedules orchestrations.</param>
/// <param name="messages">Carries work to workers.</param>
public sealed class ExecutionScheduler(IExecutionScheduler orchestrations, IMessages messages) : IExecutionScheduler
{
    /// <inheritdoc/>
    public ValueTask ScheduleAsync(NewExecution execution, StateMachineRecord? revision, CancellationToken cancellation) =>
        execution.Record.Type == WorkflowType.Express
            ? messages.SendAsync(MessageRoute.Tasks, [new WorkMessage(execution.Record.Key, Task: null).ToMessage()], cancellation)
            : orchestrations.ScheduleAsync(execution, revision, cancellation);
}
