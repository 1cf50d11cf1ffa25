using Lockstep.Embedded.Committing;
using Lockstep.Embedded.Storage;
using Lockstep.Service.Objects;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Embedded.Objects;

/// <summary>
/// Objects: their rows in SQLite, their content in files of the data folder. A file is written once, under a name of its own, before the row that
/// names it is committed. So a reader never sees half an object, and what a process that died leaves behind is known by name.
/// </summary>
internal sealed class FileObjectStore : IObjectStore
{
    private const string Columns = "key, size, etag, type, modified, file";
    private const string Find = $"SELECT {Columns} FROM objects WHERE tenant = ?1 AND bucket = ?2 AND key = ?3";
    private const string FindFile = "SELECT file FROM objects WHERE tenant = ?1 AND bucket = ?2 AND key = ?3";

    private const string List = $"""
        SELECT {Columns} FROM objects WHERE tenant = ?1 AND bucket = ?2 AND key > ?3 AND key >= ?4 ORDER BY key LIMIT ?5
        """;

    private const string Put = """
        INSERT INTO objects(tenant, bucket, key, file, size, etag, type, modified) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT DO UPDATE SET file = ?4, size = ?5, etag = ?6, type = ?7, modified = ?8
        """;

    private const string Delete = "DELETE FROM objects WHERE tenant = ?1 AND bucket = ?2 AND key = ?3";
    private const string AddLitter = "INSERT INTO object_litter(file) VALUES(?1) ON CONFLICT DO NOTHING";
    private const string RemoveLitter = "DELETE FROM object_litter WHERE file = ?1";
    private const string ListLitter = "SELECT file FROM object_litter";

    private readonly Store _store;
    private readonly ObjectFiles _files;
    private readonly TimeProvider _time;
    private readonly List<string> _litter;

    /// <summary>Opens the store, and looks what the process before left behind.</summary>
    public FileObjectStore(Store store, ObjectFiles files, TimeProvider time)
    {
        _store = store;
        _files = files;
        _time = time;
        _litter = store.Read(0, static (connection, _) => ReadLitter(connection));
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectRecord> PutAsync(ObjectPlace place, string contentType, Stream content, CancellationToken cancellation)
    {
        // First the name, so that the file of a process that dies from here on is found and removed.
        string file = ObjectFiles.NewName(place);
        await _store.WriteAsync(context => context.Prepare(AddLitter).Bind(1, file).ExecuteChanges());
        ObjectDigest digest;
        try
        {
            digest = await _files.WriteAsync(file, content, cancellation);
        }
        catch
        {
            await ClearAsync(file);
            throw;
        }

        var record = new ObjectRecord(place, digest.Size, digest.ETag, contentType, _time.GetUtcNow());
        if (await _store.WriteAsync(context => PutRow(context, record, file)) is { } replaced)
        {
            await ClearAsync(replaced);
        }

        return record;
    }

    /// <inheritdoc/>
    public ValueTask<ObjectRecord?> FindAsync(ObjectPlace place, CancellationToken cancellation) => ValueTask.FromResult(FindRow(place)?.Record);

    /// <inheritdoc/>
    public ValueTask<OpenObject?> OpenAsync(ObjectPlace place, long offset, CancellationToken cancellation)
    {
        while (FindRow(place) is { } found)
        {
            if (_files.TryOpen(found.File, offset) is { } content)
            {
                return ValueTask.FromResult<OpenObject?>(new OpenObject(found.Record, content));
            }

            // Replaced or deleted between the two looks, or else the file was taken away by somebody else.
            if (FindRow(place)?.File == found.File)
            {
                throw new FileNotFoundException($"The content of object {place.Key} in bucket {place.Bucket} of tenant {place.Tenant} is missing: {found.File}.");
            }
        }

        return ValueTask.FromResult<OpenObject?>(null);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(ObjectPlace place, CancellationToken cancellation)
    {
        if (_store.NumberOf(place.Tenant) is not long number
            || await _store.WriteAsync(context => DeleteRow(context, number, place)) is not { } file)
        {
            return false;
        }

        await ClearAsync(file);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask<Page<ObjectRecord>> ListAsync(TenantId tenant, string bucket, string prefix, PageRequest page, CancellationToken cancellation) =>
        ValueTask.FromResult(_store.NumberOf(tenant) is long number
            ? _store.Read((tenant, number, bucket, prefix, page), static (connection, query) =>
            {
                List<ObjectRecord> items = [];
                using SqliteStatement rows = connection.Prepare(List)
                    .Bind(1, query.number).Bind(2, query.bucket).Bind(3, query.page.Cursor ?? "").Bind(4, query.prefix).Bind(5, (long)query.page.MaxItems + 1);
                while (rows.Step() && rows.Text(0).StartsWith(query.prefix, StringComparison.Ordinal))
                {
                    if (items.Count == query.page.MaxItems)
                    {
                        return new Page<ObjectRecord>(items, items[^1].Place.Key);
                    }

                    items.Add(ReadRow(query.tenant, query.bucket, rows).Record);
                }

                return new Page<ObjectRecord>(items, null);
            })
            : new Page<ObjectRecord>([], null));

    /// <summary>Removes the files that the process before left behind when it died while it put or removed objects.</summary>
    public async Task ClearLitterAsync()
    {
        foreach (string file in _litter)
        {
            await ClearAsync(file);
        }

        _litter.Clear();
    }

    private static List<string> ReadLitter(SqliteConnection connection)
    {
        List<string> found = [];
        using SqliteStatement rows = connection.Prepare(ListLitter);
        while (rows.Step())
        {
            found.Add(rows.Text(0));
        }

        return found;
    }

    private static string? PutRow(WriteContext context, ObjectRecord record, string file)
    {
        long tenant = Store.EnsureTenant(context, record.Place.Tenant, out _);
        string? replaced = FileOf(context, tenant, record.Place);
        context.Prepare(Put).Bind(1, tenant).Bind(2, record.Place.Bucket).Bind(3, record.Place.Key).Bind(4, file).Bind(5, record.Size)
            .Bind(6, record.ETag).Bind(7, record.ContentType).Bind(8, StoredTime.ToStored(record.LastModified)).Execute();
        context.Prepare(RemoveLitter).Bind(1, file).Execute();
        Litter(context, replaced);
        return replaced;
    }

    private static string? DeleteRow(WriteContext context, long tenant, ObjectPlace place)
    {
        string? file = FileOf(context, tenant, place);
        context.Prepare(Delete).Bind(1, tenant).Bind(2, place.Bucket).Bind(3, place.Key).Execute();
        Litter(context, file);
        return file;
    }

    private static void Litter(WriteContext context, string? file)
    {
        if (file is not null)
        {
            context.Prepare(AddLitter).Bind(1, file).Execute();
        }
    }

    private static string? FileOf(WriteContext context, long tenant, ObjectPlace place)
    {
        using SqliteStatement rows = context.Prepare(FindFile).Bind(1, tenant).Bind(2, place.Bucket).Bind(3, place.Key);
        return rows.Step() ? rows.Text(0) : null;
    }

    private static StoredObject ReadRow(TenantId tenant, string bucket, SqliteStatement rows) => new(
        new ObjectRecord(
            new ObjectPlace(tenant, bucket, rows.Text(0)), rows.Int64(1), rows.Text(2), rows.Text(3), StoredTime.FromStored(rows.Int64(4))),
        rows.Text(5));

    private async Task ClearAsync(string file)
    {
        _files.Delete(file);
        await _store.WriteAsync(context => context.Prepare(RemoveLitter).Bind(1, file).ExecuteChanges());
    }

    private StoredObject? FindRow(ObjectPlace place) => _store.NumberOf(place.Tenant) is not long number
        ? null
        : _store.Read((place, number), static (connection, query) =>
        {
            using SqliteStatement rows = connection.Prepare(Find).Bind(1, query.number).Bind(2, query.place.Bucket).Bind(3, query.place.Key);
            return rows.Step() ? ReadRow(query.place.Tenant, query.place.Bucket, rows) : null;
        });

    private sealed record StoredObject(ObjectRecord Record, string File);
}
