namespace Lockstep.Service.Tenancy;

/// <summary>An API key as stored: its public identifier and a keyed hash of its secret part.</summary>
public sealed record ApiKeyRecord(string KeyId, TenantId Tenant, byte[] Hash, DateTimeOffset CreatedAt);

/// <summary>Keeps tenants and their API keys.</summary>
public interface ITenantStore
{
    /// <summary>Creates the tenant if it does not exist; true when it was new.</summary>
    ValueTask<bool> EnsureAsync(TenantId tenant, CancellationToken cancellation);

    /// <summary>Adds or replaces a key.</summary>
    ValueTask PutKeyAsync(ApiKeyRecord key, CancellationToken cancellation);

    /// <summary>Finds a key by its identifier; null when there is none.</summary>
    ValueTask<ApiKeyRecord?> FindKeyAsync(string keyId, CancellationToken cancellation);
}
