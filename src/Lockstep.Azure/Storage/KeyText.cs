using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lockstep.Azure.Storage;

/// <summary>
/// Names as parts of table keys and of blob names. A name that the service accepts is its own key, so that rows are in the order of names;
/// what a caller only asks for may be anything, and becomes a key that no stored name has.
/// </summary>
internal static class KeyText
{
    /// <summary>Between the parts of a key. No name has it.</summary>
    public const char Separator = '|';

    /// <summary>The character after <see cref="Separator"/>: the end of the range of everything that begins with a part.</summary>
    public const char AfterSeparator = '}';

    /// <summary>Characters of an escaped name at most; beyond that a digest takes its place.</summary>
    public const int MaxLength = 400;

    private const char Escape = '^';

    /// <summary>A name as a part of a key. No two names give the same.</summary>
    public static string OfName(string name) => Encode(name, Escape, NeedsEscape);

    /// <summary>A name as a part of a blob's name: letters, digits, hyphen and underscore, everything else escaped. No two names give the same.</summary>
    public static string OfBlobPart(string name) => name.Length == 0 ? "~" : Encode(name, '~', c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'));

    /// <summary>The first key that may come after the one of a name, in the order of keys: no character of a name is below the exclamation mark.</summary>
    public static string After(string name) => OfName(name) + "!";

    private static string Encode(string name, char escape, Func<char, bool> needsEscape)
    {
        if (name.Length <= MaxLength && !name.Any(needsEscape))
        {
            return name;
        }

        var escaped = new StringBuilder();
        foreach (char c in name)
        {
            if (needsEscape(c))
            {
                escaped.Append(escape).Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
            }
            else
            {
                escaped.Append(c);
            }

            if (escaped.Length > MaxLength)
            {
                // An escape has a digit after its mark, so this is no other name's text.
                return $"{escape}x{Convert.ToHexStringLower(SHA256.HashData(Encoding.Unicode.GetBytes(name)))}";
            }
        }

        return escaped.ToString();
    }

    private static bool NeedsEscape(char c) =>
        c is '/' or '\\' or '#' or '?' or '%' or Separator or Escape or '\uFFFE' or '\uFFFF' || char.IsControl(c) || char.IsWhiteSpace(c) || char.IsSurrogate(c);
}
