using System.Globalization;

namespace Lockstep.Jsonata.RegularExpressions;

/// <summary>
/// Reads a pattern by ECMAScript's grammar without the flag u, with the additions of its Annex B that every engine has: lone brackets and
/// braces stand for themselves, octal escapes, escapes of letters without a meaning.
/// </summary>
internal sealed partial class RegexParser
{
    /// <summary>Most characters of a pattern.</summary>
    public const int MaxLength = 4096;

    /// <summary>Most captures of a pattern.</summary>
    public const int MaxGroups = 100;

    /// <summary>Most groups inside one another.</summary>
    public const int MaxNesting = 100;

    private readonly string _pattern;
    private readonly bool _ignoreCase;
    private readonly bool _multiline;
    private readonly int _groupsInAll;
    private readonly bool _hasNames;
    private int _at;
    private int _nesting;

    /// <summary>A reader of a pattern.</summary>
    /// <exception cref="JsonataException">S0301, S0302, U1010: as <see cref="JsonataRegex.Compile"/>.</exception>
    public RegexParser(string pattern, string flags)
    {
        _pattern = pattern;
        _ignoreCase = flags.Contains('i', StringComparison.Ordinal);
        _multiline = flags.Contains('m', StringComparison.Ordinal);
        if (pattern.Length == 0)
        {
            throw new JsonataException("S0301", "Empty regular expressions are not allowed");
        }

        if (flags.Distinct().Count() < flags.Length || flags.Any(flag => flag is not ('i' or 'm')))
        {
            throw Invalid($"the flags \"{flags}\" may be i and m, each once");
        }

        if (pattern.Length > MaxLength)
        {
            throw Refused($"It is longer than {MaxLength} characters.");
        }

        (_groupsInAll, _hasNames) = CountGroups(pattern);
        if (_groupsInAll > MaxGroups)
        {
            throw Refused($"It has more than {MaxGroups} captures.");
        }
    }

    /// <summary>Captures read so far.</summary>
    public int Groups { get; private set; }

    private bool AtEnd => _at == _pattern.Length;

    /// <summary>Reads it all.</summary>
    /// <exception cref="JsonataException">S0302, U1010: as <see cref="JsonataRegex.Compile"/>.</exception>
    public RegexNode Parse()
    {
        RegexNode tree = Alternatives();
        return AtEnd ? tree : throw Invalid("a closing parenthesis has no opening one");
    }

    private RegexNode Alternatives()
    {
        if (++_nesting > MaxNesting)
        {
            throw Refused($"Its groups are nested deeper than {MaxNesting}.");
        }

        var items = new List<RegexNode> { Sequence() };
        while (Take('|'))
        {
            items.Add(Sequence());
        }

        _nesting--;
        return items.Count == 1 ? items[0] : new AlternativesNode(items);
    }

    private SequenceNode Sequence()
    {
        var items = new List<RegexNode>();
        while (!AtEnd && _pattern[_at] is not ('|' or ')'))
        {
            items.Add(Term());
        }

        return new SequenceNode(items);
    }

    private RegexNode Term()
    {
        if (Assertion() is { } assertion)
        {
            return assertion;
        }

        int firstCapture = Groups + 1;
        return Quantified(Atom(), firstCapture);
    }

    private AssertionNode? Assertion()
    {
        RegexOperation? kind = _pattern[_at] switch
        {
            '^' => _multiline ? RegexOperation.LineStart : RegexOperation.TextStart,
            '$' => _multiline ? RegexOperation.LineEnd : RegexOperation.TextEnd,
            '\\' when Peek(1) == 'b' => RegexOperation.WordBoundary,
            '\\' when Peek(1) == 'B' => RegexOperation.NoWordBoundary,
            _ => null,
        };
        if (kind is not { } found)
        {
            return null;
        }

        _at += _pattern[_at] == '\\' ? 2 : 1;
        return new AssertionNode(found);
    }

    private RegexNode Atom()
    {
        char c = _pattern[_at++];
        switch (c)
        {
            case '(':
                return Group();
            case '[':
                return Characters(Class());
            case '.':
                return new CharacterNode(CharacterSet.Dot);
            case '\\':
                return Characters(AtomEscape());
            case '*' or '+' or '?':
                throw Invalid($"there is nothing that '{c}' at {_at - 1} could repeat");
            case '{' when IsCount(_at - 1):
                throw Invalid($"there is nothing that the count at {_at - 1} could repeat");
            default:
                return Characters(CharacterSet.Of((c, c)));
        }
    }

    private CharacterNode Characters(CharacterSet set) => new(_ignoreCase ? CaseFolding.Close(set) : set);

    private RegexNode Group()
    {
        int opened = _at - 1;
        int number = 0;
        if (Take('?'))
        {
            RefuseLookAround();
            if (Take('<'))
            {
                number = ++Groups;
                Name();
            }
            else if (!Take(':'))
            {
                throw Invalid($"the group at {opened} is of no known kind");
            }
        }
        else
        {
            number = ++Groups;
        }

        RegexNode inner = Alternatives();
        if (!Take(')'))
        {
            throw Invalid($"the group at {opened} is not closed");
        }

        return number == 0 ? inner : new CaptureNode(number, inner);
    }

    private void RefuseLookAround()
    {
        char kind = Peek(0);
        if (kind is '=' or '!' || (kind == '<' && Peek(1) is '=' or '!'))
        {
            throw Refused("Looking ahead or behind is not supported, because its time could not be bounded.");
        }
    }

    private void Name()
    {
        int end = _pattern.IndexOf('>', _at);
        bool isName = end > _at && !char.IsAsciiDigit(_pattern[_at])
            && _pattern[_at..end].All(c => char.IsLetterOrDigit(c) || c is '_' or '$');
        if (!isName)
        {
            throw Invalid($"the group at {_at - 3} lacks a name");
        }

        _at = end + 1;
    }

    private RegexNode Quantified(RegexNode atom, int firstCapture)
    {
        int min;
        int max;
        switch (Peek(0))
        {
            case '*':
                (min, max) = (0, RepeatNode.Unbounded);
                break;
            case '+':
                (min, max) = (1, RepeatNode.Unbounded);
                break;
            case '?':
                (min, max) = (0, 1);
                break;
            case '{' when IsCount(_at):
                (min, max) = Count();
                break;
            default:
                return atom;
        }

        _at++;
        if (min > max)
        {
            throw Invalid($"the counts before {_at} are in the wrong order");
        }

        return new RepeatNode(atom, min, max, !Take('?'), firstCapture, Groups);
    }

    // {n}, {n,} or {n,m}; any other brace stands for itself.
    private bool IsCount(int at)
    {
        int digits = Digits(at + 1);
        int end = at + 1 + digits;
        if (digits > 0 && end < _pattern.Length && _pattern[end] == ',')
        {
            end += 1 + Digits(end + 1);
        }

        return digits > 0 && end < _pattern.Length && _pattern[end] == '}';
    }

    private int Digits(int at)
    {
        int end = at;
        while (end < _pattern.Length && char.IsAsciiDigit(_pattern[end]))
        {
            end++;
        }

        return end - at;
    }

    private (int Min, int Max) Count()
    {
        int end = _pattern.IndexOf('}', _at);
        string[] bounds = _pattern[(_at + 1)..end].Split(',');
        _at = end;
        int min = Bound(bounds[0]);
        return (min, bounds.Length == 1 ? min : bounds[1].Length == 0 ? RepeatNode.Unbounded : Bound(bounds[1]));
    }

    private static int Bound(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int bound) && bound < RepeatNode.Unbounded
            ? bound
            : RepeatNode.Unbounded - 1;

    private char Peek(int ahead) => _at + ahead < _pattern.Length ? _pattern[_at + ahead] : '\0';

    private bool Take(char c)
    {
        bool taken = !AtEnd && _pattern[_at] == c;
        _at += taken ? 1 : 0;
        return taken;
    }

    private static (int Groups, bool HasNames) CountGroups(string pattern)
    {
        int groups = 0;
        bool names = false;
        bool inClass = false;
        for (int i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    i++;
                    break;
                case '[':
                    inClass = true;
                    break;
                case ']':
                    inClass = false;
                    break;
                case '(' when !inClass:
                    ReadOnlySpan<char> kind = pattern.AsSpan(i + 1);
                    bool named = kind.StartsWith("?<") && !kind.StartsWith("?<=") && !kind.StartsWith("?<!");
                    groups += named || !kind.StartsWith("?") ? 1 : 0;
                    names |= named;
                    break;
                default:
                    break;
            }
        }

        return (groups, names);
    }

    private JsonataException Invalid(string why) => new("S0302", $"The regular expression /{_pattern}/ is not valid: {why}.");

    private static JsonataException Refused(string why) => new(JsonataErrorCodes.RegexRefused, $"The regular expression is refused. {why}");
}
