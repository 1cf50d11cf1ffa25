using System.Buffers;
using System.Text;

namespace Lockstep.Json;

/// <summary>
/// A string between quotes: the shortest escapes RFC 8259, section 7, allows. Quotes, backslashes, control characters and surrogates
/// without a partner are escaped, everything else stands for itself.
/// </summary>
internal static class JsonStringText
{
    private const int EscapeLength = 6;

    /// <summary>Characters that stand for themselves in one byte.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create(PlainCharacters());

    /// <summary>UTF-8 bytes of the string with its quotes.</summary>
    public static int QuotedLength(string value)
    {
        ReadOnlySpan<char> rest = value;
        long length = 2;
        while (true)
        {
            int plain = rest.IndexOfAnyExcept(Plain);
            if (plain < 0)
            {
                return JsonMeasure.Saturate(length + rest.Length);
            }

            length += plain;
            rest = rest[plain..];
            if (rest[0] < 0x80)
            {
                length += ShortEscape(rest[0]) == 0 ? EscapeLength : 2;
                rest = rest[1..];
            }
            else
            {
                OperationStatus status = Rune.DecodeFromUtf16(rest, out Rune rune, out int consumed);
                length += status == OperationStatus.Done ? rune.Utf8SequenceLength : EscapeLength;
                rest = rest[consumed..];
            }
        }
    }

    /// <summary>
    /// Writes the string with its quotes; the destination has room for <see cref="QuotedLength"/> bytes. Returns the bytes written.
    /// </summary>
    public static int Write(string value, Span<byte> destination)
    {
        ReadOnlySpan<char> rest = value;
        int at = 0;
        destination[at++] = (byte)'"';
        while (true)
        {
            int plain = rest.IndexOfAnyExcept(Plain);
            int run = plain < 0 ? rest.Length : plain;
            Ascii.FromUtf16(rest[..run], destination[at..], out int written);
            at += written;
            if (plain < 0)
            {
                break;
            }

            rest = rest[run..];
            if (rest[0] < 0x80)
            {
                at += WriteEscape(rest[0], destination[at..]);
                rest = rest[1..];
            }
            else if (Rune.DecodeFromUtf16(rest, out Rune rune, out int consumed) == OperationStatus.Done)
            {
                at += rune.EncodeToUtf8(destination[at..]);
                rest = rest[consumed..];
            }
            else
            {
                at += WriteUnicodeEscape(rest[0], destination[at..]);
                rest = rest[1..];
            }
        }

        destination[at++] = (byte)'"';
        return at;
    }

    private static int WriteEscape(char character, Span<byte> destination)
    {
        byte letter = ShortEscape(character);
        if (letter == 0)
        {
            return WriteUnicodeEscape(character, destination);
        }

        destination[0] = (byte)'\\';
        destination[1] = letter;
        return 2;
    }

    private static int WriteUnicodeEscape(char character, Span<byte> destination)
    {
        "\\u"u8.CopyTo(destination);
        for (int i = 0; i < 4; i++)
        {
            destination[2 + i] = "0123456789ABCDEF"u8[(character >> (12 - (4 * i))) & 0xF];
        }

        return EscapeLength;
    }

    private static byte ShortEscape(char character) => character switch
    {
        '"' => (byte)'"',
        '\\' => (byte)'\\',
        '\b' => (byte)'b',
        '\t' => (byte)'t',
        '\n' => (byte)'n',
        '\f' => (byte)'f',
        '\r' => (byte)'r',
        _ => 0,
    };

    private static char[] PlainCharacters() =>
        [.. Enumerable.Range(0x20, 0x60).Select(code => (char)code).Where(character => character is not '"' and not '\\')];
}
