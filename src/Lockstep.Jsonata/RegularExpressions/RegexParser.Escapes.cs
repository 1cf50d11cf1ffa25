using System.Globalization;

namespace Lockstep.Jsonata.RegularExpressions;

/// <summary>Escapes and classes of a pattern.</summary>
internal sealed partial class RegexParser
{
    private CharacterSet AtomEscape()
    {
        if (char.IsAsciiDigit(Peek(0)) && Peek(0) != '0')
        {
            int number = int.TryParse(_pattern.AsSpan(_at, Digits(_at)), NumberStyles.None, CultureInfo.InvariantCulture, out int value)
                ? value
                : int.MaxValue;
            if (number <= _groupsInAll)
            {
                throw BackReference();
            }
        }

        return Peek(0) == 'k' && _hasNames ? throw BackReference() : Escape(inClass: false);
    }

    // What follows a backslash, in a class or outside of one.
    private CharacterSet Escape(bool inClass)
    {
        if (AtEnd)
        {
            throw Invalid("it ends with a backslash");
        }

        char c = _pattern[_at++];
        return c switch
        {
            'd' => CharacterSet.Digits,
            'D' => CharacterSet.Digits.Complement(),
            'w' => CharacterSet.WordCharacters,
            'W' => CharacterSet.WordCharacters.Complement(),
            's' => CharacterSet.WhiteSpace,
            'S' => CharacterSet.WhiteSpace.Complement(),
            't' => One('\t'),
            'n' => One('\n'),
            'v' => One('\v'),
            'f' => One('\f'),
            'r' => One('\r'),
            'b' when inClass => One('\b'),
            'c' => Control(inClass),
            'x' => Hexadecimal('x', 2),
            'u' => Hexadecimal('u', 4),
            >= '0' and <= '7' => Octal(c),
            _ => One(c),
        };
    }

    private CharacterSet Control(bool inClass)
    {
        char c = Peek(0);
        if (char.IsAsciiLetter(c) || (inClass && (char.IsAsciiDigit(c) || c == '_')))
        {
            _at++;
            return One((char)(c % 32));
        }

        // No control character: then the backslash stands for itself, and the c after it too.
        _at--;
        return One('\\');
    }

    private CharacterSet Hexadecimal(char kind, int digits)
    {
        if (_at + digits > _pattern.Length || !_pattern.Skip(_at).Take(digits).All(char.IsAsciiHexDigit))
        {
            return One(kind);
        }

        _at += digits;
        return One((char)int.Parse(_pattern.AsSpan(_at - digits, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    // Up to three octal digits, at most \377.
    private CharacterSet Octal(char first)
    {
        int value = first - '0';
        for (int i = 0; i < 2 && Peek(0) is >= '0' and <= '7' && value * 8 + Peek(0) - '0' <= 0xff; i++)
        {
            value = value * 8 + _pattern[_at++] - '0';
        }

        return One((char)value);
    }

    private CharacterSet Class()
    {
        int opened = _at - 1;
        bool negated = Take('^');
        var ranges = new List<(char, char)>();
        while (!Take(']'))
        {
            CharacterSet low = ClassAtom(opened);
            bool isRange = Peek(0) == '-' && _at + 1 < _pattern.Length && _pattern[_at + 1] != ']';
            if (!isRange)
            {
                ranges.AddRange(low.Ranges);
                continue;
            }

            _at++;
            CharacterSet high = ClassAtom(opened);
            if (Only(low) is char from && Only(high) is char to)
            {
                ranges.Add(from <= to ? (from, to) : throw Invalid($"a range of the class at {opened} is in the wrong order"));
            }
            else
            {
                // \d-x is no range: all three stand for themselves.
                ranges.AddRange([.. low.Ranges, ('-', '-'), .. high.Ranges]);
            }
        }

        CharacterSet set = CharacterSet.Of(ranges);
        return negated ? (_ignoreCase ? CaseFolding.Close(set) : set).Complement() : set;
    }

    private CharacterSet ClassAtom(int opened)
    {
        if (AtEnd)
        {
            throw Invalid($"the class at {opened} is not closed");
        }

        return Take('\\') ? Escape(inClass: true) : One(_pattern[_at++]);
    }

    private static char? Only(CharacterSet set) =>
        set.Ranges.Count == 1 && set.Ranges[0].Low == set.Ranges[0].High ? set.Ranges[0].Low : null;

    private static CharacterSet One(char c) => CharacterSet.Of((c, c));

    private static JsonataException BackReference() =>
        Refused("Back-references are not supported, because their time could not be bounded.");
}
