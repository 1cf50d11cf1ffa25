using System.Globalization;
using System.Numerics;

namespace Lockstep.Targets.DynamoDb;

/// <summary>
/// A number of DynamoDB: up to 38 significant digits, exact (DynamoDB Developer Guide, "Number"). Its text is canonical, so that equal numbers are equal texts.
/// </summary>
/// <param name="Digits">The digits with their sign, without trailing zeros.</param>
/// <param name="Exponent">The power of ten they are multiplied by.</param>
internal readonly record struct DynamoNumber(BigInteger Digits, int Exponent)
{
    private const int MaxDigits = 38;
    private const int MaxMagnitude = 125;
    private const int MinMagnitude = -130;
    private const int MaxTextLength = 400;

    /// <summary>Reads a number; false when the text is none, or more than DynamoDB holds.</summary>
    public static bool TryParse(string text, out DynamoNumber number)
    {
        number = default;
        if (text.Length is 0 or > MaxTextLength)
        {
            return false;
        }

        int mark = text.IndexOfAny(['e', 'E']);
        int power = 0;
        if (mark >= 0 && (mark + 1 == text.Length
            || !int.TryParse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out power) || Math.Abs(power) > MaxTextLength))
        {
            return false;
        }

        string mantissa = mark < 0 ? text : text[..mark];
        if (mantissa.Length == 0 || !char.IsAsciiDigit(mantissa[^1]))
        {
            return false;
        }

        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0)
        {
            power -= mantissa.Length - point - 1;
            mantissa = mantissa.Remove(point, 1);
        }

        return BigInteger.TryParse(mantissa, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger digits)
            && TryNormalize(digits, power, out number);
    }

    /// <summary>The sum; false when it has more digits than DynamoDB holds.</summary>
    public bool TryAdd(DynamoNumber other, out DynamoNumber sum)
    {
        int exponent = Math.Min(Exponent, other.Exponent);
        return TryNormalize(Scaled(exponent) + other.Scaled(exponent), exponent, out sum);
    }

    /// <summary>The number with the other sign.</summary>
    public DynamoNumber Negated() => new(-Digits, Exponent);

    /// <summary>Below zero when it is less than the other, zero when equal.</summary>
    public int CompareTo(DynamoNumber other)
    {
        int exponent = Math.Min(Exponent, other.Exponent);
        return Scaled(exponent).CompareTo(other.Scaled(exponent));
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string digits = BigInteger.Abs(Digits).ToString(CultureInfo.InvariantCulture);
        string text = Exponent >= 0 ? digits + new string('0', Exponent)
            : digits.Length > -Exponent ? digits.Insert(digits.Length + Exponent, ".")
            : "0." + new string('0', -Exponent - digits.Length) + digits;
        return Digits.Sign < 0 ? "-" + text : text;
    }

    private static bool TryNormalize(BigInteger digits, int exponent, out DynamoNumber number)
    {
        if (digits.IsZero)
        {
            number = default;
            return true;
        }

        while ((digits % 10).IsZero)
        {
            digits /= 10;
            exponent++;
        }

        int count = BigInteger.Abs(digits).ToString(CultureInfo.InvariantCulture).Length;
        number = new DynamoNumber(digits, exponent);
        return count <= MaxDigits && exponent + count - 1 is >= MinMagnitude and <= MaxMagnitude;
    }

    private BigInteger Scaled(int exponent) => Digits * BigInteger.Pow(10, Exponent - exponent);
}
