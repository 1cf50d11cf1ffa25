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
        var scanner = new JsonScanner(utf8);
        bool found = scanner.SkipToRoot();
        int offset = scanner.Offset;
        if (jsonPointer.Length > 0)
        {
            foreach (string token in jsonPointer.Split('/')[1..])
            {
                found = found && scanner.Enter(JsonPointerText.Name(token), out offset);
            }
        }

        position = found ? JsonTextPosition.Of(utf8, key ? offset : scanner.Offset) : default;
        return found;
    }
}
