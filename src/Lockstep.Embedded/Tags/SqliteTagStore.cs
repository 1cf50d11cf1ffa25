using System.Text.Json;
using Lockstep.Embedded.Storage;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Tags;

namespace Lockstep.Embedded.Tags;

/// <summary>Changed tags in SQLite, a row for each resource; it belongs to the resource that was created at its time, and is replaced by that of a later one.</summary>
internal sealed class SqliteTagStore(Store store) : ITagStore
{
    private const string Find = "SELECT tags FROM resource_tags WHERE tenant = ?1 AND kind = ?2 AND name = ?3 AND created = ?4";
    private const string Put = """
        INSERT INTO resource_tags(tenant, kind, name, created, tags) VALUES(?1, ?2, ?3, ?4, ?5)
        ON CONFLICT(tenant, kind, name) DO UPDATE SET created = ?4, tags = ?5
        """;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, string>?> FindAsync(TaggedResource resource, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyDictionary<string, string>?>(store.NumberOf(resource.Tenant) is not long number
            ? null
            : store.Read((resource, number), static (connection, query) =>
            {
                using SqliteStatement rows = Bind(connection.Prepare(Find), query.resource, query.number);
                return Read(rows);
            }));

    /// <inheritdoc/>
    public async ValueTask<Result<Accepted>> ChangeAsync(TaggedResource resource, TagChange change, CancellationToken cancellation) =>
        await store.WriteAsync<Result<Accepted>>(context =>
        {
            long tenant = Store.EnsureTenant(context, resource.Tenant, out _);
            Dictionary<string, string>? current;
            using (SqliteStatement rows = Bind(context.Prepare(Find), resource, tenant))
            {
                current = Read(rows);
            }

            Result<Dictionary<string, string>> changed = change.Apply(current);
            if (!changed.Succeeded)
            {
                return changed.Error;
            }

            Bind(context.Prepare(Put), resource, tenant).Bind(5, JsonSerializer.Serialize(changed.Value)).Execute();
            return default(Accepted);
        });

    private static SqliteStatement Bind(SqliteStatement statement, TaggedResource resource, long tenant) => statement
        .Bind(1, tenant).Bind(2, (long)resource.Kind).Bind(3, resource.Name).Bind(4, StoredTime.ToStored(resource.CreatedAt));

    private static Dictionary<string, string>? Read(SqliteStatement rows) =>
        rows.Step() ? JsonSerializer.Deserialize<Dictionary<string, string>>(rows.Text(0)) : null;
}
