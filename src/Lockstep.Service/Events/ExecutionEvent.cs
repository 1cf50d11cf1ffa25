using Lockstep.Engine;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Events;

/// <summary>A change of an execution's status, as it is published. Hosts render it as a CloudEvent.</summary>
/// <param name="Sequence">1 for the first event of the tenant, growing by one with each; the cursor of readers.</param>
/// <param name="Time">When the status changed.</param>
/// <param name="Execution">The execution after the change.</param>
public sealed record ExecutionEvent(long Sequence, DateTimeOffset Time, ExecutionRecord Execution)
{
    /// <summary>The status that the execution took on.</summary>
    public ExecutionStatus Status => Execution.Status;
}

/// <summary>Reads the outbox of execution events, written in the same commit as the change itself.</summary>
public interface IExecutionEventReader
{
    /// <summary>
    /// Events of a tenant after a sequence number, ascending, without a gap: one for each status that a Standard execution takes on, and those
    /// of one execution in the order in which it did.
    /// </summary>
    ValueTask<Page<ExecutionEvent>> ReadAsync(TenantId tenant, long afterSequence, int maxItems, CancellationToken cancellation);
}
