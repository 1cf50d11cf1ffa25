using Lockstep.Service.Errors;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Tests.Driver;

/// <summary>A store with one machine, or none.</summary>
internal sealed class OneMachineStore : IStateMachineStore
{
    public StateMachineRecord? Machine { get; set; }

    public ValueTask<StateMachineRecord?> FindAsync(TenantId tenant, string name, CancellationToken cancellation) =>
        new(Machine is not null && Machine.Tenant == tenant && Machine.Name == name ? Machine : null);

    public async ValueTask<StateMachineRecord?> FindRevisionAsync(TenantId tenant, string name, string revisionId, CancellationToken cancellation) =>
        await FindAsync(tenant, name, cancellation) is { } found && found.RevisionId == revisionId ? found : null;

    public ValueTask<StateMachineRecord?> KeepRevisionAsync(TenantId tenant, string name, string revisionId, CancellationToken cancellation) =>
        FindRevisionAsync(tenant, name, revisionId, cancellation);

    public ValueTask<Result<StateMachineRecord>> CreateAsync(StateMachineRecord machine, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<Result<StateMachineRecord>> UpdateAsync(StateMachineRecord machine, string? expectedRevisionId, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<bool> DeleteAsync(TenantId tenant, string name, string? expectedRevisionId, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<Page<StateMachineRecord>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) => throw new NotSupportedException();
}
