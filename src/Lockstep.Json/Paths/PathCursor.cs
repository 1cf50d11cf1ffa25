using System.Globalization;
using System.Text;

namespace Lockstep.Json.Paths;

/// <summary>
/// A place in a path's text, shared by the parsers of paths and filters. The first failure is kept, and parsing ends with it.
/// </summary>
internal sealed class PathCursor(string text)
{
    public string Text { get; } = text;

    public int At { get; set; }

    /// <summary>Levels of nesting the parsers are in.</summary>
    public int Nesting { get; private set; }

    public JsonPathError? Error { get; private set; }

    public bool Failed => Error is not null;

    public bool AtEnd => At >= Text.Length;

    /// <summary>The next character, or NUL at the end.</summary>
    public char Next => AtEnd ? '\0' : Text[At];

    public ReadOnlySpan<char> Rest => Text.AsSpan(Math.Min(At, Text.Length));

    public void Fail(string message, JsonPathErrorCode code = JsonPathErrorCode.Syntax) =>
        Error ??= new JsonPathError(code, message, Math.Min(At, Text.Length));

    public void SkipSpace()
    {
        while (!AtEnd && Text[At] is ' ' or '\t' or '\n' or '\r')
        {
            At++;
        }
    }

    public bool TryTake(char expected)
    {
        if (Next != expected || AtEnd)
        {
            return false;
        }

        At++;
        return true;
    }

    public bool TryTake(string expected)
    {
        if (!Rest.StartsWith(expected))
        {
            return false;
        }

        At += expected.Length;
        return true;
    }

    public void Expect(char expected)
    {
        if (!TryTake(expected))
        {
            Fail($"'{expected}' was expected.");
        }
    }

    /// <summary>Enters a level of nesting; false when there are too many. Every success is followed by <see cref="Leave"/>.</summary>
    public bool Enter()
    {
        if (Nesting == JsonPath.MaxNesting)
        {
            Fail($"A path's filters are nested at most {JsonPath.MaxNesting} deep.", JsonPathErrorCode.TooDeep);
            return false;
        }

        Nesting++;
        return true;
    }

    public void Leave() => Nesting--;

    /// <summary>Reads a string in single or double quotes, with the escapes of JSON and those of either quote.</summary>
    public string ReadQuoted()
    {
        char quote = Next;
        var content = new StringBuilder();
        At++;
        while (!AtEnd && Next != quote && !Failed)
        {
            if (Next < ' ')
            {
                Fail("A control character must be escaped.");
            }
            else if (TryTake('\\'))
            {
                content.Append(ReadEscape());
            }
            else
            {
                content.Append(Text[At++]);
            }
        }

        Expect(quote);
        return content.ToString();
    }

    private char ReadEscape()
    {
        char letter = Next;
        At++;
        switch (letter)
        {
            case '"' or '\'' or '\\' or '/':
                return letter;
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u' when Rest.Length >= 4
                && ushort.TryParse(Rest[..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit):
                At += 4;
                return (char)unit;
            default:
                Fail("A backslash must start one of the escapes \\' \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX.");
                return '\0';
        }
    }
}
