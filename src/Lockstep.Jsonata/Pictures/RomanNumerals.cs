using System.Text;

namespace Lockstep.Jsonata.Pictures;

/// <summary>Whole numbers as roman numerals in capitals. Zero is written as nothing, thousands as so many M.</summary>
internal static class RomanNumerals
{
    /// <summary>The largest number that is written; a larger one would be a text of thousands of M.</summary>
    public const int Largest = 1_000_000;

    private static readonly (int Value, string Text)[] Numerals =
    [
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"),
        (4, "IV"), (1, "I"),
    ];

    /// <summary>Writes a number from 0 to <see cref="Largest"/>.</summary>
    public static string Format(int value)
    {
        var text = new StringBuilder();
        foreach ((int numeral, string letters) in Numerals)
        {
            for (; value >= numeral; value -= numeral)
            {
                text.Append(letters);
            }
        }

        return text.ToString();
    }

    /// <summary>
    /// Reads numerals in any case: a letter before a larger one is taken away, any other added. The empty text is 0, any other letter NaN.
    /// </summary>
    public static double Parse(string text)
    {
        double sum = 0;
        int largest = 0;
        for (int i = text.Length - 1; i >= 0; i--)
        {
            int value = ValueOf(char.ToUpperInvariant(text[i]));
            if (value == 0)
            {
                return double.NaN;
            }

            sum += value < largest ? -value : value;
            largest = Math.Max(largest, value);
        }

        return sum;
    }

    private static int ValueOf(char letter) => letter switch
    {
        'I' => 1,
        'V' => 5,
        'X' => 10,
        'L' => 50,
        'C' => 100,
        'D' => 500,
        'M' => 1000,
        _ => 0,
    };
}
