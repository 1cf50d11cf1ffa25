using System.Buffers;
using System.Text;

namespace Lockstep.Json;

/// <summary>Lines and columns of places in a UTF-8 text; computed only when something is reported about the place.</summary>
internal static class JsonTextPosition
{
    public static JsonReadError ErrorAt(ReadOnlySpan<byte> utf8, int offset, JsonReadErrorCode code, string message, string pointer)
    {
        JsonPosition position = Of(utf8, offset);
        return new JsonReadError(code, message, position.Offset, position.Line, position.Column, pointer);
    }

    public static JsonPosition Of(ReadOnlySpan<byte> utf8, int offset)
    {
        ReadOnlySpan<byte> before = utf8[..offset];
        if (before.StartsWith("\uFEFF"u8))
        {
            before = before[3..];
        }

        int line = 1 + before.Count((byte)'\n');
        ReadOnlySpan<byte> lineSoFar = before[(before.LastIndexOf((byte)'\n') + 1)..];
        int column = 1;
        foreach (byte unit in lineSoFar)
        {
            // Continuation bytes belong to the character that their lead byte counted.
            column += (unit & 0xC0) == 0x80 ? 0 : 1;
        }

        return new JsonPosition(line, column, offset);
    }

    /// <summary>Bytes of the longest prefix that is valid UTF-8.</summary>
    public static int ValidPrefix(ReadOnlySpan<byte> utf8)
    {
        int offset = 0;
        while (offset < utf8.Length && Rune.DecodeFromUtf8(utf8[offset..], out _, out int consumed) == OperationStatus.Done)
        {
            offset += consumed;
        }

        return offset;
    }
}
