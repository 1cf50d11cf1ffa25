using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lockstep.Azure.Ports;
using Lockstep.Service.Objects;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Objects;

/// <summary>
/// Objects as rows: table <c>objects</c>, a partition for each bucket (<c>tenant|bucket</c>), rows <c>o|key</c> in the order of keys. The characters that
/// a row may not have are written as their neighbour and a digit, those beyond U+FFFC as that and their number, which keeps the order of UTF-8. Rows of
/// keys that get too long end in a digest: among keys with the same first <see cref="MaxOrdered"/> characters the order is then the digest's.
/// </summary>
internal static class ObjectRows
{
    /// <summary>Characters of an escaped key that decide its place.</summary>
    public const int MaxOrdered = 400;

    /// <summary>What rows of objects begin with.</summary>
    public const string Kind = "o|";

    /// <summary>The end of the rows of objects.</summary>
    public const string AfterKind = "o}";

    /// <summary>The first character that is written as itself and a number: it, non-characters, and all that UTF-16 needs two units for.</summary>
    private const int BeyondPlain = 0xFFFD;

    private const string KeyName = "key";
    private const string SizeName = "size";
    private const string ETagName = "etag";
    private const string TypeName = "type";
    private const string ModifiedName = "modified";
    private const string FolderName = "folder";

    /// <summary>The partition of a bucket.</summary>
    public static string PartitionOf(TenantId tenant, string bucket) => $"{tenant.Value}|{bucket}";

    /// <summary>Where the row of an object is.</summary>
    public static EntityKey KeyOf(ObjectPlace place) => new(PartitionOf(place.Tenant, place.Bucket), Kind + TextOf(place.Key));

    /// <summary>What the rows of all keys begin with that begin with a prefix; those of other keys may, where the prefix is long.</summary>
    public static string PrefixOf(string prefix)
    {
        string escaped = Escape(prefix);
        return Kind + (escaped.Length > MaxOrdered ? escaped[..MaxOrdered] : escaped);
    }

    /// <summary>The first row that may come after the one of a key: no key has a character below the space.</summary>
    public static string After(string key) => Kind + TextOf(key) + " ";

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

    private static string TextOf(string key)
    {
        string escaped = Escape(key);
        return escaped.Length <= MaxOrdered
            ? escaped
            : $"{escaped.AsSpan(0, MaxOrdered)}~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}";
    }

    private static string Escape(string key)
    {
        var escaped = new StringBuilder(key.Length + 8);
        foreach (Rune rune in key.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' or '$' or '.' or '>' or '[' => escaped.Append((char)rune.Value).Append('0'),
                '#' or '%' or '/' or '?' or '\\' => escaped.Append((char)(rune.Value - 1)).Append('1'),
                >= BeyondPlain => escaped.Append(CultureInfo.InvariantCulture, $"{(char)BeyondPlain}{rune.Value:X6}"),
                _ => escaped.Append((char)rune.Value),
            };
        }

        return escaped.ToString();
    }
}
