using System.Text;

namespace Lockstep.Json;

/// <summary>
/// Gives equal short names one string, and equal short strings one value. A fixed number of places, each holding the last text that fell
/// there: bounded memory, no collision chains for hostile texts, and a hit is always checked against the bytes.
/// </summary>
internal sealed class JsonTextCache
{
    private const int Places = 256;

    /// <summary>Longer texts are rarely repeated, and would hold on to more memory than they save.</summary>
    private const int LongestText = 32;

    private readonly Table _nameTexts = new();
    private readonly string[] _names = new string[Places];
    private readonly Table _valueTexts = new();
    private readonly JsonString[] _values = new JsonString[Places];

    /// <summary>The string of a property name.</summary>
    /// <param name="utf8">The name's bytes, valid and without escapes.</param>
    /// <param name="isAscii">Whether every byte is known to be ASCII.</param>
    public string Name(ReadOnlySpan<byte> utf8, bool isAscii)
    {
        if (utf8.Length is 0 or > LongestText)
        {
            return Decode(utf8, isAscii);
        }

        bool isKnown = _nameTexts.Enter(utf8, out int place);
        return isKnown ? _names[place] : _names[place] = Decode(utf8, isAscii);
    }

    /// <summary>The value of a string.</summary>
    /// <param name="utf8">The string's bytes, valid and without escapes.</param>
    /// <param name="isAscii">Whether every byte is known to be ASCII.</param>
    public JsonString Value(ReadOnlySpan<byte> utf8, bool isAscii)
    {
        if (utf8.Length is 0 or > LongestText)
        {
            return utf8.Length == 0 ? JsonString.Empty : JsonString.OfMeasured(Decode(utf8, isAscii), utf8.Length + 2);
        }

        bool isKnown = _valueTexts.Enter(utf8, out int place);
        return isKnown ? _values[place] : _values[place] = JsonString.OfMeasured(Decode(utf8, isAscii), utf8.Length + 2);
    }

    private static string Decode(ReadOnlySpan<byte> utf8, bool isAscii) =>
        isAscii ? Encoding.Latin1.GetString(utf8) : Encoding.UTF8.GetString(utf8);

    /// <summary>The bytes of the texts, each place's in a row of its own.</summary>
    private sealed class Table
    {
        private readonly byte[] _bytes = new byte[Places * LongestText];
        private readonly byte[] _lengths = new byte[Places];

        /// <summary>
        /// The text's place; false when it was not there and now is, so that what is kept for the place must be replaced.
        /// </summary>
        public bool Enter(ReadOnlySpan<byte> utf8, out int place)
        {
            int hash = (utf8[0] * 31) + (utf8[^1] * 7) + (utf8[utf8.Length / 2] * 131) + utf8.Length;
            place = hash & (Places - 1);
            Span<byte> row = _bytes.AsSpan(place * LongestText, LongestText);
            if (_lengths[place] == utf8.Length && utf8.SequenceEqual(row[..utf8.Length]))
            {
                return true;
            }

            utf8.CopyTo(row);
            _lengths[place] = (byte)utf8.Length;
            return false;
        }
    }
}
