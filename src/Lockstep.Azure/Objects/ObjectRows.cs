using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Service.Objects;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Objects;

/// <summary>
/// Objects as rows: table <c>objects</c>, a partition for each bucket (<c>tenant|bucket</c>), rows <c>o|key</c> in the order of keys
/// (<see cref="OrderedText"/>).
/// </summary>
internal static class ObjectRows
{
    /// <summary>What rows of objects begin with.</summary>
    public const string Kind = "o|";

    /// <summary>The end of the rows of objects.</summary>
    public const string AfterKind = "o}";

    private const string KeyName = "key";
    private const string SizeName = "size";
    private const string ETagName = "etag";
    private const string TypeName = "type";
    private const string ModifiedName = "modified";
    /// <summary>Where a row names the folder of its content.</summary>
    public const string FolderName = "folder";

    /// <summary>The partition of a bucket.</summary>
    public static string PartitionOf(TenantId tenant, string bucket) => $"{tenant.Value}|{bucket}";

    /// <summary>Where the row of an object is.</summary>
    public static EntityKey KeyOf(ObjectPlace place) => new(PartitionOf(place.Tenant, place.Bucket), Kind + OrderedText.Of(place.Key));

    /// <summary>What the rows of all keys begin with that begin with a prefix; those of other keys may, where the prefix is long.</summary>
    public static string PrefixOf(string prefix) => Kind + OrderedText.PrefixOf(prefix);

    /// <summary>The first row that may come after the one of a key.</summary>
    public static string After(string key) => OrderedText.After(Kind + OrderedText.Of(key));

    /// <summary>A record as a row.</summary>
    public static Entity ToEntity(ObjectRecord record, string folder) => new Entity(KeyOf(record.Place))
        .With(KeyName, record.Place.Key).With(SizeName, record.Size).With(ETagName, record.ETag).With(TypeName, record.ContentType)
        .With(ModifiedName, record.LastModified).With(FolderName, folder);

    /// <summary>A row as a record.</summary>
    public static ObjectRecord Read(TenantId tenant, string bucket, Entity row) => new(
        new ObjectPlace(tenant, bucket, row.Get<string>(KeyName)), row.Get<long>(SizeName), row.Get<string>(ETagName), row.Get<string>(TypeName),
        row.Get<DateTimeOffset>(ModifiedName));

    /// <summary>The folder of blobs that holds the content of a row's object.</summary>
    public static string FolderOf(Entity row) => row.Get<string>(FolderName);
}
