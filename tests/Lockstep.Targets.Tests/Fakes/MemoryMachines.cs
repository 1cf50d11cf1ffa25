using Lockstep.Service.Errors;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Targets.Tests.Fakes;

/// <summary>State machines in memory, to be found and no more.</summary>
internal sealed class MemoryMachines(params StateMachineRecord[] machines) : IStateMachineStore
{
    private const string FindOnly = "Targets only find machines.";

    public static StateMachineRecord Machine(string name, WorkflowType type = WorkflowType.Standard) => new(
        Invocations.Tenant, name, "1", "{}", "arn:aws:iam::000000000001:role/r", type, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

    public ValueTask<StateMachineRecord?> FindAsync(TenantId tenant, string name, CancellationToken cancellation) =>
        ValueTask.FromResult(Array.Find(machines, machine => machine.Tenant == tenant && machine.Name == name));

    public ValueTask<Result<StateMachineRecord>> CreateAsync(StateMachineRecord machine, CancellationToken cancellation) =>
        throw new NotSupportedException(FindOnly);

    public async ValueTask<StateMachineRecord?> FindRevisionAsync(TenantId tenant, string name, string revisionId, CancellationToken cancellation) =>
        await FindAsync(tenant, name, cancellation) is { } machine && machine.RevisionId == revisionId ? machine : null;

    public ValueTask<StateMachineRecord?> KeepRevisionAsync(TenantId tenant, string name, string revisionId, CancellationToken cancellation) =>
        throw new NotSupportedException(FindOnly);

    public ValueTask<Result<StateMachineRecord>> UpdateAsync(StateMachineRecord machine, string? expectedRevisionId, CancellationToken cancellation) =>
        throw new NotSupportedException(FindOnly);

    public ValueTask<bool> DeleteAsync(TenantId tenant, string name, string? expectedRevisionId, CancellationToken cancellation) =>
        throw new NotSupportedException(FindOnly);

    public ValueTask<Page<StateMachineRecord>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) =>
        throw new NotSupportedException(FindOnly);

    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) =>
        throw new NotSupportedException(FindOnly);
}
