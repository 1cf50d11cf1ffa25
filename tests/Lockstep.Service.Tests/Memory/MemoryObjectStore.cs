using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Lockstep.Service.Objects;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;
using Lockstep.TestKit.Contracts;

namespace Lockstep.Service.Tests.Memory;

/// <summary>Objects in memory.</summary>
internal sealed class MemoryObjectStore : IObjectStore
{
    private static readonly Comparer<string> ByUtf8 =
        Comparer<string>.Create((left, right) => Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right)));

    private readonly ConcurrentDictionary<ObjectPlace, (ObjectRecord Record, byte[] Content)> _objects = new();

    public async ValueTask<ObjectRecord> PutAsync(ObjectPlace place, string contentType, Stream content, CancellationToken cancellation)
    {
        var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellation);
        string etag = Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()));
        var record = new ObjectRecord(place, bytes.Length, etag, contentType, DateTimeOffset.UnixEpoch);
        _objects[place] = (record, bytes.ToArray());
        return record;
    }

    public ValueTask<ObjectRecord?> FindAsync(ObjectPlace place, CancellationToken cancellation) =>
        ValueTask.FromResult(_objects.TryGetValue(place, out (ObjectRecord Record, byte[]) found) ? found.Record : null);

    public ValueTask<OpenObject?> OpenAsync(ObjectPlace place, long offset, CancellationToken cancellation) => ValueTask.FromResult(
        _objects.TryGetValue(place, out (ObjectRecord Record, byte[] Content) found)
            ? new OpenObject(found.Record, new MemoryStream(found.Content[(int)Math.Min(offset, found.Content.Length)..]))
            : null);

    public ValueTask<bool> DeleteAsync(ObjectPlace place, CancellationToken cancellation) => ValueTask.FromResult(_objects.TryRemove(place, out _));

    public ValueTask<Page<ObjectRecord>> ListAsync(TenantId tenant, string bucket, string prefix, PageRequest page, CancellationToken cancellation)
    {
        ObjectRecord[] found =
        [
            .. _objects.Values.Select(item => item.Record)
                .Where(item => item.Place.Tenant == tenant && item.Place.Bucket == bucket && item.Place.Key.StartsWith(prefix, StringComparison.Ordinal)
                    && ByUtf8.Compare(item.Place.Key, page.Cursor ?? "") > 0)
                .OrderBy(item => item.Place.Key, ByUtf8)
                .Take(page.MaxItems + 1),
        ];
        return ValueTask.FromResult(found.Length > page.MaxItems
            ? new Page<ObjectRecord>(found[..page.MaxItems], found[page.MaxItems - 1].Place.Key)
            : new Page<ObjectRecord>(found, null));
    }
}

/// <summary>The contract, on the store that the other tests of this project stand on.</summary>
public sealed class MemoryObjectStoreTests : ObjectStoreContract
{
    protected override Task<StoreLease<IObjectStore>> OpenAsync() =>
        Task.FromResult(new StoreLease<IObjectStore>(new MemoryObjectStore(), Nothing.Instance));

    private sealed class Nothing : IAsyncDisposable
    {
        public static Nothing Instance { get; } = new();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
