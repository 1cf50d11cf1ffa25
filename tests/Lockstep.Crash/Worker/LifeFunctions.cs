using Lockstep.Service.Functions;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Crash.Worker;

/// <summary>
/// Lets every call say from which life of the worker it comes, as the last segment of its path: a call that was under way when the worker
/// died may reach the target only after the next life has begun.
/// </summary>
internal sealed class LifeFunctions(IFunctionStore inner, int life) : IFunctionStore
{
    public async ValueTask<FunctionRecord?> FindAsync(TenantId tenant, string name, CancellationToken cancellation)
    {
        FunctionRecord? function = await inner.FindAsync(tenant, name, cancellation);
        return function is null ? null : function with { Url = new Uri(function.Url, life.ToString(System.Globalization.CultureInfo.InvariantCulture)) };
    }

    public ValueTask<bool> PutAsync(FunctionRecord function, CancellationToken cancellation) => inner.PutAsync(function, cancellation);

    public ValueTask<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation) => inner.DeleteAsync(tenant, name, cancellation);

    public ValueTask<Page<FunctionRecord>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) =>
        inner.ListAsync(tenant, page, cancellation);

    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) => inner.CountAsync(tenant, cancellation);
}
