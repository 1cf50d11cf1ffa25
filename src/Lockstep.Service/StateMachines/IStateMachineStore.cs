using Lockstep.Service.Errors;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.StateMachines;

/// <summary>
/// Keeps state machines and their revisions. Every answer to a write means that it is durable. A revision's id is drawn anew for every change, so
/// the same change sent twice is known by it.
/// </summary>
public interface IStateMachineStore
{
    /// <summary>Adds a machine. Fails with StateMachineAlreadyExists, carrying nothing, when the name is taken; the use case compares for idempotency.</summary>
    ValueTask<Result<StateMachineRecord>> CreateAsync(StateMachineRecord machine, CancellationToken cancellation);

    /// <summary>Finds a machine in its newest revision; null when there is none.</summary>
    ValueTask<StateMachineRecord?> FindAsync(TenantId tenant, string name, CancellationToken cancellation);

    /// <summary>Finds a revision that may no longer be the newest, also of a deleted machine as long as an execution pins it.</summary>
    ValueTask<StateMachineRecord?> FindRevisionAsync(TenantId tenant, string name, string revisionId, CancellationToken cancellation);

    /// <summary>
    /// Finds a revision that an execution which has started already will run, and keeps it as long as that is there: it counts as in use until now.
    /// Null when there is none, or it is being removed.
    /// </summary>
    ValueTask<StateMachineRecord?> KeepRevisionAsync(TenantId tenant, string name, string revisionId, CancellationToken cancellation);

    /// <summary>Puts a new revision in force when <paramref name="expectedRevisionId"/> is the newest (null: whatever it is); else PreconditionFailed.</summary>
    ValueTask<Result<StateMachineRecord>> UpdateAsync(StateMachineRecord machine, string? expectedRevisionId, CancellationToken cancellation);

    /// <summary>Deletes a machine; true when it existed. Executions that run go on.</summary>
    ValueTask<bool> DeleteAsync(TenantId tenant, string name, string? expectedRevisionId, CancellationToken cancellation);

    /// <summary>Lists a tenant's machines by name. Definitions are no part of a list: a store may leave them empty.</summary>
    ValueTask<Page<StateMachineRecord>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation);

    /// <summary>State machines that the tenant has; its quota is checked against it.</summary>
    ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation);
}
