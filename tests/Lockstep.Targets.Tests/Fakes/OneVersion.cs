using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Targets.Tests.Fakes;

/// <summary>Machines that have one version, 1, of their only revision, and one alias, live.</summary>
internal sealed class OneVersion : IStateMachineVersionStore
{
    private const string FindOnly = "Targets only find versions.";

    public ValueTask<StateMachineVersion?> FindVersionAsync(TenantId tenant, string stateMachineName, long number, CancellationToken cancellation) =>
        ValueTask.FromResult(number == 1 ? new StateMachineVersion(tenant, stateMachineName, 1, "1", null, DateTimeOffset.UnixEpoch) : null);

    public ValueTask<StateMachineAlias?> FindAliasAsync(TenantId tenant, string stateMachineName, string name, CancellationToken cancellation) =>
        ValueTask.FromResult(name == "live"
            ? new StateMachineAlias(
                tenant, stateMachineName, name, "1", null, [new AliasRoute(1, 100)], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch)
            : null);

    public ValueTask<Result<PublishOutcome>> PublishAsync(NewStateMachineVersion version, CancellationToken cancellation) =>
        throw new NotSupportedException(FindOnly);

    public ValueTask<Page<StateMachineVersion>> ListVersionsAsync(
        TenantId tenant, string stateMachineName, PageRequest page, CancellationToken cancellation) => throw new NotSupportedException(FindOnly);

    public ValueTask<Result<Accepted>> DeleteVersionAsync(
        TenantId tenant, string stateMachineName, long number, DateTimeOffset now, CancellationToken cancellation) =>
        throw new NotSupportedException(FindOnly);

    public ValueTask<Result<StateMachineAlias>> CreateAliasAsync(StateMachineAlias alias, int maxAliases, CancellationToken cancellation) =>
        throw new NotSupportedException(FindOnly);

    public ValueTask<Page<StateMachineAlias>> ListAliasesAsync(
        TenantId tenant, string stateMachineName, long? version, PageRequest page, CancellationToken cancellation) =>
        throw new NotSupportedException(FindOnly);

    public ValueTask<Result<StateMachineAlias>> UpdateAliasAsync(
        StateMachineAlias alias, string? expectedRevisionId, CancellationToken cancellation) => throw new NotSupportedException(FindOnly);

    public ValueTask<bool> DeleteAliasAsync(
        TenantId tenant, string stateMachineName, string name, string? expectedRevisionId, CancellationToken cancellation) =>
        throw new NotSupportedException(FindOnly);
}
