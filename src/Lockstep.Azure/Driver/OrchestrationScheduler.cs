using Lockstep.Azure.Executions;
using Lockstep.Azure.Orchestration;
using Lockstep.Azure.Ports;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;

namespace Lockstep.Azure.Driver;

/// <summary>Schedules the orchestrations of Standard executions.</summary>
/// <param name="orchestrations">The scheduler's client.</param>
/// <param name="machines">Where definitions are.</param>
/// <param name="settings">What is configured now.</param>
public sealed class OrchestrationScheduler(IOrchestrations orchestrations, IStateMachineStore machines, OrchestrationSettings settings)
    : IExecutionScheduler
{
    /// <inheritdoc/>
    public async ValueTask ScheduleAsync(NewExecution execution, StateMachineRecord? revision, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(execution);
        ExecutionRecord record = execution.Record;
        StateMachineRecord pinned = revision
            ?? await machines.FindPinnedAsync(record, cancellation)
            ?? throw new InvalidOperationException($"Revision {record.RevisionId} of {record.StateMachineName} is pinned but not in the store.");
        await orchestrations.ScheduleAsync(
            StartOf(record, ExecutionOrchestrator.InputFor(record.Key, pinned.Definition, execution.Start, settings, pinned.Logging, execution.Part)), cancellation);
    }

    /// <summary>The orchestration of an execution, with what the dashboard shows of it.</summary>
    internal static OrchestrationStart StartOf(ExecutionRecord execution, string input) => new(ExecutionInstances.IdOf(execution.Key), input)
    {
        Tags = new Dictionary<string, string>
        {
            ["tenant"] = execution.Key.Tenant.Value,
            ["stateMachine"] = execution.StateMachineName,
            ["execution"] = execution.Name,
        },
    };
}
