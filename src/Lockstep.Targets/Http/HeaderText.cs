using Lockstep.Json;
using Lockstep.Service.Targets;

namespace Lockstep.Targets.Http;

/// <summary>What a definition writes into a header field.</summary>
internal static class HeaderText
{
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
        JsonString text when RequestFields.IsValue(text.Value) => text.Value,
        JsonNumber or JsonBoolean => value.ToString(),
        _ => null,
    };
}
