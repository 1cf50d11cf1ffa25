using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Functions;

/// <summary>A function that a tenant has registered: a name that Task states use, and the endpoint that is called.</summary>
/// <param name="Tenant">The owner.</param>
/// <param name="Name">1 to 140 characters.</param>
/// <param name="Url">Where to POST.</param>
/// <param name="CreatedAt">When it was registered.</param>
public sealed record FunctionRecord(TenantId Tenant, string Name, Uri Url, DateTimeOffset CreatedAt);

/// <summary>Keeps the functions of tenants.</summary>
public interface IFunctionStore
{
    /// <summary>Registers or replaces; answers true when it was new.</summary>
    ValueTask<bool> PutAsync(FunctionRecord function, CancellationToken cancellation);

    /// <summary>Finds one; null when there is none.</summary>
    ValueTask<FunctionRecord?> FindAsync(TenantId tenant, string name, CancellationToken cancellation);

    /// <summary>Removes one; true when it existed.</summary>
    ValueTask<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation);

    /// <summary>Lists by name.</summary>
    ValueTask<Page<FunctionRecord>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation);

    /// <summary>Functions that the tenant has; its quota is checked against it.</summary>
    ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation);
}
