using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Service.Errors;
using Lockstep.Service.Objects;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Objects;

/// <summary>Objects: a row each, which is replaced by its version, and their content in blobs that are written once.</summary>
public sealed class TableObjectStore : IObjectStore, ILeavesLitter
{
    private readonly ITable _table;
    private readonly ObjectParts _parts;
    private readonly Litter _litter;
    private readonly StorageRetry _retry;
    private readonly TimeProvider _time;

    /// <summary>Objects in the deployment's tables and blobs.</summary>
    public TableObjectStore(ITables tables, IBlobs blobs, StorageRetry retry, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(tables);
        _table = tables[TableName.Objects];
        _parts = new ObjectParts(blobs, retry);
        _litter = new Litter(_table, ObjectRows.FolderName, retry, time);
        _retry = retry;
        _time = time;
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectRecord> PutAsync(ObjectPlace place, string contentType, Stream content, CancellationToken cancellation)
    {
        string folder = ObjectParts.NewFolder(place);
        LitterTicket ticket = await _litter.AddAsync(ObjectRows.KeyOf(place), folder, cancellation);
        (long size, string etag) = await _parts.WriteAsync(folder, content, cancellation);
        ticket = await _litter.MoveAsync(ticket, cancellation)
            ?? throw new StorageUnavailableException($"The content was no longer there when it had arrived: it took longer than {Litter.Grace}.");
        var record = new ObjectRecord(place, size, etag, contentType, _time.GetUtcNow());
        Entity row = ObjectRows.ToEntity(record, folder);
        await _retry.RunAsync<bool>(
            async () =>
            {
                Entity? found = await _table.FindAsync(row.Key, cancellation);
                if (found is null)
                {
                    return (await _table.WriteAsync([new InsertEntity(row)], cancellation)).Succeeded ? true : Attempt.Again;
                }

                if (ObjectRows.FolderOf(found) == folder)
                {
                    return true;
                }

                await _litter.AddAsync(found.Key, ObjectRows.FolderOf(found), cancellation);
                return (await _table.WriteAsync([new ReplaceEntity(row, VersionOf(found))], cancellation)).Succeeded ? true : Attempt.Again;
            },
            cancellation);
        await _litter.RemoveAsync(ticket, cancellation);
        return record;
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectRecord?> FindAsync(ObjectPlace place, CancellationToken cancellation) =>
        await FindRowAsync(place, cancellation) is { } row ? ObjectRows.Read(place.Tenant, place.Bucket, row) : null;

    /// <inheritdoc/>
    public async ValueTask<OpenObject?> OpenAsync(ObjectPlace place, long offset, CancellationToken cancellation)
    {
        if (await FindRowAsync(place, cancellation) is not { } row)
        {
            return null;
        }

        ObjectRecord record = ObjectRows.Read(place.Tenant, place.Bucket, row);
        return new OpenObject(record, _parts.Open(ObjectRows.FolderOf(row), record.Size, offset));
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(ObjectPlace place, CancellationToken cancellation)
    {
        bool sent = false;
        return _retry.RunAsync<bool>(
            async () =>
            {
                if (await _table.FindAsync(ObjectRows.KeyOf(place), cancellation) is not { } found)
                {
                    // Gone since this call tried to remove it: by this call, as far as anybody can tell.
                    return sent;
                }

                await _litter.AddAsync(found.Key, ObjectRows.FolderOf(found), cancellation);
                sent = true;
                return (await _table.WriteAsync([new DeleteEntity(found.Key, VersionOf(found))], cancellation)).Succeeded ? true : Attempt.Again;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<Page<ObjectRecord>> ListAsync(TenantId tenant, string bucket, string prefix, PageRequest page, CancellationToken cancellation) =>
        _retry.RunAsync<Page<ObjectRecord>>(async () => await ListOnceAsync(tenant, bucket, prefix, page, cancellation), cancellation);

    /// <inheritdoc/>
    public ValueTask<int> ClearAsync(int maxItems, CancellationToken cancellation) => _litter.ClearAsync(maxItems, _parts.DeleteAsync, cancellation);

    private static string VersionOf(Entity row) => row.ETag ?? throw new InvalidOperationException($"{row.Key} was read without its version.");

    private async ValueTask<Page<ObjectRecord>> ListOnceAsync(
        TenantId tenant, string bucket, string prefix, PageRequest page, CancellationToken cancellation)
    {
        string begins = ObjectRows.PrefixOf(prefix);
        string from = page.Cursor is { Length: > 0 } cursor && string.CompareOrdinal(ObjectRows.After(cursor), begins) > 0 ? ObjectRows.After(cursor) : begins;
        var range = new EntityRange(ObjectRows.PartitionOf(tenant, bucket), from, ObjectRows.AfterKind);
        List<ObjectRecord> items = [];
        await foreach (Entity row in RangeScan.AllAsync(_table, range, Math.Min(page.MaxItems + 1, TableRules.MaxPageItems), cancellation))
        {
            if (!row.Key.Row.StartsWith(begins, StringComparison.Ordinal))
            {
                break;
            }

            ObjectRecord record = ObjectRows.Read(tenant, bucket, row);
            if (!record.Place.Key.StartsWith(prefix, StringComparison.Ordinal))
            {
                continue;
            }

            if (items.Count == page.MaxItems)
            {
                return new Page<ObjectRecord>(items, items[^1].Place.Key);
            }

            items.Add(record);
        }

        return new Page<ObjectRecord>(items, null);
    }

    private ValueTask<Entity?> FindRowAsync(ObjectPlace place, CancellationToken cancellation) => _retry.RunAsync<Entity?>(
        async () => await _table.FindAsync(ObjectRows.KeyOf(place), cancellation), cancellation);
}
