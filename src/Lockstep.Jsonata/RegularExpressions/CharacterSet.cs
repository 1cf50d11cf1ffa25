namespace Lockstep.Jsonata.RegularExpressions;

/// <summary>A set of UTF-16 code units, as sorted ranges that neither touch nor overlap.</summary>
internal sealed class CharacterSet
{
    private readonly (char Low, char High)[] _ranges;
    private readonly ulong _firstHalf;
    private readonly ulong _secondHalf;

    private CharacterSet((char Low, char High)[] ranges)
    {
        _ranges = ranges;
        for (char c = '\0'; c < 128; c++)
        {
            if (Search(c))
            {
                _firstHalf |= c < 64 ? 1UL << c : 0;
                _secondHalf |= c < 64 ? 0 : 1UL << (c - 64);
            }
        }
    }

    /// <summary>\d: the ASCII digits.</summary>
    public static CharacterSet Digits { get; } = Of(('0', '9'));

    /// <summary>\w: ASCII letters, digits and the underscore.</summary>
    public static CharacterSet WordCharacters { get; } = Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z'));

    /// <summary>\s: ECMAScript's white space and line terminators.</summary>
    public static CharacterSet WhiteSpace { get; } = Of(
        ('\t', '\r'), (' ', ' '), ('\u00a0', '\u00a0'), ('\u1680', '\u1680'), ('\u2000', '\u200a'), ('\u2028', '\u2029'), ('\u202f', '\u202f'),
        ('\u205f', '\u205f'), ('\u3000', '\u3000'), ('\ufeff', '\ufeff'));

    /// <summary>What ends a line.</summary>
    public static CharacterSet LineTerminators { get; } = Of(('\n', '\n'), ('\r', '\r'), ('\u2028', '\u2029'));

    /// <summary>The full stop: all but line terminators.</summary>
    public static CharacterSet Dot { get; } = LineTerminators.Complement();

    /// <summary>The ranges, in their order.</summary>
    public IReadOnlyList<(char Low, char High)> Ranges => _ranges;

    /// <summary>The union of ranges in any order.</summary>
    public static CharacterSet Of(params IEnumerable<(char Low, char High)> ranges)
    {
        var merged = new List<(char Low, char High)>();
        foreach ((char low, char high) in ranges.OrderBy(range => range.Low))
        {
            if (merged.Count > 0 && low <= merged[^1].High + 1)
            {
                merged[^1] = (merged[^1].Low, (char)Math.Max(merged[^1].High, high));
            }
            else
            {
                merged.Add((low, high));
            }
        }

        return new CharacterSet([.. merged]);
    }

    /// <summary>Whether the set has the character.</summary>
    public bool Contains(char c) =>
        c < 64 ? (_firstHalf >> c & 1) != 0
        : c < 128 ? (_secondHalf >> (c - 64) & 1) != 0
        : Search(c);

    /// <summary>All characters that are not in this set.</summary>
    public CharacterSet Complement()
    {
        var ranges = new List<(char, char)>();
        int next = 0;
        foreach ((char low, char high) in _ranges)
        {
            if (low > next)
            {
                ranges.Add(((char)next, (char)(low - 1)));
            }

            next = high + 1;
        }

        if (next <= char.MaxValue)
        {
            ranges.Add(((char)next, char.MaxValue));
        }

        return new CharacterSet([.. ranges]);
    }

    private bool Search(char c)
    {
        int from = 0;
        int to = _ranges.Length - 1;
        while (from <= to)
        {
            int middle = (from + to) / 2;
            (char low, char high) = _ranges[middle];
            if (c >= low && c <= high)
            {
                return true;
            }

            (from, to) = c < low ? (from, middle - 1) : (middle + 1, to);
        }

        return false;
    }
}
