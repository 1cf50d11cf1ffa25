using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lockstep.Azure.Storage;

/// <summary>
/// Any text as a part of a row, in the order of the texts' UTF-8. The characters that a row may not have are written as their neighbour and a digit, those up to
/// the space and around U+007F as the first of them and their number, those beyond U+FFFC as that and their number. What gets too long ends in a digest: among texts with the same
/// first <see cref="MaxOrdered"/> characters the order is then the digest's.
/// </summary>
internal static class OrderedText
{
    /// <summary>Characters of an escaped text that decide its place.</summary>
    public const int MaxOrdered = 400;

    /// <summary>The first character that is written as itself and a number: it, non-characters, and all that UTF-16 needs two units for.</summary>
    private const int BeyondPlain = 0xFFFD;

    /// <summary>A text as a part of a row. No two texts give the same.</summary>
    public static string Of(string text)
    {
        string escaped = Escape(text);
        return escaped.Length <= MaxOrdered
            ? escaped
            : $"{escaped.AsSpan(0, MaxOrdered)}~~{Convert.ToHexStringLower(SHA256.HashData(Encoding.Unicode.GetBytes(text)))}";
    }

    /// <summary>What the rows of all texts begin with that begin with a prefix; those of other texts may, where the prefix is long.</summary>
    public static string PrefixOf(string prefix)
    {
        string escaped = Escape(prefix);
        return escaped.Length > MaxOrdered ? escaped[..MaxOrdered] : escaped;
    }

    /// <summary>The first row that may come after a row: none has a character below the space.</summary>
    public static string After(string row) => row + " ";

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        foreach (Rune rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                <= ' ' => escaped.Append(CultureInfo.InvariantCulture, $" {rune.Value:X2}"),
                '"' or '$' or '.' or '>' or '[' => escaped.Append((char)rune.Value).Append('0'),
                '#' or '%' or '/' or '?' or '\\' => escaped.Append((char)(rune.Value - 1)).Append('1'),
                >= '~' and <= '\u009F' => escaped.Append(CultureInfo.InvariantCulture, $"~{rune.Value:X2}"),
                >= BeyondPlain => escaped.Append(CultureInfo.InvariantCulture, $"{(char)BeyondPlain}{rune.Value:X6}"),
                _ => escaped.Append((char)rune.Value),
            };
        }

        return escaped.ToString();
    }
}
