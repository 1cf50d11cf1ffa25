using System.Globalization;
using Lockstep.Json;

namespace Lockstep.Targets.MapRuns.Reading;

/// <summary>Reads one item of JSON.</summary>
internal static class ItemJson
{
    /// <summary>Reads an item.</summary>
    /// <exception cref="ItemReadException">It is no JSON.</exception>
    public static JsonValue Read(ReadOnlySpan<byte> utf8, long position) => JsonReader.Read(utf8).TryGetValue(out JsonValue? value, out _)
        ? value
        : throw new ItemReadException(string.Create(CultureInfo.InvariantCulture, $"The item at byte {position} is not JSON."));
}
