using System.Numerics;
using System.Text;

namespace Lockstep.Jsonata.Pictures;

/// <summary>Whole numbers in English words, short scale, with "trillion" as the largest word: 10^24 is one trillion trillion.</summary>
internal static class EnglishNumerals
{
    private static readonly string[] Cardinals =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
        "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ];

    private static readonly string[] Ordinals =
    [
        "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth",
        "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    ];

    private static readonly string[] Tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    private static readonly (string Word, BigInteger Value)[] Scales =
    [
        ("trillion", 1_000_000_000_000), ("billion", 1_000_000_000), ("million", 1_000_000), ("thousand", 1_000), ("hundred", 100),
    ];

    private static readonly Dictionary<string, double> Additions = WordsThatAdd();

    private static readonly Dictionary<string, double> Multipliers = WordsThatMultiply();

    /// <summary>Every word that may stand in a number, the longest first.</summary>
    public static IEnumerable<string> Words =>
        Additions.Keys.Concat(Multipliers.Keys).Append("and").OrderByDescending(word => word.Length).ThenBy(word => word, StringComparer.Ordinal);

    /// <summary>A number that is not negative, in lower case.</summary>
    public static string Format(BigInteger value, bool ordinal)
    {
        var text = new StringBuilder();
        Append(text, value);
        return ordinal ? ToOrdinal(text.ToString()) : text.ToString();
    }

    /// <summary>Reads cardinal or ordinal words in any case; what does not read as a number gives NaN.</summary>
    public static double Parse(string text)
    {
        var parts = new Stack<double>();
        foreach (string word in text.ToLowerInvariant().Split([' ', ',', '-', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (Additions.TryGetValue(word, out double value))
            {
                parts.Push(value);
            }
            else if (Multipliers.TryGetValue(word, out double factor) && parts.TryPop(out double product))
            {
                product *= factor;

                // Whatever said before is less than the product belongs to what is multiplied: "one thousand, two hundred million".
                while (parts.TryPeek(out double before) && before < product)
                {
                    product += parts.Pop() * factor;
                }

                parts.Push(product);
            }
            else if (word != "and")
            {
                return double.NaN;
            }
        }

        // From the smallest, as additions of doubles lose least that way.
        return parts.Count == 0 ? double.NaN : parts.Aggregate(0.0, (sum, part) => sum + part);
    }

    private static void Append(StringBuilder text, BigInteger value)
    {
        if (value < 20)
        {
            text.Append(Cardinals[(int)value]);
            return;
        }

        if (value < 100)
        {
            text.Append(Tens[(int)value / 10 - 2]);
            text.Append(value % 10 == 0 ? "" : "-" + Cardinals[(int)(value % 10)]);
            return;
        }

        (string word, BigInteger scale) = Scales.First(candidate => candidate.Value <= value);
        BigInteger count = BigInteger.DivRem(value, scale, out BigInteger rest);
        Append(text, count);
        text.Append(' ').Append(word);
        if (rest > 0)
        {
            text.Append(rest < 100 ? " and " : ", ");
            Append(text, rest);
        }
    }

    private static string ToOrdinal(string cardinal)
    {
        int start = cardinal.LastIndexOfAny([' ', '-']) + 1;
        string last = cardinal[start..];
        int small = Array.IndexOf(Cardinals, last);
        return cardinal[..start] + (small >= 0 ? Ordinals[small] : last.EndsWith('y') ? last[..^1] + "ieth" : last + "th");
    }

    private static Dictionary<string, double> WordsThatAdd()
    {
        var words = new Dictionary<string, double>(StringComparer.Ordinal);
        for (int i = 0; i < Cardinals.Length; i++)
        {
            words[Cardinals[i]] = i;
            words[Ordinals[i]] = i;
        }

        for (int i = 0; i < Tens.Length; i++)
        {
            words[Tens[i]] = 10 * (i + 2);
            words[ToOrdinal(Tens[i])] = 10 * (i + 2);
        }

        return words;
    }

    private static Dictionary<string, double> WordsThatMultiply()
    {
        var words = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach ((string word, BigInteger value) in Scales)
        {
            words[word] = (double)value;
            words[word + "th"] = (double)value;
        }

        return words;
    }
}
