using Lockstep.Embedded.Committing;
using Lockstep.Embedded.Storage;
using Lockstep.Json;
using Lockstep.Service.Connections;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Embedded.Connections;

/// <summary>Connections of tenants in SQLite, their secrets sealed.</summary>
internal sealed class SqliteConnectionStore(Store store) : IConnectionStore
{
    private const string Columns = "name, id, type, created, updated";
    private const string FindOld = "SELECT id, created FROM connections WHERE tenant = ?1 AND name = ?2";
    private const string Update = "UPDATE connections SET type = ?3, updated = ?4, shown = ?5, sealed = ?6 WHERE tenant = ?1 AND name = ?2";
    private const string Insert = "INSERT INTO connections(tenant, name, type, updated, shown, sealed, id, created) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    private const string Find = $"SELECT {Columns}, shown, sealed FROM connections WHERE tenant = ?1 AND name = ?2";
    private const string Delete = "DELETE FROM connections WHERE tenant = ?1 AND name = ?2";
    private const string List = $"SELECT {Columns} FROM connections WHERE tenant = ?1 AND name > ?2 ORDER BY name LIMIT ?3";
    private const string Count = "SELECT count(*) FROM connections WHERE tenant = ?1";

    /// <inheritdoc/>
    public async ValueTask<StoredConnection> PutAsync(ConnectionRecord connection, CancellationToken cancellation) =>
        await store.WriteAsync(context => Put(context, connection));

    /// <inheritdoc/>
    public ValueTask<ConnectionRecord?> FindAsync(TenantId tenant, string name, CancellationToken cancellation) => ValueTask.FromResult(
        store.NumberOf(tenant) is long number
            ? store.Read((tenant, number, name), static (connection, query) =>
            {
                using SqliteStatement rows = connection.Prepare(Find).Bind(1, query.number).Bind(2, query.name);
                return rows.Step()
                    ? new ConnectionRecord(ReadSummary(query.tenant, rows), (JsonObject)JsonValue.Parse(rows.Text(5)), rows.Blob(6).ToArray())
                    : null;
            })
            : null);

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation) =>
        store.NumberOf(tenant) is long number
        && await store.WriteAsync(context => context.Prepare(Delete).Bind(1, number).Bind(2, name).ExecuteChanges() > 0);

    /// <inheritdoc/>
    public ValueTask<Page<ConnectionSummary>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) => ValueTask.FromResult(
        NamedPages.Read(store, store.NumberOf(tenant), page, List, rows => ReadSummary(tenant, rows), connection => connection.Name));

    /// <inheritdoc/>
    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) => ValueTask.FromResult(
        store.NumberOf(tenant) is long number
            ? (int)store.Read(number, static (connection, number) => connection.Prepare(Count).Bind(1, number).ReadScalar() ?? 0)
            : 0);

    private static StoredConnection Put(WriteContext context, ConnectionRecord connection)
    {
        ConnectionSummary asked = connection.Summary;
        long tenant = Store.EnsureTenant(context, asked.Tenant, out _);
        bool isNew = true;
        using (SqliteStatement old = context.Prepare(FindOld).Bind(1, tenant).Bind(2, asked.Name))
        {
            if (old.Step())
            {
                isNew = false;
                asked = asked with { Id = Guid.Parse(old.Text(0)), CreatedAt = StoredTime.FromStored(old.Int64(1)) };
            }
        }

        SqliteStatement statement = context.Prepare(isNew ? Insert : Update)
            .Bind(1, tenant).Bind(2, asked.Name).Bind(3, asked.AuthorizationType).Bind(4, StoredTime.ToStored(asked.UpdatedAt))
            .Bind(5, connection.Shown.ToString()).Bind(6, connection.Sealed.Span);
        if (isNew)
        {
            statement.Bind(7, asked.Id.ToString()).Bind(8, StoredTime.ToStored(asked.CreatedAt));
        }

        statement.Execute();
        return new StoredConnection(asked, isNew);
    }

    private static ConnectionSummary ReadSummary(TenantId tenant, SqliteStatement rows) => new(
        tenant, rows.Text(0), Guid.Parse(rows.Text(1)), rows.Text(2), StoredTime.FromStored(rows.Int64(3)), StoredTime.FromStored(rows.Int64(4)));
}
