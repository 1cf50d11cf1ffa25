using System.Buffers;
using Lockstep.Json;

namespace Lockstep.Targets.Http;

/// <summary>What may stand in a header field that a definition sets (RFC 9110, 5.1 and 5.5), printable ASCII only.</summary>
internal static class HeaderText
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(
        "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~");

    /// <summary>Whether the text is the name of a field.</summary>
    public static bool IsName(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(NameCharacters);

    /// <summary>The text of a value; several values are joined by commas. Null when it is none.</summary>
    public static string? ValueOf(JsonValue value)
    {
        if (value is not JsonArray items)
        {
            return Single(value);
        }

        var texts = new List<string>(items.Count);
        foreach (JsonValue item in items)
        {
            if (Single(item) is not { } text)
            {
                return null;
            }

            texts.Add(text);
        }

        return string.Join(", ", texts);
    }

    private static string? Single(JsonValue value) => value switch
    {
        JsonString text when !text.Value.AsSpan().ContainsAnyExceptInRange(' ', '~') => text.Value,
        JsonNumber or JsonBoolean => value.ToString(),
        _ => null,
    };
}
