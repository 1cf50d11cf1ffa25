using System.Globalization;
using System.Text;

namespace Lockstep.Jsonata.Pictures;

/// <summary>
/// $formatNumber: a number under a picture, by the rules of format-number in XPath F&amp;O 3.1, 4.7. Rounding is half to even over the decimal
/// digits that JSON shows for the number.
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
        return sign + used.Prefix + Format(DecimalDigits.Of(value), used, options) + used.Suffix;
    }

    private static string Format(DecimalDigits number, NumberSubPicture picture, NumberPictureOptions options)
    {
        int exponent = 0;
        if (number.Digits.Length > 0)
        {
            number = number with { Point = number.Point + picture.Shift };
            if (picture.MinimumExponent > 0)
            {
                exponent = number.Point - picture.ScalingFactor;
                number = number with { Point = picture.ScalingFactor };
            }
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
