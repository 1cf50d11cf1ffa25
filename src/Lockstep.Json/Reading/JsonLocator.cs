namespace Lockstep.Json;

/// <summary>
/// Finds the place of a value in a text by rescanning it. Values carry no positions: only a diagnostic needs one, and it can wait.
/// </summary>
public static class JsonLocator
{
    /// <summary>Finds where the value at a JSON pointer starts.</summary>
    /// <param name="utf8">A text that <see cref="JsonReader"/> has accepted.</param>
    /// <param name="jsonPointer">A pointer by RFC 6901; empty for the whole text.</param>
    /// <param name="position">The place of the value's first byte, or of its name's opening quote.</param>
    /// <param name="key">Whether to find the member's name instead of its value; without effect where the value is an array's item.</param>
    /// <returns>False when there is no such value, or the text is not JSON.</returns>
    public static bool TryLocate(ReadOnlySpan<byte> utf8, string jsonPointer, out JsonPosition position, bool key = false)
    {
        ArgumentNullException.ThrowIfNull(jsonPointer);
        bool found = TryFind(utf8, jsonPointer, out int valueOffset, out int keyOffset);
        position = found ? JsonTextPosition.Of(utf8, key ? keyOffset : valueOffset) : default;
        return found;
    }

    /// <summary>Finds a place inside the string at a JSON pointer.</summary>
    /// <param name="utf8">A text that <see cref="JsonReader"/> has accepted.</param>
    /// <param name="jsonPointer">A pointer by RFC 6901.</param>
    /// <param name="stringOffset">Offset into the content of the string, in UTF-16 units; its end at most.</param>
    /// <param name="position">The place of the character, or of the closing quote.</param>
    /// <returns>False when there is no such value, it is not a string, or the text is not JSON.</returns>
    public static bool TryLocateInString(ReadOnlySpan<byte> utf8, string jsonPointer, int stringOffset, out JsonPosition position)
    {
        ArgumentNullException.ThrowIfNull(jsonPointer);
        if (!TryFind(utf8, jsonPointer, out int offset, out _) || offset >= utf8.Length || utf8[offset] != '"')
        {
            position = default;
            return false;
        }

        offset++;
        for (int units = 0; units < stringOffset && offset < utf8.Length && utf8[offset] != '"';)
        {
            (int bytes, int width) = utf8[offset] switch
            {
                (byte)'\\' => (offset + 1 < utf8.Length && utf8[offset + 1] == 'u' ? 6 : 2, 1),
                < 0x80 => (1, 1),
                < 0xE0 => (2, 1),
                < 0xF0 => (3, 1),
                _ => (4, 2),
            };
            offset += bytes;
            units += width;
        }

        position = JsonTextPosition.Of(utf8, Math.Min(offset, utf8.Length));
        return true;
    }

    private static bool TryFind(ReadOnlySpan<byte> utf8, string jsonPointer, out int valueOffset, out int keyOffset)
    {
        var scanner = new JsonScanner(utf8);
        bool found = scanner.SkipToRoot();
        keyOffset = scanner.Offset;
        if (jsonPointer.Length > 0)
        {
            foreach (string token in jsonPointer.Split('/')[1..])
            {
                found = found && scanner.Enter(JsonPointerText.Name(token), out keyOffset);
            }
        }

        valueOffset = scanner.Offset;
        return found;
    }
}
