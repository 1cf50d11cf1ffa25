using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Lockstep.Json.Paths;

/// <summary>Parses the text of a path, from its <c>$</c> on.</summary>
internal ref struct JsonPathParser
{
    private readonly ReadOnlySpan<char> _text;
    private readonly List<PathStep> _steps = [];
    private int _at = 1;
    private JsonPathError? _error;

    private JsonPathParser(string text) => _text = text;

    public static bool TryParse(string text, [NotNullWhen(true)] out JsonPath? path, [NotNullWhen(false)] out JsonPathError? error)
    {
        path = null;
        if (text.Length > JsonPath.MaxTextLength)
        {
            error = new JsonPathError(
                JsonPathErrorCode.TooLong, $"A path has at most {JsonPath.MaxTextLength} characters.", JsonPath.MaxTextLength);
            return false;
        }

        var parser = new JsonPathParser(text);
        while (parser._error is null && parser._at < text.Length)
        {
            parser.ReadStep();
        }

        error = parser._error;
        path = error is null ? new JsonPath(text, [.. parser._steps]) : null;
        return path is not null;
    }

    private void ReadStep()
    {
        switch (_text[_at])
        {
            case '.':
                _at++;
                ReadName();
                break;
            case '[':
                _at++;
                ReadBrackets();
                break;
            default:
                Fail("'.' or '[' was expected.");
                break;
        }
    }

    private void ReadName()
    {
        int length = _text[_at..].IndexOfAny('.', '[', ' ');
        ReadOnlySpan<char> name = length < 0 ? _text[_at..] : _text.Slice(_at, length);
        if (name.Length == 0)
        {
            Fail("A name was expected.");
            return;
        }

        _steps.Add(new NameStep(name.ToString()));
        _at += name.Length;
    }

    private void ReadBrackets()
    {
        if (_at < _text.Length && _text[_at] is '\'' or '"')
        {
            ReadQuotedName(_text[_at]);
            return;
        }

        int length = _text[_at..].IndexOf(']');
        if (length < 0 || !int.TryParse(_text.Slice(_at, length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int index))
        {
            Fail("An index or a quoted name in brackets was expected.");
            return;
        }

        _steps.Add(new IndexStep(index));
        _at += length + 1;
    }

    private void ReadQuotedName(char quote)
    {
        var name = new StringBuilder();
        _at++;
        while (_at < _text.Length && _text[_at] != quote)
        {
            if (_text[_at] == '\\' && _at + 1 < _text.Length)
            {
                _at++;
            }

            name.Append(_text[_at++]);
        }

        if (!_text[_at..].StartsWith([quote, ']']))
        {
            Fail("A quoted name ends with its quote and ']'.");
            return;
        }

        _at += 2;
        _steps.Add(new NameStep(name.ToString()));
    }

    private void Fail(string message) => _error = new JsonPathError(JsonPathErrorCode.Syntax, message, Math.Min(_at, _text.Length));
}
