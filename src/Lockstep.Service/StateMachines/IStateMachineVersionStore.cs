using Lockstep.Service.Errors;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.StateMachines;

/// <summary>
/// Keeps versions and aliases of state machines. They go with their machine when that is deleted; the revision of a version stays as long as the
/// version does. Every answer to a write means that it is durable, and each write is one step: no alias ever routes to a version that is not there.
/// </summary>
public interface IStateMachineVersionStore
{
    /// <summary>
    /// Publishes the revision in force under the next number, or answers with the version that names it already. Fails with StateMachineDoesNotExist,
    /// with ConflictException when another revision is in force than expected, and with ServiceQuotaExceededException.
    /// </summary>
    ValueTask<Result<PublishOutcome>> PublishAsync(NewStateMachineVersion version, CancellationToken cancellation);

    /// <summary>Finds a version; null when the machine has none of that number.</summary>
    ValueTask<StateMachineVersion?> FindVersionAsync(TenantId tenant, string stateMachineName, long number, CancellationToken cancellation);

    /// <summary>Lists the versions of a machine, newest first.</summary>
    ValueTask<Page<StateMachineVersion>> ListVersionsAsync(TenantId tenant, string stateMachineName, PageRequest page, CancellationToken cancellation);

    /// <summary>Deletes a version; one that is not there counts as deleted. Fails with ConflictException while an alias routes to it.</summary>
    ValueTask<Result<Executions.Accepted>> DeleteVersionAsync(
        TenantId tenant, string stateMachineName, long number, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>
    /// Adds an alias. Fails with ConflictException when the name is taken (the use case compares for idempotency), with ResourceNotFound when a
    /// version is not there, with StateMachineDoesNotExist, and with ServiceQuotaExceededException.
    /// </summary>
    ValueTask<Result<StateMachineAlias>> CreateAliasAsync(StateMachineAlias alias, int maxAliases, CancellationToken cancellation);

    /// <summary>Finds an alias; null when the machine has none of that name.</summary>
    ValueTask<StateMachineAlias?> FindAliasAsync(TenantId tenant, string stateMachineName, string name, CancellationToken cancellation);

    /// <summary>Lists the aliases of a machine by name, all or those that route to one version.</summary>
    ValueTask<Page<StateMachineAlias>> ListAliasesAsync(
        TenantId tenant, string stateMachineName, long? version, PageRequest page, CancellationToken cancellation);

    /// <summary>
    /// Replaces an alias when <paramref name="expectedRevisionId"/> is its revision (null: whatever it is), else PreconditionFailed. Fails with
    /// ResourceNotFound when the alias or a version is not there.
    /// </summary>
    ValueTask<Result<StateMachineAlias>> UpdateAliasAsync(StateMachineAlias alias, string? expectedRevisionId, CancellationToken cancellation);

    /// <summary>Deletes an alias; true when it was there in the expected revision.</summary>
    ValueTask<bool> DeleteAliasAsync(
        TenantId tenant, string stateMachineName, string name, string? expectedRevisionId, CancellationToken cancellation);
}
