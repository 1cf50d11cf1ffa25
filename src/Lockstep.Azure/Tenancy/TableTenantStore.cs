using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Tenancy;

/// <summary>
/// Tenants and their API keys: table <c>tenants</c>. The platform owns the partition <c>platform</c> with a row for each tenant and one for the last,
/// and a partition <c>platform|key|id</c> for each key, since a key is all that a caller comes with. The rows <c>k|id</c> of a tenant's own partition
/// list its keys: written before the key and removed after it, so that no key is in use that its list does not show.
/// </summary>
public sealed class TableTenantStore(ITables tables, StorageRetry retry) : ITenantStore
{
    private const string Platform = "platform";
    private const string TenantKind = "t";
    private const string KeyKind = "k";
    private const string LastRow = "last";
    private const string TenantName = "tenant";
    private const string NameName = "name";
    private const string CreatedName = "created";
    private const string HashName = "hash";
    private const string KeyIdName = "key";

    /// <summary>Which call added the row: how a call whose answer got lost recognises its own work.</summary>
    private const string MarkName = "mark";

    private readonly ITable _table = tables[TableName.Tenants];

    /// <inheritdoc/>
    public ValueTask<bool> EnsureAsync(TenantId tenant, CancellationToken cancellation) =>
        CreateAsync(new TenantRecord(tenant, null, null), cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> CreateAsync(TenantRecord tenant, CancellationToken cancellation)
    {
        string mark = Guid.NewGuid().ToString("N");
        Entity row = new Entity(TenantKey(tenant.Tenant))
            .With(TenantName, tenant.Tenant.Value).With(NameName, tenant.Name).With(CreatedName, tenant.CreatedAt).With(MarkName, mark);
        return retry.RunAsync<bool>(
            async () =>
            {
                if (await _table.FindAsync(row.Key, cancellation) is { } found)
                {
                    return found.Get<string>(MarkName) == mark;
                }

                List<EntityWrite> writes = [new InsertEntity(row)];
                if (await MoveLastAsync(tenant.Tenant, cancellation) is { } moved)
                {
                    writes.Add(moved);
                }

                return (await _table.WriteAsync(writes, cancellation)).Succeeded ? true : Attempt.Again;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<TenantRecord?> FindAsync(TenantId tenant, CancellationToken cancellation) => retry.RunAsync<TenantRecord?>(
        async () => await _table.FindAsync(TenantKey(tenant), cancellation) is { } row ? ReadTenant(row) : null, cancellation);

    /// <inheritdoc/>
    public ValueTask<TenantId?> FindLastAsync(CancellationToken cancellation) => retry.RunAsync<TenantId?>(
        async () => await _table.FindAsync(new EntityKey(Platform, LastRow), cancellation) is { } row ? ReadOwner(row) : (TenantId?)null, cancellation);

    /// <inheritdoc/>
    public ValueTask<Page<TenantRecord>> ListAsync(PageRequest page, CancellationToken cancellation)
    {
        EntityRange all = RangeScan.OfPrefix(Platform, TenantKind);
        EntityRange range = page.Cursor is { } last ? all with { FromRow = all.FromRow + KeyText.After(last) } : all;
        return retry.RunAsync<Page<TenantRecord>>(
            async () =>
            {
                List<Entity> found = await RangeScan.FirstAsync(_table, range, page.MaxItems + 1, cancellation);
                TenantRecord[] items = [.. found.Take(page.MaxItems).Select(ReadTenant)];
                return new Page<TenantRecord>(items, found.Count > page.MaxItems ? items[^1].Tenant.Value : null);
            },
            cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask PutKeyAsync(ApiKeyRecord key, CancellationToken cancellation)
    {
        await EnsureAsync(key.Tenant, cancellation);
        await retry.RunAsync<bool>(
            async () =>
            {
                await _table.WriteAsync([new PutEntity(new Entity(ListedKey(key.Tenant, key.KeyId)).With(KeyIdName, key.KeyId))], cancellation);
                Entity? before = await _table.FindAsync(KeyKey(key.KeyId), cancellation);
                Entity row = new Entity(KeyKey(key.KeyId))
                    .With(TenantName, key.Tenant.Value).With(HashName, new ReadOnlyMemory<byte>(key.Hash)).With(CreatedName, key.CreatedAt);
                await _table.WriteAsync([new PutEntity(row)], cancellation);
                if (before is not null && ReadOwner(before) is { } owner && owner != key.Tenant)
                {
                    await _table.WriteAsync([new DeleteEntity(ListedKey(owner, key.KeyId), null)], cancellation);
                }

                return true;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<ApiKeyRecord?> FindKeyAsync(string keyId, CancellationToken cancellation) =>
        retry.RunAsync<ApiKeyRecord?>(async () => await ReadKeyAsync(keyId, cancellation), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ApiKeyRecord>> ListKeysAsync(TenantId tenant, CancellationToken cancellation) => retry.RunAsync<IReadOnlyList<ApiKeyRecord>>(
        async () =>
        {
            List<ApiKeyRecord> keys = [];
            await foreach (Entity listed in RangeScan.AllAsync(_table, RangeScan.OfPrefix(tenant.Value, KeyKind), TableRules.MaxPageItems, cancellation))
            {
                // A listed key that is not there, or not the tenant's, is one whose writing or removal was interrupted.
                if (await ReadKeyAsync(listed.Get<string>(KeyIdName), cancellation) is { } key && key.Tenant == tenant)
                {
                    keys.Add(key);
                }
            }

            return Attempt.Done<IReadOnlyList<ApiKeyRecord>>(keys);
        },
        cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> RemoveKeyAsync(TenantId tenant, string keyId, CancellationToken cancellation)
    {
        bool sent = false;
        return retry.RunAsync<bool>(
            async () =>
            {
                Entity? row = await _table.FindAsync(KeyKey(keyId), cancellation);
                bool isOwned = row is not null && ReadOwner(row) == tenant;
                if (row is not null && isOwned)
                {
                    sent = true;
                    if (!(await _table.WriteAsync([new DeleteEntity(row.Key, row.ETag)], cancellation)).Succeeded)
                    {
                        return Attempt.Again;
                    }
                }

                bool wasListed = (await _table.WriteAsync([new DeleteEntity(ListedKey(tenant, keyId), null)], cancellation)).Succeeded;

                // A key that was only listed any more is one whose removal was interrupted before.
                return isOwned || sent || (wasListed && row is null);
            },
            cancellation);
    }

    private static EntityKey TenantKey(TenantId tenant) => new(Platform, $"{TenantKind}{KeyText.Separator}{tenant.Value}");

    private static EntityKey KeyKey(string keyId) => new($"{Platform}{KeyText.Separator}key{KeyText.Separator}{KeyText.OfName(keyId)}", KeyKind);

    private static EntityKey ListedKey(TenantId tenant, string keyId) => new(tenant.Value, $"{KeyKind}{KeyText.Separator}{KeyText.OfName(keyId)}");

    private static TenantRecord ReadTenant(Entity row) => new(
        ReadOwner(row),
        row.TryGet<string>(NameName, out string? name) ? name : null,
        row.TryGet(CreatedName, out DateTimeOffset created) ? created : null);

    private static TenantId ReadOwner(Entity row) => TenantId.TryParse(row.Get<string>(TenantName), out TenantId tenant)
        ? tenant
        : throw new InvalidOperationException($"{row.Key} names a tenant whose number is none.");

    /// <summary>The change that makes a tenant the last one; null when there is a later one.</summary>
    private async ValueTask<EntityWrite?> MoveLastAsync(TenantId tenant, CancellationToken cancellation)
    {
        Entity last = new Entity(new EntityKey(Platform, LastRow)).With(TenantName, tenant.Value);
        if (await _table.FindAsync(last.Key, cancellation) is not { ETag: { } version } found)
        {
            return new InsertEntity(last);
        }

        return string.CompareOrdinal(ReadOwner(found).Value, tenant.Value) < 0 ? new ReplaceEntity(last, version) : null;
    }

    private async ValueTask<ApiKeyRecord?> ReadKeyAsync(string keyId, CancellationToken cancellation) =>
        await _table.FindAsync(KeyKey(keyId), cancellation) is { } row
            ? new ApiKeyRecord(keyId, ReadOwner(row), row.Get<ReadOnlyMemory<byte>>(HashName).ToArray(), row.Get<DateTimeOffset>(CreatedName))
            : null;
}
