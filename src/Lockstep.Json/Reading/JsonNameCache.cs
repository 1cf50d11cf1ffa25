using System.Text;

namespace Lockstep.Json;

/// <summary>
/// Gives equal property names one string. A fixed number of places, each holding the last name that fell there: bounded memory, no
/// collision chains for hostile names, and a hit is always checked against the bytes.
/// </summary>
internal sealed class JsonNameCache
{
    private const int Places = 256;
    private const int LongestName = 40;

    private readonly string?[] _names = new string?[Places];

    /// <param name="utf8">The name's bytes, without escapes.</param>
    /// <param name="isAscii">Whether every byte is known to be ASCII.</param>
    public string Intern(ReadOnlySpan<byte> utf8, bool isAscii)
    {
        if (utf8.Length is 0 or > LongestName)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        int place = ((utf8[0] * 31) + (utf8[^1] * 7) + (utf8[utf8.Length / 2] * 131) + utf8.Length) & (Places - 1);
        string? known = _names[place];

        // The comparison fails for bytes that are not ASCII, so that those are never taken for a known name.
        if (known is not null && Ascii.Equals(utf8, known))
        {
            return known;
        }

        string name = isAscii ? Encoding.Latin1.GetString(utf8) : Encoding.UTF8.GetString(utf8);
        _names[place] = name;
        return name;
    }
}
