using Lockstep.Embedded.Storage;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Embedded.Tenancy;

/// <summary>Tenants and their API keys in SQLite.</summary>
internal sealed class SqliteTenantStore(Store store) : ITenantStore
{
    private const string InsertTenant = "INSERT INTO tenants(digits, name, created) VALUES(?1, ?2, ?3) ON CONFLICT DO NOTHING";
    private const string FindTenant = "SELECT digits, name, created FROM tenants WHERE digits = ?1";
    private const string LastTenant = "SELECT digits FROM tenants ORDER BY digits DESC LIMIT 1";
    private const string ListTenants = "SELECT digits, name, created FROM tenants WHERE digits > ?1 ORDER BY digits LIMIT ?2";
    private const string PutKey = """
        INSERT INTO api_keys(key_id, tenant, hash, created) VALUES(?1, ?2, ?3, ?4)
        ON CONFLICT(key_id) DO UPDATE SET tenant = ?2, hash = ?3, created = ?4
        """;

    private const string FindKey = "SELECT tenant, hash, created FROM api_keys WHERE key_id = ?1";
    private const string ListKeys = "SELECT key_id, hash, created FROM api_keys WHERE tenant = ?1 ORDER BY key_id";
    private const string DeleteKey = "DELETE FROM api_keys WHERE key_id = ?1 AND tenant = ?2";

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
    public async ValueTask<bool> CreateAsync(TenantRecord tenant, CancellationToken cancellation) => await store.WriteAsync(context =>
        context.Prepare(InsertTenant)
            .Bind(1, tenant.Tenant.Value).Bind(2, tenant.Name).Bind(3, tenant.CreatedAt is { } created ? StoredTime.ToStored(created) : null)
            .ExecuteChanges() > 0);

    /// <inheritdoc/>
    public ValueTask<TenantRecord?> FindAsync(TenantId tenant, CancellationToken cancellation) => ValueTask.FromResult(
        store.Read(tenant, static (connection, tenant) =>
        {
            using SqliteStatement rows = connection.Prepare(FindTenant).Bind(1, tenant.Value);
            return rows.Step() ? ReadTenant(rows) : null;
        }));

    /// <inheritdoc/>
    public ValueTask<TenantId?> FindLastAsync(CancellationToken cancellation) => ValueTask.FromResult(
        store.Read(0, static (connection, _) =>
        {
            using SqliteStatement rows = connection.Prepare(LastTenant);
            return rows.Step() ? ReadDigits(rows) : (TenantId?)null;
        }));

    /// <inheritdoc/>
    public ValueTask<Page<TenantRecord>> ListAsync(PageRequest page, CancellationToken cancellation) => ValueTask.FromResult(
        store.Read(page, static (connection, page) =>
        {
            List<TenantRecord> found = [];
            using SqliteStatement rows = connection.Prepare(ListTenants).Bind(1, page.Cursor ?? "").Bind(2, (long)page.MaxItems + 1);
            while (rows.Step())
            {
                if (found.Count == page.MaxItems)
                {
                    return new Page<TenantRecord>(found, found[^1].Tenant.Value);
                }

                found.Add(ReadTenant(rows));
            }

            return new Page<TenantRecord>(found, null);
        }));

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

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ApiKeyRecord>> ListKeysAsync(TenantId tenant, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<ApiKeyRecord>>(store.NumberOf(tenant) is not long number
            ? []
            : store.Read((tenant, number), static (connection, query) =>
            {
                List<ApiKeyRecord> found = [];
                using SqliteStatement rows = connection.Prepare(ListKeys).Bind(1, query.number);
                while (rows.Step())
                {
                    found.Add(new ApiKeyRecord(rows.Text(0), query.tenant, rows.Blob(1).ToArray(), StoredTime.FromStored(rows.Int64(2))));
                }

                return found;
            }));

    /// <inheritdoc/>
    public async ValueTask<bool> RemoveKeyAsync(TenantId tenant, string keyId, CancellationToken cancellation) =>
        store.NumberOf(tenant) is long number
        && await store.WriteAsync(context => context.Prepare(DeleteKey).Bind(1, keyId).Bind(2, number).ExecuteChanges() > 0);

    private static TenantRecord ReadTenant(SqliteStatement rows) => new(
        ReadDigits(rows), rows.NullableText(1), rows.NullableInt64(2) is long created ? StoredTime.FromStored(created) : null);

    private static TenantId ReadDigits(SqliteStatement rows) => TenantId.TryParse(rows.Text(0), out TenantId tenant)
        ? tenant
        : throw new InvalidOperationException("The store has a tenant whose number is none.");
}
