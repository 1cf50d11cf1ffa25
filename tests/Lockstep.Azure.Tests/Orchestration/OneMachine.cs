using Lockstep.Service.Errors;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Tests.Orchestration;

/// <summary>A store that has one machine, whatever it is asked for.</summary>
internal sealed class OneMachine : IStateMachineStore
{
    public StateMachineRecord? Machine { get; set; }

    public ValueTask<StateMachineRecord?> FindRevisionAsync(TenantId tenant, string name, string revisionId, CancellationToken cancellation) =>
        ValueTask.FromResult(Machine);

    public ValueTask<StateMachineRecord?> FindAsync(TenantId tenant, string name, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<StateMachineRecord?> KeepRevisionAsync(TenantId tenant, string name, string revisionId, CancellationToken cancellation) =>
        ValueTask.FromResult(Machine);

    public ValueTask<Result<StateMachineRecord>> CreateAsync(StateMachineRecord machine, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<Result<StateMachineRecord>> UpdateAsync(StateMachineRecord machine, string? expectedRevisionId, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<bool> DeleteAsync(TenantId tenant, string name, string? expectedRevisionId, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<Page<StateMachineRecord>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) => throw new NotSupportedException();
}
