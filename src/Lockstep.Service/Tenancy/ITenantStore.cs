using Lockstep.Service.Paging;

namespace Lockstep.Service.Tenancy;

/// <summary>An API key as stored: its public identifier and a keyed hash of its secret part.</summary>
public sealed record ApiKeyRecord(string KeyId, TenantId Tenant, byte[] Hash, DateTimeOffset CreatedAt);

/// <summary>A tenant, as its operator sees it.</summary>
/// <param name="Tenant">Its number.</param>
/// <param name="Name">What the operator calls it; null when nobody said, as for the tenant of development mode.</param>
/// <param name="CreatedAt">When it was created; null for one that was not created by an operator.</param>
public sealed record TenantRecord(TenantId Tenant, string? Name, DateTimeOffset? CreatedAt);

/// <summary>Keeps tenants and their API keys.</summary>
public interface ITenantStore
{
    /// <summary>Creates the tenant if it does not exist, without name; true when it was new.</summary>
    ValueTask<bool> EnsureAsync(TenantId tenant, CancellationToken cancellation);

    /// <summary>Adds a tenant; false when there is one of its number, which then stays as it is.</summary>
    ValueTask<bool> CreateAsync(TenantRecord tenant, CancellationToken cancellation);

    /// <summary>Finds a tenant; null when there is none of the number.</summary>
    ValueTask<TenantRecord?> FindAsync(TenantId tenant, CancellationToken cancellation);

    /// <summary>The tenant with the highest number; null when there is none.</summary>
    ValueTask<TenantId?> FindLastAsync(CancellationToken cancellation);

    /// <summary>Lists the tenants by number. The cursor is the number of the last one seen.</summary>
    ValueTask<Page<TenantRecord>> ListAsync(PageRequest page, CancellationToken cancellation);

    /// <summary>Adds or replaces a key; its tenant is created when it does not exist.</summary>
    ValueTask PutKeyAsync(ApiKeyRecord key, CancellationToken cancellation);

    /// <summary>Finds a key by its identifier; null when there is none.</summary>
    ValueTask<ApiKeyRecord?> FindKeyAsync(string keyId, CancellationToken cancellation);

    /// <summary>The keys of a tenant, by identifier. A tenant has few, as the use cases see to.</summary>
    ValueTask<IReadOnlyList<ApiKeyRecord>> ListKeysAsync(TenantId tenant, CancellationToken cancellation);

    /// <summary>Removes a key of a tenant; false when the tenant has none of the identifier. Another tenant's key is left alone.</summary>
    ValueTask<bool> RemoveKeyAsync(TenantId tenant, string keyId, CancellationToken cancellation);
}
