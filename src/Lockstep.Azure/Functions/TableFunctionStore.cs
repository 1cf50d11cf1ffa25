using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Service.Functions;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Functions;

/// <summary>Registered functions: table <c>functions</c>, partition the tenant, rows <c>f|name</c>. Nothing is kept in memory, as another worker may replace an endpoint.</summary>
public sealed class TableFunctionStore(ITables tables, StorageRetry retry) : IFunctionStore
{
    private const string NameName = "name";
    private const string UrlName = "url";
    private const string CreatedName = "created";

    /// <summary>Which call wrote the row, and whether it was new: how a call whose answer got lost recognises its own work.</summary>
    private const string MarkName = "mark";

    private readonly ITable _table = tables[TableName.Functions];
    private readonly CountedRows _rows = new(tables[TableName.Functions], "f", retry);

    /// <inheritdoc/>
    public ValueTask<bool> PutAsync(FunctionRecord function, CancellationToken cancellation)
    {
        string call = Guid.NewGuid().ToString("N");
        string added = call + "+";
        string replaced = call + "=";
        Entity row = new Entity(_rows.KeyOf(function.Tenant, function.Name))
            .With(NameName, function.Name).With(UrlName, function.Url.OriginalString).With(CreatedName, function.CreatedAt);
        return retry.RunAsync<bool>(
            async () =>
            {
                Entity? found = await _table.FindAsync(row.Key, cancellation);
                if (found?.Get<string>(MarkName) is { } mark && (mark == added || mark == replaced))
                {
                    return mark == added;
                }

                WriteOutcome outcome = found?.ETag is { } version
                    ? await _table.WriteAsync([new ReplaceEntity(row.With(MarkName, replaced), version)], cancellation)
                    : await _rows.AddAsync(function.Tenant, row.With(MarkName, added), [], cancellation);
                return outcome.Succeeded ? found is null : Attempt.Again;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<FunctionRecord?> FindAsync(TenantId tenant, string name, CancellationToken cancellation) => retry.RunAsync<FunctionRecord?>(
        async () => await _rows.FindAsync(tenant, name, cancellation) is { } row ? Read(tenant, row) : null, cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation) =>
        _rows.DeleteAsync(tenant, name, cancellation);

    /// <inheritdoc/>
    public ValueTask<Page<FunctionRecord>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) =>
        _rows.ListAsync(tenant, page, row => Read(tenant, row), function => function.Name, cancellation);

    /// <inheritdoc/>
    public ValueTask<int> CountAsync(TenantId tenant, CancellationToken cancellation) =>
        _rows.CountAsync(tenant, cancellation);

    private static FunctionRecord Read(TenantId tenant, Entity row) => new(
        tenant, row.Get<string>(NameName), new Uri(row.Get<string>(UrlName)), row.Get<DateTimeOffset>(CreatedName));
}
