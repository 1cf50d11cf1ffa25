using System.Globalization;
using System.Numerics;

namespace Lockstep.Jsonata.Pictures;

/// <summary>$formatInteger and $parseInteger: whole numbers under the pictures of format-integer in XPath F&amp;O 3.1, 4.6.1.</summary>
internal static class IntegerPicture
{
    /// <summary>Formats a finite number; a fraction is rounded down.</summary>
    /// <exception cref="JsonataException">D3130: no such picture, or a number too large for it; D3131: digits of several scripts.</exception>
    public static string Format(double value, string picture) => Format(Whole(value), IntegerFormat.Parse(picture));

    /// <summary>Formats a whole number under a picture that was read before.</summary>
    /// <exception cref="JsonataException">D3130: the number is too large for roman numerals.</exception>
    public static string Format(BigInteger value, IntegerFormat format)
    {
        BigInteger magnitude = BigInteger.Abs(value);
        string text = format.Form switch
        {
            IntegerForm.Letters => InCase(LetterNumerals.Format(magnitude), format.Case),
            IntegerForm.Roman when magnitude <= RomanNumerals.Largest => InCase(RomanNumerals.Format((int)magnitude), format.Case),
            IntegerForm.Roman => throw new JsonataException("D3130", $"Roman numerals are written up to {RomanNumerals.Largest}."),
            IntegerForm.Words => InCase(EnglishNumerals.Format(magnitude, format.Ordinal), format.Case),
            IntegerForm.Decimal => Decimal(magnitude, format),
            _ => throw new InvalidOperationException($"Unknown form {format.Form}."),
        };
        return value.Sign < 0 ? "-" + text : text;
    }

    /// <summary>Reads a whole number. NaN when the text is none of the picture's form.</summary>
    /// <exception cref="JsonataException">D3130, D3131: as for formatting.</exception>
    public static double Parse(string text, string picture) => Parse(text, IntegerFormat.Parse(picture));

    /// <summary>Reads a whole number under a picture that was read before. NaN also for a number beyond all doubles.</summary>
    public static double Parse(string text, IntegerFormat format)
    {
        double value = format.Form switch
        {
            IntegerForm.Letters => LetterNumerals.Parse(text),
            IntegerForm.Roman => RomanNumerals.Parse(text),
            IntegerForm.Words => EnglishNumerals.Parse(text),
            IntegerForm.Decimal => ParseDecimal(text, format),
            _ => throw new InvalidOperationException($"Unknown form {format.Form}."),
        };
        return double.IsFinite(value) ? value : double.NaN;
    }

    private static string Decimal(BigInteger magnitude, IntegerFormat format)
    {
        string digits = magnitude.ToString(CultureInfo.InvariantCulture).PadLeft(format.MandatoryDigits, '0');
        string suffix = format.Ordinal ? OrdinalSuffix(digits) : "";
        return format.Grouping.Apply(DigitFamily.FromAscii(digits, format.Zero)) + suffix;
    }

    // Beyond 2^53 the digits are those that JSON shows, filled up with zeros: nobody wrote the others.
    private static BigInteger Whole(double value)
    {
        double whole = Math.Floor(value);
        if (Math.Abs(whole) < 1L << 53)
        {
            return new BigInteger(whole);
        }

        DecimalDigits digits = DecimalDigits.Of(whole);
        return Math.Sign(whole) * BigInteger.Parse(digits.Digits.PadRight(digits.Point, '0'), CultureInfo.InvariantCulture);
    }

    private static string OrdinalSuffix(string digits)
    {
        bool teens = digits.Length > 1 && digits[^2] == '1';
        return (teens, digits[^1]) switch
        {
            (false, '1') => "st",
            (false, '2') => "nd",
            (false, '3') => "rd",
            _ => "th",
        };
    }

    // Like a number at the start of a text: what follows the digits is not looked at, so an ordinal's letters need no rule of their own.
    private static double ParseDecimal(string text, IntegerFormat format)
    {
        foreach (string separator in format.Grouping.Separators)
        {
            text = text.Replace(separator, "", StringComparison.Ordinal);
        }

        string ascii = DigitFamily.ToAscii(text, format.Zero).TrimStart();
        int start = ascii.Length > 0 && ascii[0] is '-' or '+' ? 1 : 0;
        int end = start;
        while (end < ascii.Length && char.IsAsciiDigit(ascii[end]))
        {
            end++;
        }

        return end == start ? double.NaN : double.Parse(ascii.AsSpan(0, end), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }

    private static string InCase(string text, LetterCase letterCase) => letterCase switch
    {
        LetterCase.Lower => text.ToLowerInvariant(),
        LetterCase.Upper => text.ToUpperInvariant(),
        LetterCase.Title => Title(text),
        _ => throw new InvalidOperationException($"Unknown case {letterCase}."),
    };

    private static string Title(string words)
    {
        char[] text = words.ToCharArray();
        for (int i = 0; i < text.Length; i++)
        {
            bool starts = i == 0 || text[i - 1] is ' ' or '-';
            if (starts && !words.AsSpan(i).StartsWith("and "))
            {
                text[i] = char.ToUpperInvariant(text[i]);
            }
        }

        return new string(text);
    }
}
