using System.Buffers;
using System.Globalization;
using System.Text;

namespace Lockstep.Json;

/// <summary>
/// Decodes strings that contain escapes. A <c>\u</c> escape stands for one UTF-16 code unit, whether or not it has its partner.
/// </summary>
internal static class JsonStringDecoder
{
    /// <param name="utf8">A valid UTF-8 text.</param>
    /// <param name="start">The first byte after the opening quote.</param>
    /// <param name="stops">Quote, backslash and control characters.</param>
    public static Outcome Decode(ReadOnlySpan<byte> utf8, int start, SearchValues<byte> stops)
    {
        int end = FindEnd(utf8, start, stops);
        if (end < 0)
        {
            return new Outcome(null, null, utf8.Length);
        }

        if (utf8[end] != (byte)'"')
        {
            return new Outcome(null, "A control character in a string must be escaped.", end);
        }

        char[] buffer = ArrayPool<char>.Shared.Rent(end - start);
        Outcome outcome = Decode(utf8[..end], start, buffer);
        ArrayPool<char>.Shared.Return(buffer);
        return outcome;
    }

    private static Outcome Decode(ReadOnlySpan<byte> utf8, int start, char[] buffer)
    {
        int at = start;
        int count = 0;
        while (true)
        {
            int run = utf8[at..].IndexOf((byte)'\\');
            ReadOnlySpan<byte> plain = run < 0 ? utf8[at..] : utf8.Slice(at, run);
            count += Encoding.UTF8.GetChars(plain, buffer.AsSpan(count));
            at += plain.Length;
            if (run < 0)
            {
                return new Outcome(new string(buffer, 0, count), null, at + 1);
            }

            int escape = at;
            if (!TryReadEscape(utf8, ref at, out char unit))
            {
                return new Outcome(null, "A backslash must start one of the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX.", escape);
            }

            buffer[count++] = unit;
        }
    }

    private static bool TryReadEscape(ReadOnlySpan<byte> utf8, ref int at, out char unit)
    {
        // FindEnd has made sure that a byte follows the backslash.
        byte letter = utf8[at + 1];
        at += 2;
        unit = letter switch
        {
            (byte)'"' or (byte)'\\' or (byte)'/' => (char)letter,
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            _ => '\0',
        };
        if (letter != (byte)'u')
        {
            return unit != '\0';
        }

        bool valid = at + 4 <= utf8.Length
            && ushort.TryParse(utf8.Slice(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code)
            && Set(out unit, (char)code);
        at += 4;
        return valid;
    }

    private static bool Set(out char unit, char value)
    {
        unit = value;
        return true;
    }

    /// <summary>The closing quote or a stray control character; negative at the end of the text.</summary>
    private static int FindEnd(ReadOnlySpan<byte> utf8, int start, SearchValues<byte> stops)
    {
        int at = start;
        while (at < utf8.Length)
        {
            int stop = utf8[at..].IndexOfAny(stops);
            if (stop < 0)
            {
                return -1;
            }

            at += stop;
            if (utf8[at] != (byte)'\\')
            {
                return at;
            }

            at += 2;
        }

        return -1;
    }

    /// <summary>
    /// A string with the offset after its closing quote; or else a problem at an offset, null when the text ends too early.
    /// </summary>
    public readonly record struct Outcome(string? Value, string? Problem, int End);
}
