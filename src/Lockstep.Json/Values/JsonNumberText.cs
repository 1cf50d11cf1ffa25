using System.Globalization;
using System.Text;

namespace Lockstep.Json;

/// <summary>The texts of numbers: the grammar of RFC 8259, section 6, and printing as ECMAScript's Number::toString does.</summary>
internal static class JsonNumberText
{
    public static bool IsNumber(ReadOnlySpan<char> text)
    {
        int i = 0;
        if (i < text.Length && text[i] == '-')
        {
            i++;
        }

        int integerAt = i;
        if (!SkipDigits(text, ref i) || (text[integerAt] == '0' && i - integerAt > 1))
        {
            return false;
        }

        if (i < text.Length && text[i] == '.')
        {
            i++;
            if (!SkipDigits(text, ref i))
            {
                return false;
            }
        }

        if (i < text.Length && text[i] is 'e' or 'E')
        {
            i++;
            if (i < text.Length && text[i] is '+' or '-')
            {
                i++;
            }

            if (!SkipDigits(text, ref i))
            {
                return false;
            }
        }

        return i == text.Length;
    }

    /// <summary>Characters of an integer's text, its sign included.</summary>
    public static int DigitCount(long value)
    {
        int count = value < 0 ? 2 : 1;
        ulong rest = value < 0 ? (ulong)-(value + 1) + 1 : (ulong)value;
        while (rest >= 10)
        {
            rest /= 10;
            count++;
        }

        return count;
    }

    /// <summary>The shortest text that reads back as the same finite double; plain digits for exponents from -7 to 20.</summary>
    public static string Print(double value)
    {
        // "R" is the shortest text that reads back the same, but in a notation of its own.
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        if (!shortest.Contains('E', StringComparison.Ordinal) && value != 0)
        {
            // Without an exponent the notations are the same.
            return shortest;
        }

        JsonDecimal form = JsonDecimal.FromText(shortest);
        if (form.Sign == 0)
        {
            return "0";
        }

        int pointAt = (int)form.Exponent;
        string digits = form.Digits;
        var text = new StringBuilder(form.Sign < 0 ? "-" : "");
        return (pointAt switch
        {
            > 21 or <= -6 => Scientific(text, digits, pointAt - 1),
            <= 0 => text.Append("0.").Append('0', -pointAt).Append(digits),
            _ when pointAt >= digits.Length => text.Append(digits).Append('0', pointAt - digits.Length),
            _ => text.Append(digits, 0, pointAt).Append('.').Append(digits, pointAt, digits.Length - pointAt),
        }).ToString();
    }

    private static StringBuilder Scientific(StringBuilder text, string digits, int exponent)
    {
        text.Append(digits[0]);
        if (digits.Length > 1)
        {
            text.Append('.').Append(digits, 1, digits.Length - 1);
        }

        return text.Append(exponent < 0 ? "e-" : "e+").Append(CultureInfo.InvariantCulture, $"{Math.Abs(exponent)}");
    }

    private static bool SkipDigits(ReadOnlySpan<char> text, ref int i)
    {
        int start = i;
        while (i < text.Length && char.IsAsciiDigit(text[i]))
        {
            i++;
        }

        return i > start;
    }
}
