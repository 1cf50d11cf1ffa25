using System.Buffers;
using System.Text.RegularExpressions;

namespace Lockstep.Json.Paths.Filters;

/// <summary>Parses one side of a relation: a path, a literal or a pattern.</summary>
internal static class OperandParser
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("+-.0123456789Ee");

    /// <summary>Null after a failure.</summary>
    public static FilterOperand? Read(PathCursor cursor)
    {
        switch (cursor.Next)
        {
            case '@':
                return new PathOperand(PathParser.ParseInFilter(cursor), FromRoot: false);
            case '$':
                return new PathOperand(PathParser.ParseInFilter(cursor), FromRoot: true);
            case '/':
                return ReadPattern(cursor);
            default:
                return ReadLiteral(cursor) is JsonValue literal ? new LiteralOperand(literal) : null;
        }
    }

    private static JsonValue? ReadLiteral(PathCursor cursor)
    {
        switch (cursor.Next)
        {
            case '\'' or '"':
                return JsonString.Of(cursor.ReadQuoted());
            case '[':
                return ReadList(cursor);
            case '{':
                return ReadObject(cursor);
            case '-' or (>= '0' and <= '9'):
                return ReadNumber(cursor);
            default:
                return ReadWord(cursor);
        }
    }

    private static JsonArray? ReadList(PathCursor cursor)
    {
        if (!cursor.Enter())
        {
            return null;
        }

        var items = new JsonArrayBuilder();
        cursor.At++;
        cursor.SkipSpace();
        while (!cursor.Failed && !cursor.TryTake(']'))
        {
            if (items.Count > 0)
            {
                cursor.Expect(',');
                cursor.SkipSpace();
            }

            if (ReadLiteral(cursor) is JsonValue item)
            {
                items.Add(item);
            }

            cursor.SkipSpace();
        }

        cursor.Leave();
        return items.ToArray();
    }

    private static JsonObject? ReadObject(PathCursor cursor)
    {
        if (!cursor.Enter())
        {
            return null;
        }

        var members = new JsonObjectBuilder();
        cursor.At++;
        cursor.SkipSpace();
        while (!cursor.Failed && !cursor.TryTake('}'))
        {
            if (members.Count > 0)
            {
                cursor.Expect(',');
                cursor.SkipSpace();
            }

            ReadMember(cursor, members);
            cursor.SkipSpace();
        }

        cursor.Leave();
        return members.Build();
    }

    private static void ReadMember(PathCursor cursor, JsonObjectBuilder members)
    {
        if (cursor.Next is not ('\'' or '"'))
        {
            cursor.Fail("A name in quotes was expected.");
            return;
        }

        string name = cursor.ReadQuoted();
        cursor.SkipSpace();
        cursor.Expect(':');
        cursor.SkipSpace();
        if (!cursor.Failed && ReadLiteral(cursor) is JsonValue value)
        {
            members.Set(name, value);
        }
    }

    private static JsonNumber? ReadNumber(PathCursor cursor)
    {
        int length = cursor.Rest.IndexOfAnyExcept(NumberCharacters);
        string text = (length < 0 ? cursor.Rest : cursor.Rest[..length]).ToString();
        if (!JsonNumber.TryFromText(text, out JsonNumber? number))
        {
            cursor.Fail($"'{text}' is not a number.");
            return null;
        }

        cursor.At += text.Length;
        return number;
    }

    private static JsonValue? ReadWord(PathCursor cursor)
    {
        (string Text, JsonValue Value)[] words = [("true", JsonBoolean.True), ("false", JsonBoolean.False), ("null", JsonNull.Instance)];
        foreach ((string text, JsonValue value) in words)
        {
            if (cursor.Rest.StartsWith(text) && (cursor.Rest.Length == text.Length || !char.IsLetterOrDigit(cursor.Rest[text.Length])))
            {
                cursor.At += text.Length;
                return value;
            }
        }

        cursor.Fail("A path, a value or a pattern was expected.");
        return null;
    }

    private static PatternOperand? ReadPattern(PathCursor cursor)
    {
        int start = cursor.At + 1;
        int end = start;
        while (end < cursor.Text.Length && cursor.Text[end] != '/')
        {
            end += cursor.Text[end] == '\\' ? 2 : 1;
        }

        if (end >= cursor.Text.Length)
        {
            cursor.Fail("A pattern ends with '/'.", JsonPathErrorCode.RegularExpression);
            return null;
        }

        if (end - start > JsonPath.MaxPatternLength)
        {
            cursor.Fail($"A pattern has at most {JsonPath.MaxPatternLength} characters.", JsonPathErrorCode.TooLong);
            return null;
        }

        RegexOptions options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
        int at = end + 1;
        while (at < cursor.Text.Length && char.IsAsciiLetter(cursor.Text[at]))
        {
            if (Flag(cursor.Text[at++]) is not RegexOptions flag)
            {
                cursor.Fail("A pattern's flags are i, m, s, x, d, u and U.", JsonPathErrorCode.RegularExpression);
                return null;
            }

            options |= flag;
        }

        Regex? pattern = Compile(cursor, cursor.Text[start..end], options);
        cursor.At = at;
        return pattern is null ? null : new PatternOperand(pattern);
    }

    /// <summary>The option of a flag; d, u and U ask for what is always so here. Null when there is no such flag.</summary>
    private static RegexOptions? Flag(char flag) => flag switch
    {
        'i' => RegexOptions.IgnoreCase,
        'm' => RegexOptions.Multiline,
        's' => RegexOptions.Singleline,
        'x' => RegexOptions.IgnorePatternWhitespace,
        'd' or 'u' or 'U' => RegexOptions.None,
        _ => null,
    };

    private static Regex? Compile(PathCursor cursor, string pattern, RegexOptions options)
    {
        try
        {
            // By itself first: a stray parenthesis must not pair up with those around the whole.
            _ = new Regex(pattern, options);
            string end = options.HasFlag(RegexOptions.IgnorePatternWhitespace) ? "\n)\\z" : ")\\z";
            return new Regex("\\A(?:" + pattern + end, options);
        }
        catch (ArgumentException invalid)
        {
            cursor.Fail($"The pattern is invalid: {invalid.Message}", JsonPathErrorCode.RegularExpression);
        }
        catch (NotSupportedException backtracking)
        {
            cursor.Fail($"The pattern cannot run in linear time: {backtracking.Message}", JsonPathErrorCode.RegularExpression);
        }

        return null;
    }
}
