using Lockstep.Service.Functions;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Targets.Tests.Fakes;

/// <summary>Functions in memory.</summary>
internal sealed class MemoryFunctionStore : IFunctionStore
{
    private readonly Dictionary<(TenantId Tenant, string Name), FunctionRecord> _functions = [];

    public static MemoryFunctionStore With(string name, Uri url)
    {
        var store = new MemoryFunctionStore();
        store._functions[(Invocations.Tenant, name)] = new FunctionRecord(Invocations.Tenant, name, url, DateTimeOffset.UnixEpoch);
        return store;
    }

    public ValueTask<bool> PutAsync(FunctionRecord function, CancellationToken cancellation)
    {
        bool isNew = !_functions.ContainsKey((function.Tenant, function.Name));
        _functions[(function.Tenant, function.Name)] = function;
        return ValueTask.FromResult(isNew);
    }

    public ValueTask<FunctionRecord?> FindAsync(TenantId tenant, string name, CancellationToken cancellation) =>
        ValueTask.FromResult(_functions.GetValueOrDefault((tenant, name)));

    public ValueTask<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation) =>
        ValueTask.FromResult(_functions.Remove((tenant, name)));

    public ValueTask<Page<FunctionRecord>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) =>
        throw new NotSupportedException("No target lists functions.");

    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) =>
        throw new NotSupportedException("No target counts functions.");
}
