using System.Globalization;
using System.Text;
using Lockstep.Azure.Ports;
using Lockstep.Json;

namespace Lockstep.Azure.Storage;

/// <summary>JSON objects, and other bytes, as values of a row: their UTF-8, cut into as many binaries as it takes.</summary>
internal static class JsonParts
{
    /// <summary>Bytes that fit one row beside its other values.</summary>
    public const int MaxBytes = 15 * TableRules.MaxBinaryBytes;

    /// <summary>The row with an object.</summary>
    public static Entity WithJson(this Entity row, string name, JsonObject content) => row.WithParts(name, content.ToUtf8());

    /// <summary>The row with some bytes.</summary>
    public static Entity WithParts(this Entity row, string name, ReadOnlyMemory<byte> bytes)
    {
        for (int part = 0; part * TableRules.MaxBinaryBytes < bytes.Length; part++)
        {
            ReadOnlyMemory<byte> rest = bytes[(part * TableRules.MaxBinaryBytes)..];
            row = row.With(NameOf(name, part), rest[..Math.Min(rest.Length, TableRules.MaxBinaryBytes)]);
        }

        return row;
    }

    /// <summary>Reads an object that has to be there.</summary>
    public static JsonObject GetJson(this Entity row, string name) => JsonValue.Parse(Encoding.UTF8.GetString(row.GetParts(name))) as JsonObject
        ?? throw new InvalidOperationException($"{name} of {row.Key} is no object.");

    /// <summary>Reads some bytes; none where the row has none of that name.</summary>
    public static ReadOnlySpan<byte> GetParts(this Entity row, string name)
    {
        using var bytes = new MemoryStream();
        for (int part = 0; row.TryGet(NameOf(name, part), out ReadOnlyMemory<byte> read); part++)
        {
            bytes.Write(read.Span);
        }

        return bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
    }

    private static string NameOf(string name, int part) => string.Create(CultureInfo.InvariantCulture, $"{name}{part}");
}
