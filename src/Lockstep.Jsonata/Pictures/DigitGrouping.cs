using System.Text;

namespace Lockstep.Jsonata.Pictures;

/// <summary>
/// Where separators stand between the digits of an integer. Separators at one and the same distance go on to the left for ever ("regular");
/// any others stand only where the picture has them.
/// </summary>
internal sealed class DigitGrouping
{
    private readonly Dictionary<int, string> _separators;
    private readonly int _interval;
    private readonly string _repeated;

    private DigitGrouping(Dictionary<int, string> separators)
    {
        _separators = separators;
        int least = separators.Count == 0 ? 0 : separators.Keys.Min();
        _repeated = least == 0 ? "" : separators[least];
        bool regular = least > 0;
        for (int n = 1; regular && n <= separators.Count; n++)
        {
            regular = separators.TryGetValue(n * least, out string? separator) && separator == _repeated;
        }

        _interval = regular ? least : 0;
    }

    /// <summary>The separators of an integer part: everything in it that is no digit.</summary>
    public static DigitGrouping FromRight(string part, Func<char, bool> isDigit)
    {
        var separators = new Dictionary<int, string>();
        int digits = 0;
        for (int end = part.Length; end > 0;)
        {
            int start = end;
            while (start > 0 && !isDigit(part[start - 1]))
            {
                start--;
            }

            if (start < end)
            {
                separators[digits] = part[start..end];
            }

            digits++;
            end = start - 1;
        }

        return new DigitGrouping(separators);
    }

    /// <summary>The places of the separators of a fraction, in digits from its left.</summary>
    public static IReadOnlySet<int> FromLeft(string part, Func<char, bool> isDigit)
    {
        var places = new HashSet<int>();
        int digits = 0;
        foreach (char c in part)
        {
            if (isDigit(c))
            {
                digits++;
            }
            else
            {
                places.Add(digits);
            }
        }

        return places;
    }

    /// <summary>Characters that separate, as they stand in the picture; for reading a number back.</summary>
    public IEnumerable<string> Separators => _separators.Values;

    /// <summary>The digits with their separators.</summary>
    public string Apply(string digits)
    {
        if (_separators.Count == 0)
        {
            return digits;
        }

        var text = new StringBuilder(digits.Length * 2);
        for (int i = 0; i < digits.Length; i++)
        {
            int left = digits.Length - i;
            text.Append(i == 0 ? "" : SeparatorBefore(left)).Append(digits[i]);
        }

        return text.Append(_separators.GetValueOrDefault(0, "")).ToString();
    }

    private string SeparatorBefore(int digitsToTheRight) =>
        _interval > 0
            ? digitsToTheRight % _interval == 0 ? _repeated : ""
            : _separators.GetValueOrDefault(digitsToTheRight, "");
}
