using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Lockstep.Json.Paths.Filters;

namespace Lockstep.Json.Paths;

/// <summary>Parses the steps of a path: a whole one, or one within a filter.</summary>
internal sealed class PathParser
{
    /// <summary>The largest integer that every JSON implementation keeps exactly (RFC 9535, section 2.1).</summary>
    private const long LargestInteger = 9007199254740991;

    private static readonly SearchValues<char> NameEnds = SearchValues.Create(".[(\" \t\r\n");

    /// <summary>In a filter a name also ends where an operator or the filter itself goes on.</summary>
    private static readonly SearchValues<char> NameEndsInFilter = SearchValues.Create(".[(\" \t\r\n)],=!<>&|~");

    private readonly PathCursor _cursor;
    private readonly SearchValues<char> _nameEnds;
    private readonly List<PathStep> _steps = [];

    private PathParser(PathCursor cursor, SearchValues<char> nameEnds)
    {
        _cursor = cursor;
        _nameEnds = nameEnds;
    }

    /// <summary>Parses a whole path, which starts with one character for its root.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out JsonPath? path, [NotNullWhen(false)] out JsonPathError? error)
    {
        path = null;
        if (text.Length > JsonPath.MaxTextLength)
        {
            error = new JsonPathError(
                JsonPathErrorCode.TooLong, $"A path has at most {JsonPath.MaxTextLength} characters.", JsonPath.MaxTextLength);
            return false;
        }

        var cursor = new PathCursor(text) { At = 1 };
        PathStep[] steps = new PathParser(cursor, NameEnds).ReadSteps();
        if (!cursor.AtEnd)
        {
            cursor.Fail("'.' or '[' was expected.");
        }

        error = cursor.Error;
        path = error is null ? new JsonPath(text, steps) : null;
        return path is not null;
    }

    /// <summary>Parses a path within a filter, from its <c>@</c> or <c>$</c> to whatever is not a step.</summary>
    public static JsonPath ParseInFilter(PathCursor cursor)
    {
        int start = cursor.At++;
        PathStep[] steps = new PathParser(cursor, NameEndsInFilter).ReadSteps();
        return new JsonPath(cursor.Text[start..Math.Min(cursor.At, cursor.Text.Length)], steps);
    }

    private PathStep[] ReadSteps()
    {
        while (!_cursor.Failed && _cursor.Next is '.' or '[')
        {
            if (_steps is [.., FunctionStep])
            {
                _cursor.Fail("A function ends a path.");
            }
            else if (_cursor.TryTake(".."))
            {
                _steps.Add(new DescendStep());
                ReadAfterDot();
            }
            else if (_cursor.TryTake('.'))
            {
                ReadAfterDot();
            }
            else
            {
                ReadBrackets();
            }
        }

        return [.. _steps];
    }

    private void ReadAfterDot()
    {
        if (_cursor.Next == '[')
        {
            ReadBrackets();
            return;
        }

        int length = _cursor.Rest.IndexOfAny(_nameEnds);
        string name = (length < 0 ? _cursor.Rest : _cursor.Rest[..length]).ToString();
        if (name.Length == 0)
        {
            _cursor.Fail("A name was expected; names with spaces or quotes stand in brackets: ['a b'].");
            return;
        }

        int start = _cursor.At;
        _cursor.At += name.Length;
        if (_cursor.Next == '(')
        {
            ReadFunction(name, start);
            return;
        }

        _steps.Add(name == "*" ? new WildcardStep() : new NameStep(name));
    }

    private void ReadFunction(string name, int start)
    {
        if (!PathFunctions.TryGet(name, out PathFunction function) || _steps is [.., DescendStep])
        {
            _cursor.At = start;
            _cursor.Fail($"'{name}' is not one of the functions {PathFunctions.Names}.", JsonPathErrorCode.UnknownFunction);
            return;
        }

        _cursor.Expect('(');
        _cursor.SkipSpace();
        _cursor.Expect(')');
        _steps.Add(new FunctionStep(function));
    }

    private void ReadBrackets()
    {
        _cursor.Expect('[');
        _cursor.SkipSpace();
        switch (_cursor.Next)
        {
            case '\'' or '"':
                ReadNames();
                break;
            case '*':
                _cursor.At++;
                _steps.Add(new WildcardStep());
                break;
            case '?':
                _cursor.At++;
                _steps.Add(new FilterStep(FilterParser.Parse(_cursor)));
                break;
            default:
                ReadIndexes();
                break;
        }

        _cursor.SkipSpace();
        _cursor.Expect(']');
    }

    private void ReadNames()
    {
        var names = new List<string>();
        do
        {
            _cursor.SkipSpace();
            if (_cursor.Next is not ('\'' or '"'))
            {
                _cursor.Fail("A name in quotes was expected.");
                return;
            }

            names.Add(_cursor.ReadQuoted());
            _cursor.SkipSpace();
        }
        while (!_cursor.Failed && _cursor.TryTake(','));
        _steps.Add(names.Count == 1 ? new NameStep(names[0]) : new NamesStep([.. names]));
    }

    private void ReadIndexes()
    {
        long? first = ReadInteger();
        _cursor.SkipSpace();
        if (_cursor.Next == ':')
        {
            ReadSlice(first);
            return;
        }

        var indexes = new List<int>();
        while (first is long index)
        {
            // No array has an item there, so that any place out of reach serves.
            indexes.Add((int)Math.Clamp(index, -int.MaxValue, int.MaxValue));
            _cursor.SkipSpace();
            if (!_cursor.TryTake(','))
            {
                _steps.Add(indexes.Count == 1 ? new IndexStep(indexes[0]) : new IndexesStep([.. indexes]));
                return;
            }

            _cursor.SkipSpace();
            first = ReadInteger();
        }

        _cursor.Fail("An index, a range, '*', '?' or a name in quotes was expected.");
    }

    private void ReadSlice(long? start)
    {
        long? end = ReadBound();
        long? step = _cursor.Next == ':' ? ReadBound() : null;
        _steps.Add(new SliceStep(start, end, step ?? 1));
    }

    private long? ReadBound()
    {
        _cursor.Expect(':');
        _cursor.SkipSpace();
        long? bound = ReadInteger();
        _cursor.SkipSpace();
        return bound;
    }

    /// <summary>An integer without superfluous zeros or sign (RFC 9535, section 2.3.3.1), or null when there is none.</summary>
    private long? ReadInteger()
    {
        int length = _cursor.Next == '-' ? 1 : 0;
        while (length < _cursor.Rest.Length && char.IsAsciiDigit(_cursor.Rest[length]))
        {
            length++;
        }

        ReadOnlySpan<char> text = _cursor.Rest[..length];
        if (length == 0)
        {
            return null;
        }

        ReadOnlySpan<char> digits = text.TrimStart('-');
        if (text is "-0"
            || digits.Length == 0
            || (digits[0] == '0' && digits.Length > 1)
            || !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            || Math.Abs(value) > LargestInteger)
        {
            _cursor.Fail($"'{text}' is not an index.");
            return null;
        }

        _cursor.At += length;
        return value;
    }
}
