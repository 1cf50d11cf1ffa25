using System.Text.Json;
using Lockstep.Json;

namespace Lockstep.Engine.History;

/// <summary>A payload as JSON text inside a string, cut off where it is longer than it may be.</summary>
internal static class PayloadText
{
    /// <summary>Writes it; true when something was cut off.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="name">The member.</param>
    /// <param name="value">The payload.</param>
    /// <param name="maxBytes">Bytes of UTF-8 that the string may have, escaped.</param>
    public static bool Write(Utf8JsonWriter writer, string name, JsonValue value, int maxBytes)
    {
        string text = value.ToString();
        if (maxBytes == int.MaxValue || EscapedBytes(text) <= maxBytes)
        {
            writer.WriteString(name, text);
            return false;
        }

        writer.WriteString(name, text.AsSpan(0, FittingLength(text, maxBytes)));
        return true;
    }

    /// <summary>Bytes that a payload takes inside a string.</summary>
    public static int EscapedBytes(JsonValue value) => EscapedBytes(value.ToString());

    private static int EscapedBytes(string text) => JsonString.Of(text).Utf8Length - 2;

    /// <summary>Characters of the longest beginning that fits and splits no character.</summary>
    private static int FittingLength(string text, int maxBytes)
    {
        int fits = 0;
        int above = text.Length;
        while (above - fits > 1)
        {
            int middle = fits + ((above - fits) / 2);
            if (EscapedBytes(text[..middle]) <= maxBytes)
            {
                fits = middle;
            }
            else
            {
                above = middle;
            }
        }

        return fits > 0 && char.IsHighSurrogate(text[fits - 1]) ? fits - 1 : fits;
    }
}
