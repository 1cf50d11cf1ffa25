using System.Numerics;

namespace Lockstep.Jsonata.Pictures;

/// <summary>Whole numbers as the letters of spreadsheet columns, in capitals: A to Z, AA to AZ, and on. Zero is written as nothing.</summary>
internal static class LetterNumerals
{
    /// <summary>Writes a number that is not negative.</summary>
    public static string Format(BigInteger value)
    {
        var letters = new Stack<char>();
        while (value > 0)
        {
            value = BigInteger.DivRem(value - 1, 26, out BigInteger letter);
            letters.Push((char)('A' + (int)letter));
        }

        return string.Concat(letters);
    }

    /// <summary>Reads letters in any case. The empty text is 0, anything but a letter gives NaN.</summary>
    public static double Parse(string text)
    {
        double value = 0;
        foreach (char c in text)
        {
            if (!char.IsAsciiLetter(c))
            {
                return double.NaN;
            }

            value = value * 26 + (char.ToUpperInvariant(c) - 'A' + 1);
        }

        return value;
    }
}
