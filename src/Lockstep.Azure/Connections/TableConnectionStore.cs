using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Service.Connections;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Connections;

/// <summary>
/// Connections of tenants, their secrets sealed: table <c>connections</c>, partition the tenant. A list reads the rows <c>n|name</c>; all of a connection is in
/// <c>s|name</c>, which changes in the same transaction. Nothing is kept in memory, as another worker may replace one.
/// </summary>
public sealed class TableConnectionStore(ITables tables, StorageRetry retry) : IConnectionStore
{
    private const string ContentKind = "s";
    private const string NameName = "name";
    private const string IdName = "id";
    private const string TypeName = "type";
    private const string CreatedName = "created";
    private const string UpdatedName = "updated";
    private const string ShownName = "shown";
    private const string SealedName = "sealed";

    /// <summary>Which call wrote the row, and whether it was new: how a call whose answer got lost recognises its own work.</summary>
    private const string MarkName = "mark";

    private readonly ITable _table = tables[TableName.Connections];
    private readonly CountedRows _rows = new(tables[TableName.Connections], "n", retry);

    /// <inheritdoc/>
    public ValueTask<StoredConnection> PutAsync(ConnectionRecord connection, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(connection);
        string call = Guid.NewGuid().ToString("N");
        ConnectionSummary asked = connection.Summary;
        return retry.RunAsync<StoredConnection>(
            async () =>
            {
                Entity? found = await _rows.FindAsync(asked.Tenant, asked.Name, cancellation);
                if (found is not null && found.Get<string>(MarkName) is { } mark && mark.StartsWith(call, StringComparison.Ordinal))
                {
                    return new StoredConnection(Read(asked.Tenant, found), mark.EndsWith('+'));
                }

                ConnectionSummary kept = found is null
                    ? asked
                    : asked with { Id = Guid.Parse(found.Get<string>(IdName)), CreatedAt = found.Get<DateTimeOffset>(CreatedName) };
                Entity row = Write(_rows.KeyOf(asked.Tenant, asked.Name), kept).With(MarkName, call + (found is null ? "+" : "="));
                var content = new PutEntity(
                    Write(ContentKey(asked.Tenant, asked.Name), kept).WithJson(ShownName, connection.Shown).WithParts(SealedName, connection.Sealed));
                WriteOutcome outcome = found?.ETag is { } version
                    ? await _table.WriteAsync([new ReplaceEntity(row, version), content], cancellation)
                    : await _rows.AddAsync(asked.Tenant, row, [content], cancellation);
                return outcome.Succeeded ? new StoredConnection(kept, found is null) : Attempt.Again;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<ConnectionRecord?> FindAsync(TenantId tenant, string name, CancellationToken cancellation) => retry.RunAsync<ConnectionRecord?>(
        async () => await _table.FindAsync(ContentKey(tenant, name), cancellation) is { } row
            ? new ConnectionRecord(Read(tenant, row), row.GetJson(ShownName), row.GetParts(SealedName).ToArray())
            : null,
        cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation)
    {
        bool sent = false;
        return retry.RunAsync<bool>(
            async () =>
            {
                if (await _rows.FindAsync(tenant, name, cancellation) is not { } row)
                {
                    // Gone since this call tried to remove it: by this call, as far as anybody can tell.
                    return sent;
                }

                sent = true;
                WriteOutcome outcome = await _rows.RemoveAsync(tenant, row, [new DeleteEntity(ContentKey(tenant, name), IfMatch: null)], cancellation);
                return outcome.Succeeded ? true : Attempt.Again;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<Page<ConnectionSummary>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) =>
        _rows.ListAsync(tenant, page, row => Read(tenant, row), connection => connection.Name, cancellation);

    /// <inheritdoc/>
    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) => _rows.CountAsync(tenant, cancellation);

    private static EntityKey ContentKey(TenantId tenant, string name) => new(tenant.Value, $"{ContentKind}{KeyText.Separator}{KeyText.OfName(name)}");

    private static Entity Write(EntityKey key, ConnectionSummary connection) => new Entity(key)
        .With(NameName, connection.Name).With(IdName, connection.Id.ToString()).With(TypeName, connection.AuthorizationType)
        .With(CreatedName, connection.CreatedAt).With(UpdatedName, connection.UpdatedAt);

    private static ConnectionSummary Read(TenantId tenant, Entity row) => new(
        tenant,
        row.Get<string>(NameName),
        Guid.Parse(row.Get<string>(IdName)),
        row.Get<string>(TypeName),
        row.Get<DateTimeOffset>(CreatedName),
        row.Get<DateTimeOffset>(UpdatedName));
}
