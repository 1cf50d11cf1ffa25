using System.Globalization;

namespace Lockstep.Jsonata.Pictures;

/// <summary>Ten consecutive characters that Unicode has as the decimal digits 0 to 9 of one script.</summary>
internal static class DigitFamily
{
    /// <summary>The zero of the family that the character belongs to, or null when it is no decimal digit.</summary>
    public static char? ZeroOf(char c) =>
        char.IsAsciiDigit(c) ? '0'
        : CharUnicodeInfo.GetDecimalDigitValue(c) is int digit and >= 0 && char.IsDigit(c) ? (char)(c - digit)
        : null;

    /// <summary>ASCII digits in another family.</summary>
    public static string FromAscii(string digits, char zero) =>
        zero == '0' ? digits : string.Create(digits.Length, (digits, zero), static (target, source) =>
        {
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = char.IsAsciiDigit(source.digits[i]) ? (char)(source.digits[i] - '0' + source.zero) : source.digits[i];
            }
        });

    /// <summary>Digits of a family in ASCII; other characters stay, but ASCII digits of the wrong family become no digit.</summary>
    public static string ToAscii(string text, char zero) =>
        zero == '0' ? text : string.Create(text.Length, (text, zero), static (target, source) =>
        {
            for (int i = 0; i < target.Length; i++)
            {
                char c = source.text[i];
                target[i] = c >= source.zero && c <= source.zero + 9 ? (char)(c - source.zero + '0') : char.IsAsciiDigit(c) ? '?' : c;
            }
        });
}
