using System.Globalization;
using System.Text;
using Lockstep.Jsonata.Functions;

namespace Lockstep.Jsonata.Pictures;

/// <summary>
/// $formatNumber: a number under a picture, by the rules of format-number in XPath F&amp;O 3.1, 4.7. Rounding is that of $round, which
/// is half to even over the decimal digits that JSON shows for the number, with percent and per mille for a hundred or a thousand times the number, as doubles multiply.
/// </summary>
internal static class NumberPicture
{
    /// <summary>Formats a finite number.</summary>
    /// <exception cref="JsonataException">D3080 to D3093: the picture breaks a rule.</exception>
    public static string Format(double value, string picture, NumberPictureOptions options)
    {
        string[] pictures = picture.Split(options.PatternSeparator);
        if (pictures.Length > 2)
        {
            throw new JsonataException("D3080", "The picture string must only contain a maximum of two sub-pictures");
        }

        // Both are checked, whichever is used: a wrong picture should not wait for the first negative number.
        NumberSubPicture[] parsed = [.. pictures.Select(text => NumberSubPicture.Parse(text, options))];
        NumberSubPicture used = value < 0 ? parsed[^1] : parsed[0];
        string sign = value < 0 && parsed.Length == 1 ? options.MinusSign : "";
        return sign + used.Prefix + Format(value, used, options) + used.Suffix;
    }

    private static string Format(double value, NumberSubPicture picture, NumberPictureOptions options)
    {
        double scaled = Math.Abs(picture.Shift switch { 2 => value * 100, 3 => value * 1000, _ => value });
        int exponent = picture.MinimumExponent > 0 ? Normalize(ref scaled, picture.ScalingFactor) : 0;
        DecimalDigits number = DecimalDigits.Of(double.IsFinite(scaled) ? NumericFunctions.Round(scaled, picture.MaximumFraction) : value);
        if (!double.IsFinite(scaled))
        {
            number = number with { Point = number.Point + picture.Shift };
        }

        (string integer, string fraction) = number.Round(picture.MaximumFraction);
        integer = integer.TrimStart('0').PadLeft(picture.MinimumInteger, '0');
        fraction = fraction.TrimEnd('0').PadRight(picture.MinimumFraction, '0');
        var text = new StringBuilder();
        text.Append(picture.IntegerGrouping.Apply(InFamily(integer, options)));
        AppendFraction(text, InFamily(fraction, options), picture, options);
        if (picture.MinimumExponent > 0)
        {
            string digits = Math.Abs(exponent).ToString(CultureInfo.InvariantCulture).PadLeft(picture.MinimumExponent, '0');
            text.Append(options.ExponentSeparator).Append(exponent < 0 ? options.MinusSign : "").Append(InFamily(digits, options));
        }

        return text.ToString();
    }

    /// <summary>
    /// Brings a number to as many digits before the point as the picture has, step by step as the reference does, and answers with its exponent. A power of ten
    /// keeps one digit more: 1000 under <c>0e0</c> is <c>10e2</c>.
    /// </summary>
    private static int Normalize(ref double number, int digits)
    {
        double largest = Math.Pow(10, digits);
        double smallest = Math.Pow(10, digits - 1);
        int exponent = 0;
        for (; number < smallest && number > 0; exponent--)
        {
            number *= 10;
        }

        for (; number > largest; exponent++)
        {
            number /= 10;
        }

        return exponent;
    }

    private static void AppendFraction(StringBuilder text, string fraction, NumberSubPicture picture, NumberPictureOptions options)
    {
        if (fraction.Length == 0)
        {
            return;
        }

        text.Append(options.DecimalSeparator);
        for (int i = 0; i < fraction.Length; i++)
        {
            if (i > 0 && picture.FractionGroups.Contains(i))
            {
                text.Append(options.GroupingSeparator);
            }

            text.Append(fraction[i]);
        }
    }

    private static string InFamily(string digits, NumberPictureOptions options) =>
        options.ZeroDigit == '0' ? digits : string.Concat(digits.Select(digit => (char)(digit - '0' + options.ZeroDigit)));
}
