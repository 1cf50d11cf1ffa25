using System.Text;

namespace Lockstep.Azure.Tags;

/// <summary>
/// Tags as the bytes of a value, as few as their limits promise: 50 tags of 384 characters in UTF-8 stay below the 64 KiB of a value, where JSON's
/// escapes would not. Keys are in order, so that the same tags give the same bytes.
/// </summary>
internal static class TagBytes
{
    /// <summary>Loud about halves of surrogate pairs, which would otherwise come back as something else.</summary>
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The bytes of tags.</summary>
    public static ReadOnlyMemory<byte> Of(IReadOnlyDictionary<string, string> tags)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Utf8);
        foreach ((string key, string value) in tags.OrderBy(tag => tag.Key, StringComparer.Ordinal))
        {
            writer.Write(key);
            writer.Write(value);
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>The tags that bytes stand for.</summary>
    public static Dictionary<string, string> Read(ReadOnlyMemory<byte> bytes)
    {
        Dictionary<string, string> tags = new(StringComparer.Ordinal);
        using var stream = new MemoryStream(bytes.ToArray());
        using var reader = new BinaryReader(stream, Utf8);
        while (stream.Position < stream.Length)
        {
            tags.Add(reader.ReadString(), reader.ReadString());
        }

        return tags;
    }
}
