using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Executions;

/// <summary>Which executions a listing shows; null members do not filter.</summary>
public sealed record ExecutionFilter(string? StateMachineName, ExecutionStatus? Status)
{
    /// <summary>Only those that run this version of the machine, however they were started.</summary>
    public long? Version { get; init; }

    /// <summary>Only those that were started through this alias of the machine.</summary>
    public string? Alias { get; init; }
}

/// <summary>Reads executions and their history. What it shows is durable.</summary>
public interface IExecutionReader
{
    /// <summary>Finds an execution; null when the tenant has none with that key.</summary>
    ValueTask<ExecutionRecord?> FindAsync(ExecutionKey key, CancellationToken cancellation);

    /// <summary>
    /// Lists a tenant's executions, newest start first, without payloads; in which order those of one moment stand is up to the store. What
    /// starts between two pages neither hides nor repeats what is older. A list and the count may follow a change of status a moment after
    /// <see cref="FindAsync"/> and history show it; they never drift from it.
    /// </summary>
    ValueTask<Page<ExecutionRecord>> ListAsync(TenantId tenant, ExecutionFilter filter, PageRequest page, CancellationToken cancellation);

    /// <summary>
    /// Reads history by event id, ascending or descending; null when there is no such execution. The cursor is the id, in decimal,
    /// of the last event already seen, so that a reader can resume after any event it knows; descending, that is the lowest one. A cursor with
    /// nothing behind it gives an empty page.
    /// </summary>
    ValueTask<Page<HistoryEvent>?> ReadHistoryAsync(ExecutionKey key, bool reverse, PageRequest page, CancellationToken cancellation);

    /// <summary>Executions of the tenant that have not ended. Asked at every start, so it must not depend on how many there are.</summary>
    ValueTask<long> CountOpenAsync(TenantId tenant, CancellationToken cancellation);
}
