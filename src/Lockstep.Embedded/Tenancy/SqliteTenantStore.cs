using Lockstep.Embedded.Storage;
using Lockstep.Service.Tenancy;

namespace Lockstep.Embedded.Tenancy;

/// <summary>Tenants and their API keys in SQLite.</summary>
internal sealed class SqliteTenantStore(Store store) : ITenantStore
{
    private const string PutKey = """
        INSERT INTO api_keys(key_id, tenant, hash, created) VALUES(?1, ?2, ?3, ?4)
        ON CONFLICT(key_id) DO UPDATE SET tenant = ?2, hash = ?3, created = ?4
        """;

    private const string FindKey = "SELECT tenant, hash, created FROM api_keys WHERE key_id = ?1";

    /// <inheritdoc/>
    public async ValueTask<bool> EnsureAsync(TenantId tenant, CancellationToken cancellation)
    {
        if (store.NumberOf(tenant) is not null)
        {
            return false;
        }

        return await store.WriteAsync(context =>
        {
            Store.EnsureTenant(context, tenant, out bool created);
            return created;
        });
    }

    /// <inheritdoc/>
    public async ValueTask PutKeyAsync(ApiKeyRecord key, CancellationToken cancellation) => await store.WriteAsync(context =>
    {
        long tenant = Store.EnsureTenant(context, key.Tenant, out _);
        return context.Prepare(PutKey)
            .Bind(1, key.KeyId).Bind(2, tenant).Bind(3, key.Hash).Bind(4, StoredTime.ToStored(key.CreatedAt))
            .ExecuteChanges();
    });

    /// <inheritdoc/>
    public ValueTask<ApiKeyRecord?> FindKeyAsync(string keyId, CancellationToken cancellation) => ValueTask.FromResult(
        store.Read((store, keyId), static (connection, query) =>
        {
            using SqliteStatement rows = connection.Prepare(FindKey).Bind(1, query.keyId);
            return rows.Step()
                ? new ApiKeyRecord(
                    query.keyId, query.store.TenantOf(connection, rows.Int64(0)), rows.Blob(1).ToArray(), StoredTime.FromStored(rows.Int64(2)))
                : null;
        }));
}
