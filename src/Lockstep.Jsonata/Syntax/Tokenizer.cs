using System.Buffers;
using System.Globalization;
using System.Text;
using Lockstep.Json;

namespace Lockstep.Jsonata.Syntax;

/// <summary>
/// Splits an expression into tokens, one at a time: whether a slash divides or starts a regular expression depends on where the parser is.
/// </summary>
internal sealed class Tokenizer(string text)
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private int _at;

    /// <summary>The next token.</summary>
    /// <param name="operandExpected">Whether an operand may stand here, and a slash therefore starts a regular expression.</param>
    public Token Next(bool operandExpected)
    {
        SkipSpaceAndComments();
        if (_at >= text.Length)
        {
            return new Token(TokenKind.End, "(end)", text.Length);
        }

        char c = text[_at];
        if (c == '/' && operandExpected)
        {
            return Regex();
        }

        char next = _at + 1 < text.Length ? text[_at + 1] : '\0';
        if (Operators.OfTwo(c, next) is { } two)
        {
            _at += 2;
            return new Token(TokenKind.Operator, two, _at);
        }

        if (Operators.IsOperatorCharacter(c))
        {
            _at++;
            return c is '!' or '~'
                ? throw new JsonataException("S0204", $"Unknown operator: \"{c}\"", _at, c.ToString())
                : new Token(TokenKind.Operator, c.ToString(), _at);
        }

        return c switch
        {
            '"' or '\'' => String(c),
            '`' => QuotedName(),
            >= '0' and <= '9' => Number(),
            _ => Word(),
        };
    }

    private void SkipSpaceAndComments()
    {
        while (_at < text.Length)
        {
            if (IsSpace(text[_at]))
            {
                _at++;
            }
            else if (text[_at] == '/' && _at + 1 < text.Length && text[_at + 1] == '*')
            {
                int end = text.IndexOf("*/", _at + 2, StringComparison.Ordinal);
                _at = end >= 0 ? end + 2 : throw new JsonataException("S0106", "Comment has no closing tag", _at, "/*");
            }
            else
            {
                return;
            }
        }
    }

    private Token String(char quote)
    {
        _at++;
        var content = new StringBuilder();
        while (_at < text.Length)
        {
            char c = text[_at++];
            if (c == quote)
            {
                string value = content.ToString();
                return new Token(TokenKind.Literal, value, _at, JsonString.Of(value));
            }

            content.Append(c == '\\' ? Escaped() : c);
        }

        throw new JsonataException("S0101", "String literal must be terminated by a matching quote", text.Length, quote.ToString());
    }

    private char Escaped()
    {
        if (_at == text.Length)
        {
            throw new JsonataException("S0103", "Unsupported escape sequence: \\\"\"", _at, "");
        }

        char c = text[_at++];
        switch (c)
        {
            case '"' or '\\' or '/':
                return c;
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
            case 'u':
                if (_at < text.Length && text.Length - _at < 4 && text.AsSpan(_at).IndexOfAnyExcept(HexDigits) < 0)
                {
                    // What is missing is the rest of the string.
                    _at = text.Length;
                    return '\0';
                }

                if (_at + 4 <= text.Length
                    && ushort.TryParse(text.AsSpan(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
                {
                    _at += 4;
                    return (char)code;
                }

                throw new JsonataException("S0104", "The escape sequence \\u must be followed by 4 hex digits", _at - 1);
            default:
                throw new JsonataException("S0103", $"Unsupported escape sequence: \\{JsonString.Of(c.ToString())}", _at - 1, c.ToString());
        }
    }

    private Token QuotedName()
    {
        int end = text.IndexOf('`', _at + 1);
        if (end < 0)
        {
            throw new JsonataException("S0105", "Quoted property name must be terminated with a backquote (`)", text.Length, "`");
        }

        string name = text[(_at + 1)..end];
        _at = end + 1;
        return new Token(TokenKind.Name, name, _at);
    }

    private Token Number()
    {
        int start = _at;
        if (text[_at++] != '0')
        {
            SkipDigits();
        }

        if (_at + 1 < text.Length && text[_at] == '.' && char.IsAsciiDigit(text[_at + 1]))
        {
            _at++;
            SkipDigits();
        }

        int exponentAt = _at;
        if (_at < text.Length && text[_at] is 'e' or 'E')
        {
            _at += _at + 1 < text.Length && text[_at + 1] is '+' or '-' ? 2 : 1;
            int digitsAt = _at;
            SkipDigits();
            _at = _at > digitsAt ? _at : exponentAt;
        }

        string digits = text[start.._at];
        double value = double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(value)
            ? new Token(TokenKind.Literal, digits, _at, JsonNumber.Of(value))
            : throw new JsonataException("S0102", $"Number out of range: {JsonString.Of(digits)}", start, digits);
    }

    private void SkipDigits()
    {
        while (_at < text.Length && char.IsAsciiDigit(text[_at]))
        {
            _at++;
        }
    }

    private Token Word()
    {
        int start = _at;
        while (_at < text.Length && !IsSpace(text[_at]) && !Operators.IsOperatorCharacter(text[_at]))
        {
            _at++;
        }

        string word = text[start.._at];
        return word switch
        {
            "and" or "or" or "in" => new Token(TokenKind.Operator, word, _at),
            "true" => new Token(TokenKind.Literal, word, _at, JsonBoolean.True),
            "false" => new Token(TokenKind.Literal, word, _at, JsonBoolean.False),
            "null" => new Token(TokenKind.Literal, word, _at, JsonNull.Instance),
            _ when word[0] == '$' => new Token(TokenKind.Variable, word[1..], _at),
            _ => new Token(TokenKind.Name, word, _at),
        };
    }

    /// <summary>A regular expression up to the slash that is neither escaped nor within parentheses, brackets or braces.</summary>
    private Token Regex()
    {
        int start = ++_at;
        int depth = 0;
        for (; _at < text.Length; _at++)
        {
            char c = text[_at];
            if (c == '/' && depth == 0)
            {
                return RegexOf(start);
            }

            if (c == '\\')
            {
                _at++;
            }
            else if (c is '(' or '[' or '{')
            {
                depth++;
            }
            else if (c is ')' or ']' or '}')
            {
                depth--;
            }
        }

        throw new JsonataException("S0302", "No terminating / in regular expression", text.Length, "/");
    }

    private Token RegexOf(int start)
    {
        string pattern = text[start.._at++];
        if (pattern.Length == 0)
        {
            throw new JsonataException("S0301", "Empty regular expressions are not allowed", start, "//");
        }

        int flagsAt = _at;
        while (_at < text.Length && text[_at] is 'i' or 'm')
        {
            _at++;
        }

        return new Token(TokenKind.Regex, pattern, _at, Flags: text[flagsAt.._at]);
    }

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\r' or '\v';
}
