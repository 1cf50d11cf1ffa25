using Lockstep.Json;

namespace Lockstep.Api.Wire.Operations;

/// <summary>Reads tags.</summary>
internal static class WireTags
{
    private const string Reserved = "aws:";
    private const string Marks = "_.:/=+-@";

    /// <summary>The tags of a request; refuses keys that are there twice and characters that tags may not have.</summary>
    public static WireError? Read(WireCall call, out Dictionary<string, string> tags)
    {
        tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonValue item in call.Items("tags"))
        {
            var tag = item as JsonObject;
            if (tag?["key"] is not JsonString { Value: { } key })
            {
                return WireErrors.Validation("A tag has no key.");
            }

            string value = (tag["value"] as JsonString)?.Value ?? "";
            if ((Check(key) ?? Check(value)) is { } wrong)
            {
                return wrong;
            }

            if (!tags.TryAdd(key, value))
            {
                return WireErrors.Validation($"Duplicate tag key: {key}");
            }
        }

        return null;
    }

    private static WireError? Check(string text)
    {
        if (text.StartsWith(Reserved, StringComparison.OrdinalIgnoreCase))
        {
            return WireErrors.Validation("Tag keys and values must not begin with aws:, which is reserved.");
        }

        return text.EnumerateRunes().All(rune => System.Text.Rune.IsLetterOrDigit(rune) || System.Text.Rune.IsWhiteSpace(rune)
            || (rune.IsAscii && Marks.Contains((char)rune.Value, StringComparison.Ordinal)))
            ? null
            : WireErrors.Validation("Tags may only contain Unicode letters, digits, white space, or these symbols: _ . : / = + - @.");
    }
}
