using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lockstep.Json;
using Lockstep.Service.Objects;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;

namespace Lockstep.Conformance.Tests.Cases;

/// <summary>The objects that the setup of a case puts into buckets, and those that the case itself puts.</summary>
internal sealed class CaseObjects : IObjectStore
{
    private readonly SortedDictionary<(string Bucket, string Key), byte[]> _objects = new(
        Comparer<(string Bucket, string Key)>.Create(static (a, b) =>
            string.CompareOrdinal(a.Bucket, b.Bucket) is not 0 and int order ? order : string.CompareOrdinal(a.Key, b.Key)));

    public static CaseObjects Of(ConformanceCase recorded, Placeholders placeholders)
    {
        var objects = new CaseObjects();
        foreach (JsonObject step in ((recorded["setup"] as JsonArray) ?? JsonArray.Empty).OfType<JsonObject>())
        {
            if (step["op"] is JsonString { Value: "put_object" } && placeholders.Substitute(step["args"] ?? JsonObject.Empty) is JsonObject args)
            {
                objects._objects[(Text(args, "Bucket"), Text(args, "Key"))] = Encoding.UTF8.GetBytes(Text(args, "Body"));
            }
        }

        return objects;
    }

    public async ValueTask<ObjectRecord> PutAsync(ObjectPlace place, string contentType, Stream content, CancellationToken cancellation)
    {
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellation);
        byte[] bytes = copy.ToArray();
        _objects[(place.Bucket, place.Key)] = bytes;
        return RecordOf(place, bytes);
    }

    public ValueTask<ObjectRecord?> FindAsync(ObjectPlace place, CancellationToken cancellation) =>
        ValueTask.FromResult(_objects.TryGetValue((place.Bucket, place.Key), out byte[]? bytes) ? RecordOf(place, bytes) : null);

    public ValueTask<OpenObject?> OpenAsync(ObjectPlace place, long offset, CancellationToken cancellation) =>
        ValueTask.FromResult(_objects.TryGetValue((place.Bucket, place.Key), out byte[]? bytes)
            ? new OpenObject(RecordOf(place, bytes), new MemoryStream(bytes[(int)Math.Min(offset, bytes.Length)..], writable: false))
            : null);

    public ValueTask<bool> DeleteAsync(ObjectPlace place, CancellationToken cancellation) =>
        ValueTask.FromResult(_objects.Remove((place.Bucket, place.Key)));

    public ValueTask<Page<ObjectRecord>> ListAsync(TenantId tenant, string bucket, string prefix, PageRequest page, CancellationToken cancellation)
    {
        ImmutableArray<ObjectRecord> found =
        [
            .. _objects
                .Where(entry => entry.Key.Bucket == bucket && entry.Key.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Where(entry => page.Cursor is null || string.CompareOrdinal(entry.Key.Key, page.Cursor) > 0)
                .Select(entry => RecordOf(new ObjectPlace(tenant, bucket, entry.Key.Key), entry.Value))
                .Take(page.MaxItems + 1),
        ];
        bool more = found.Length > page.MaxItems;
        return ValueTask.FromResult(new Page<ObjectRecord>(
            more ? found[..page.MaxItems] : found, more ? found[page.MaxItems - 1].Place.Key : null));
    }

    private static ObjectRecord RecordOf(ObjectPlace place, byte[] bytes) => new(
        place,
        bytes.Length,
        Convert.ToHexStringLower(SHA256.HashData(bytes))[..32],
        "application/octet-stream",
        DateTimeOffset.Parse("2026-01-01T00:00:00Z", CultureInfo.InvariantCulture));

    private static string Text(JsonObject json, string name) => (json[name] as JsonString)?.Value ?? throw new InvalidDataException($"An object has no {name}.");
}
