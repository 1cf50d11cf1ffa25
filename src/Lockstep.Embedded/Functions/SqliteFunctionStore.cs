using Lockstep.Embedded.Committing;
using Lockstep.Embedded.Storage;
using Lockstep.Service.Functions;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Embedded.Functions;

/// <summary>Registered functions in SQLite. Every call of a task looks its function up, so those in use are kept in memory.</summary>
internal sealed class SqliteFunctionStore(Store store) : IFunctionStore
{
    /// <summary>Functions in memory; beyond that the memory starts over.</summary>
    internal const int MaxInMemory = 10_000;

    private const string Update = "UPDATE functions SET url = ?3, created = ?4 WHERE tenant = ?1 AND name = ?2";
    private const string Insert = "INSERT INTO functions(tenant, name, url, created) VALUES(?1, ?2, ?3, ?4)";
    private const string Find = "SELECT name, url, created FROM functions WHERE tenant = ?1 AND name = ?2";
    private const string Delete = "DELETE FROM functions WHERE tenant = ?1 AND name = ?2";
    private const string List = "SELECT name, url, created FROM functions WHERE tenant = ?1 AND name > ?2 ORDER BY name LIMIT ?3";
    private const string Count = "SELECT count(*) FROM functions WHERE tenant = ?1";

    private readonly RecentRows<(TenantId Tenant, string Name), FunctionRecord> _recent = new(MaxInMemory);

    /// <inheritdoc/>
    public async ValueTask<bool> PutAsync(FunctionRecord function, CancellationToken cancellation)
    {
        bool isNew = await store.WriteAsync(context => Put(context, function));
        _recent.Forget((function.Tenant, function.Name));
        return isNew;
    }

    /// <inheritdoc/>
    public ValueTask<FunctionRecord?> FindAsync(TenantId tenant, string name, CancellationToken cancellation) =>
        ValueTask.FromResult(_recent.Get((tenant, name), store, static (key, store) => ReadOne(store, key.Tenant, key.Name)));

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation)
    {
        if (store.NumberOf(tenant) is not long number)
        {
            return false;
        }

        bool existed = await store.WriteAsync(context => context.Prepare(Delete).Bind(1, number).Bind(2, name).ExecuteChanges() > 0);
        _recent.Forget((tenant, name));
        return existed;
    }

    /// <inheritdoc/>
    public ValueTask<Page<FunctionRecord>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) => ValueTask.FromResult(
        NamedPages.Read(store, store.NumberOf(tenant), page, List, rows => ReadRow(tenant, rows), function => function.Name));

    /// <inheritdoc/>
    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) => ValueTask.FromResult(
        store.NumberOf(tenant) is long number
            ? (int)store.Read(number, static (connection, number) => connection.Prepare(Count).Bind(1, number).ReadScalar() ?? 0)
            : 0);

    private static bool Put(WriteContext context, FunctionRecord function)
    {
        long tenant = Store.EnsureTenant(context, function.Tenant, out _);
        bool isNew = BindAll(context.Prepare(Update)).ExecuteChanges() == 0;
        if (isNew)
        {
            BindAll(context.Prepare(Insert)).Execute();
        }

        return isNew;

        SqliteStatement BindAll(SqliteStatement statement) => statement
            .Bind(1, tenant).Bind(2, function.Name).Bind(3, function.Url.OriginalString).Bind(4, StoredTime.ToStored(function.CreatedAt));
    }

    private static FunctionRecord? ReadOne(Store store, TenantId tenant, string name) => store.NumberOf(tenant) is not long number
        ? null
        : store.Read((tenant, number, name), static (connection, query) =>
        {
            using SqliteStatement rows = connection.Prepare(Find).Bind(1, query.number).Bind(2, query.name);
            return rows.Step() ? ReadRow(query.tenant, rows) : null;
        });

    private static FunctionRecord ReadRow(TenantId tenant, SqliteStatement rows) => new(
        tenant, rows.Text(0), new Uri(rows.Text(1), UriKind.RelativeOrAbsolute), StoredTime.FromStored(rows.Int64(2)));
}
