using System.Globalization;

namespace Lockstep.Azure.Ports;

/// <summary>
/// What a container of Azure Blobs accepts (Azure documentation, "Naming and referencing containers, blobs, and metadata"), and what this
/// product allows itself. Whoever breaks a rule has a defect: every adapter checks here before it sends, and throws.
/// </summary>
public static class BlobRules
{
    /// <summary>Characters of a name.</summary>
    public const int MaxNameLength = 1024;

    /// <summary>Parts of a name between slashes.</summary>
    public const int MaxSegments = 254;

    /// <summary>Bytes of a blob; the product's own bound, above its largest payload.</summary>
    public const int MaxContentBytes = 64 * 1024 * 1024;

    /// <summary>Names of a page.</summary>
    public const int MaxPageItems = 5_000;

    /// <summary>Checks a name: 1 to 1,024 characters of printable ASCII without backslash, in non-empty parts that are not dots only and do not end in one.</summary>
    /// <exception cref="ArgumentException">It breaks a rule.</exception>
    public static void CheckName(string name)
    {
        if (name.Length is < 1 or > MaxNameLength)
        {
            throw Broken($"A blob's name has {name.Length} characters; 1 to {MaxNameLength} are allowed.");
        }

        string[] segments = name.Split('/');
        if (segments.Length > MaxSegments || segments.Any(segment => segment.Length == 0 || segment[^1] == '.'))
        {
            throw Broken($"A blob's name has too many parts, or one that is empty or ends in a dot: {name}");
        }

        if (name.Any(c => c is <= ' ' or >= '\u007f' or '\\'))
        {
            throw Broken($"A blob's name has a character that is not printable ASCII, or a backslash: {name}");
        }
    }

    /// <summary>Checks a blob that is to be written.</summary>
    /// <exception cref="ArgumentException">The name or the size breaks a rule.</exception>
    public static void CheckContent(string name, ReadOnlyMemory<byte> content)
    {
        CheckName(name);
        if (content.Length > MaxContentBytes)
        {
            throw Broken($"Blob {name} has {content.Length} bytes; {MaxContentBytes} are allowed.");
        }
    }

    /// <summary>Checks the size of a page of names.</summary>
    /// <exception cref="ArgumentException">It is out of range.</exception>
    public static void CheckPage(int maxItems)
    {
        if (maxItems is < 1 or > MaxPageItems)
        {
            throw Broken($"A page of {maxItems} names was asked for; 1 to {MaxPageItems} are allowed.");
        }
    }

    private static ArgumentException Broken(FormattableString message) => new(message.ToString(CultureInfo.InvariantCulture));
}
