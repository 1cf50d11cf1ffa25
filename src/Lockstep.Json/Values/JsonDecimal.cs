using System.Globalization;
using System.Numerics;

namespace Lockstep.Json;

/// <summary>
/// The exact value of a number's text in one normal form: sign × 0.digits × 10^exponent, digits without zeros at either end. Two texts
/// have equal forms exactly if they denote the same number, however many digits or however large an exponent they have.
/// </summary>
internal readonly record struct JsonDecimal(int Sign, string Digits, BigInteger Exponent) : IComparable<JsonDecimal>
{
    private static readonly JsonDecimal Zero = new(0, "", BigInteger.Zero);

    /// <summary>Normalises a text that is a number by the JSON grammar.</summary>
    public static JsonDecimal FromText(string text)
    {
        ReadOnlySpan<char> rest = text;
        int sign = rest[0] == '-' ? -1 : 1;
        rest = sign < 0 ? rest[1..] : rest;

        BigInteger exponent = BigInteger.Zero;
        int exponentAt = rest.IndexOfAny('e', 'E');
        if (exponentAt >= 0)
        {
            exponent = BigInteger.Parse(rest[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            rest = rest[..exponentAt];
        }

        int pointAt = rest.IndexOf('.');
        int integerDigits = pointAt < 0 ? rest.Length : pointAt;
        string digits = pointAt < 0 ? rest.ToString() : string.Concat(rest[..pointAt], rest[(pointAt + 1)..]);
        string trimmed = digits.TrimStart('0');
        if (trimmed.Length == 0)
        {
            return Zero;
        }

        int leadingZeros = digits.Length - trimmed.Length;
        return new JsonDecimal(sign, trimmed.TrimEnd('0'), exponent + integerDigits - leadingZeros);
    }

    public int CompareTo(JsonDecimal other)
    {
        if (Sign != other.Sign)
        {
            return Sign.CompareTo(other.Sign);
        }

        int magnitude = Exponent.CompareTo(other.Exponent);
        if (magnitude == 0)
        {
            // Neither ends in zeros and both start after the point, so that the longer of two with a common prefix is the greater.
            magnitude = string.CompareOrdinal(Digits, other.Digits);
        }

        return Sign * Math.Sign(magnitude);
    }

    public bool TryGetInt64(out long value)
    {
        const int MostDigits = 19;
        value = 0;
        if (Sign == 0)
        {
            return true;
        }

        if (Exponent < Digits.Length || Exponent > MostDigits)
        {
            return false;
        }

        string integer = (Sign < 0 ? "-" : "") + Digits.PadRight((int)Exponent, '0');
        return long.TryParse(integer, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }
}
