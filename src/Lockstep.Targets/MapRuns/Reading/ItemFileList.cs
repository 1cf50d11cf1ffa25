using Lockstep.Json;
using Lockstep.Service.Objects;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Targets.MapRuns.Reading;

/// <summary>A file that items are read of.</summary>
/// <param name="Position">Where it stands in its list; part of cursors.</param>
/// <param name="Place">Where it is.</param>
internal sealed record ItemFile(JsonValue Position, ObjectPlace Place);

/// <summary>The files whose items a map run reads one after the other.</summary>
internal abstract class ItemFileList
{
    /// <summary>The file at a position that this list gave before.</summary>
    public abstract ItemFile At(JsonValue position);

    /// <summary>The file after another, or the first; null when there is none.</summary>
    public abstract ValueTask<ItemFile?> AfterAsync(ItemFile? file, CancellationToken cancellation);
}

/// <summary>The files that a manifest lists. A position is the number of the file.</summary>
internal sealed class ManifestFiles(IReadOnlyList<ObjectPlace> files) : ItemFileList
{
    /// <inheritdoc/>
    public override ItemFile At(JsonValue position) => new(position, files[NumberOf(position)]);

    /// <inheritdoc/>
    public override ValueTask<ItemFile?> AfterAsync(ItemFile? file, CancellationToken cancellation)
    {
        int next = file is null ? 0 : NumberOf(file.Position) + 1;
        return ValueTask.FromResult(next < files.Count ? At(JsonNumber.Of(next)) : null);
    }

    private static int NumberOf(JsonValue position) => position is JsonNumber number && number.TryGetInt64(out long value)
        ? (int)value
        : throw new InvalidOperationException("The cursor within a manifest is malformed.");
}

/// <summary>The objects of a bucket, in the order of their keys. A position is a key. Empty objects that only stand for folders are left out.</summary>
internal sealed class ListedFiles(IObjectStore objects, TenantId tenant, string bucket, string prefix, string? startAfter) : ItemFileList
{
    private const int MaxKeysAtOnce = 100;

    private readonly Queue<ItemFile> _ahead = new();
    private string? _last;
    private bool _isListed;

    /// <inheritdoc/>
    public override ItemFile At(JsonValue position) => position is JsonString key
        ? new ItemFile(key, new ObjectPlace(tenant, bucket, key.Value))
        : throw new InvalidOperationException("The cursor within a list of objects is malformed.");

    /// <inheritdoc/>
    public override async ValueTask<ItemFile?> AfterAsync(ItemFile? file, CancellationToken cancellation)
    {
        if (_last != file?.Place.Key)
        {
            _ahead.Clear();
            _isListed = false;
        }

        string? after = file?.Place.Key ?? startAfter;
        while (_ahead.Count == 0 && !_isListed)
        {
            Page<ObjectRecord> page = await objects.ListAsync(tenant, bucket, prefix, new PageRequest(MaxKeysAtOnce, after), cancellation);
            foreach (ObjectRecord record in page.Items.Where(record => record.Size > 0 || !record.Place.Key.EndsWith('/')))
            {
                _ahead.Enqueue(At(JsonString.Of(record.Place.Key)));
            }

            after = page.Next;
            _isListed = after is null;
        }

        // A page may end with objects that were left out: the next one is listed from the last file on.
        _isListed &= _ahead.Count == 0;
        ItemFile? next = _ahead.Count > 0 ? _ahead.Dequeue() : null;
        _last = next?.Place.Key;
        return next;
    }
}
