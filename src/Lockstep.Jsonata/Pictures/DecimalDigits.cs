using System.Globalization;

namespace Lockstep.Jsonata.Pictures;

/// <summary>
/// A number that is not negative, in decimal digits: 0.d1d2d3... times ten to the power of <see cref="Point"/>. The digits are the shortest
/// that mean the same double, as JSON writes them, so that scaling and rounding do not see binary fractions. Zero has no digits.
/// </summary>
internal readonly record struct DecimalDigits(string Digits, int Point)
{
    /// <summary>The digits of a finite number; its sign is left out.</summary>
    public static DecimalDigits Of(double value)
    {
        string text = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        int exponentAt = text.IndexOf('E', StringComparison.Ordinal);
        int exponent = exponentAt < 0 ? 0 : int.Parse(text.AsSpan(exponentAt + 1), CultureInfo.InvariantCulture);
        string mantissa = exponentAt < 0 ? text : text[..exponentAt];
        int separatorAt = mantissa.IndexOf('.', StringComparison.Ordinal);
        int integerLength = separatorAt < 0 ? mantissa.Length : separatorAt;
        string all = mantissa.Replace(".", "", StringComparison.Ordinal);
        string digits = all.TrimStart('0');
        return digits.Length == 0
            ? new DecimalDigits("", 0)
            : new DecimalDigits(digits.TrimEnd('0'), integerLength - (all.Length - digits.Length) + exponent);
    }

    /// <summary>Rounded to so many digits behind the point, ties to the even digit.</summary>
    public (string Integer, string Fraction) Round(int fractionDigits)
    {
        int kept = Point + fractionDigits;
        string digits = kept < 0 ? "" : Digits.Length <= kept ? Digits.PadRight(kept, '0') : Digits[..kept];
        if (kept >= 0 && kept < Digits.Length && RoundsUp(kept))
        {
            digits = Increment(digits);
            kept = digits.Length;
        }

        if (kept <= 0)
        {
            digits = "";
            kept = 0;
        }

        int point = kept - fractionDigits;
        return point >= 0
            ? (digits[..point], digits[point..])
            : ("", digits.PadLeft(fractionDigits, '0'));
    }

    private bool RoundsUp(int kept)
    {
        int next = Digits[kept] - '0';
        bool tie = next == 5 && Digits.Length == kept + 1;
        return tie ? kept > 0 && (Digits[kept - 1] - '0') % 2 == 1 : next >= 5;
    }

    private static string Increment(string digits)
    {
        char[] next = digits.ToCharArray();
        for (int i = next.Length - 1; i >= 0; i--)
        {
            if (next[i] != '9')
            {
                next[i]++;
                return new string(next);
            }

            next[i] = '0';
        }

        return "1" + new string(next);
    }
}
