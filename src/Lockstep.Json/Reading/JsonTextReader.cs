using System.Buffers;
using System.Text;

namespace Lockstep.Json;

/// <summary>
/// One pass over a valid UTF-8 text. Open arrays and objects are frames on an explicit stack; the values read so far lie in one list, each
/// frame's from <see cref="JsonReadScratch.Frame.Start"/> on, and the slot before belongs to the frame's own value.
/// </summary>
internal ref struct JsonTextReader
{
    private static readonly SearchValues<byte> StringStops =
        SearchValues.Create([.. "\"\\"u8, .. Enumerable.Range(0, 0x20).Select(code => (byte)code)]);

    private static readonly SearchValues<byte> NumberBytes = SearchValues.Create("+-.0123456789Ee"u8);

    private readonly ReadOnlySpan<byte> _text;
    private readonly JsonReadLimits _limits;
    private readonly bool _isAscii;
    private readonly JsonReadScratch _scratch;
    private int _at;
    private int _depth;
    private bool _inObject;
    private JsonReadError? _error;

    public JsonTextReader(ReadOnlySpan<byte> text, JsonReadLimits limits)
    {
        _text = text;
        _limits = limits;
        _isAscii = Ascii.IsValid(text);
        _scratch = JsonReadScratch.Take();
        _at = text.StartsWith("\uFEFF"u8) ? 3 : 0;
    }

    public JsonReadResult Read()
    {
        JsonValue? value = ReadDocument();
        JsonReadResult result = value is null || _error is not null
            ? new JsonReadResult(_error ?? Refuse(JsonReadErrorCode.Syntax, "Unreadable text."))
            : new JsonReadResult(value);
        _scratch.GiveBack();
        return result;
    }

    private JsonValue? ReadDocument()
    {
        while (true)
        {
            // A value starts here, possibly an array or object whose first item is then the next value to start.
            JsonValue? value = StartValue();
            if (value is null)
            {
                if (_error is not null)
                {
                    return null;
                }

                continue;
            }

            // It is complete; so may be the arrays and objects it is the last item of.
            while (true)
            {
                if (_depth == 0)
                {
                    return ExpectEnd() ? value : null;
                }

                _scratch.Push(value);
                switch (NextByte())
                {
                    case (byte)',':
                        _at++;
                        if (_inObject && !ReadName())
                        {
                            return null;
                        }

                        value = null;
                        break;
                    case (byte)'}' when _inObject:
                        _at++;
                        value = CloseObject();
                        if (value is null)
                        {
                            return null;
                        }

                        break;
                    case (byte)']' when !_inObject:
                        _at++;
                        Close();
                        value = _scratch.TakeArray(_depth);
                        break;
                    default:
                        _scratch.ClearName();
                        _error = Unexpected(_inObject ? "',' or '}'" : "',' or ']'");
                        return null;
                }

                if (value is null)
                {
                    break;
                }
            }
        }
    }

    /// <summary>A scalar or an empty container; null when a container was opened, or after an error.</summary>
    private JsonValue? StartValue()
    {
        byte first = NextByte();
        switch (first)
        {
            case (byte)'"':
                return ReadString();
            case (byte)'{':
                return Open(isObject: true) ? FirstName() : null;
            case (byte)'[':
                return Open(isObject: false) ? FirstItem() : null;
            case (byte)'t':
                return ReadLiteral("true"u8, JsonBoolean.True);
            case (byte)'f':
                return ReadLiteral("false"u8, JsonBoolean.False);
            case (byte)'n':
                return ReadLiteral("null"u8, JsonNull.Instance);
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                return ReadNumber();
            default:
                _error = Unexpected("a value");
                return null;
        }
    }

    private bool Open(bool isObject)
    {
        if (_depth == _limits.MaxDepth)
        {
            _error = Refuse(JsonReadErrorCode.TooDeep, $"Arrays and objects are nested more than {_limits.MaxDepth} deep.");
            return false;
        }

        _at++;
        _scratch.Open(_depth, isObject);
        _depth++;
        _inObject = isObject;
        return true;
    }

    private void Close()
    {
        _depth--;
        _inObject = _depth > 0 && _scratch.IsObject(_depth - 1);
    }

    private JsonObject? FirstName()
    {
        if (NextByte() != (byte)'}')
        {
            ReadName();
            return null;
        }

        _at++;
        Close();
        _scratch.TakeEmpty(_depth);
        return JsonObject.Empty;
    }

    private JsonArray? FirstItem()
    {
        if (NextByte() != (byte)']')
        {
            return null;
        }

        _at++;
        Close();
        _scratch.TakeEmpty(_depth);
        return JsonArray.Empty;
    }

    private bool ReadName()
    {
        _scratch.ClearName();
        if (NextByte() != (byte)'"')
        {
            _error = Unexpected("a name in quotes");
            return false;
        }

        int offset = _at;
        ReadOnlySpan<byte> rest = _text[(_at + 1)..];
        int length = rest.IndexOfAny(StringStops);
        string? name;
        if (length >= 0 && rest[length] == (byte)'"')
        {
            _at += length + 2;
            name = _scratch.Texts.Name(rest[..length], _isAscii);
        }
        else
        {
            name = ReadString()?.Value;
        }

        if (name is null)
        {
            return false;
        }

        _scratch.SetName(name, offset);
        if (NextByte() != (byte)':')
        {
            _error = Unexpected("':'");
            return false;
        }

        _at++;
        return true;
    }

    private JsonObject? CloseObject()
    {
        Close();
        if (_scratch.TryTakeObject(_depth, _limits.AllowDuplicateKeys, out JsonObject? json, out int duplicateAt))
        {
            return json;
        }

        int slot = duplicateAt;
        string name = _scratch.NameAt(slot);
        _error = JsonTextPosition.ErrorAt(
            _text,
            _scratch.NameOffsetAt(slot),
            JsonReadErrorCode.DuplicateKey,
            $"The name '{name}' occurs twice in this object.",
            _scratch.Pointer(_depth) + JsonPointerText.Token(name));
        return null;
    }

    private JsonString? ReadString()
    {
        ReadOnlySpan<byte> rest = _text[(_at + 1)..];
        int length = rest.IndexOfAny(StringStops);
        if (length < 0 || rest[length] != (byte)'"')
        {
            return ReadEscapedString();
        }

        _at += length + 2;
        return _scratch.Texts.Value(rest[..length], _isAscii);
    }

    private JsonString? ReadEscapedString()
    {
        JsonStringDecoder.Outcome outcome = JsonStringDecoder.Decode(_text, _at + 1, StringStops);
        _at = outcome.End;
        if (outcome.Value is not null)
        {
            return JsonString.Of(outcome.Value);
        }

        _error = outcome.Problem is null
            ? Refuse(JsonReadErrorCode.UnexpectedEnd, "The text ends within a string.")
            : Refuse(JsonReadErrorCode.Syntax, outcome.Problem);
        return null;
    }

    private JsonNumber? ReadNumber()
    {
        const int MostInt64Digits = 18;
        ReadOnlySpan<byte> rest = _text[_at..];
        int sign = rest[0] == (byte)'-' ? 1 : 0;
        int i = sign;
        long value = 0;
        while (i < rest.Length && i - sign < MostInt64Digits && rest[i] is >= (byte)'0' and <= (byte)'9')
        {
            value = (value * 10) + (rest[i] - '0');
            i++;
        }

        bool isPlain = i == rest.Length || rest[i] is not ((byte)'.' or (byte)'e' or (byte)'E' or (>= (byte)'0' and <= (byte)'9'));
        bool isCanonical = i > sign && (rest[sign] != (byte)'0' || (i == 1 && sign == 0));
        if (isPlain && isCanonical && i <= _limits.MaxNumberLength)
        {
            _at += i;
            return JsonNumber.Of(sign == 0 ? value : -value);
        }

        return ReadNumberText(rest);
    }

    private JsonNumber? ReadNumberText(ReadOnlySpan<byte> rest)
    {
        int length = rest.IndexOfAnyExcept(NumberBytes);
        length = length < 0 ? rest.Length : length;
        if (length > _limits.MaxNumberLength)
        {
            _error = Refuse(JsonReadErrorCode.NumberTooLong, $"A number is longer than {_limits.MaxNumberLength} characters.");
            return null;
        }

        string text = Encoding.Latin1.GetString(rest[..length]);
        if (!JsonNumber.TryFromText(text, out JsonNumber? number))
        {
            _error = Refuse(JsonReadErrorCode.Syntax, $"'{text}' is not a number.");
            return null;
        }

        _at += length;
        return number;
    }

    private JsonValue? ReadLiteral(ReadOnlySpan<byte> literal, JsonValue value)
    {
        if (!_text[_at..].StartsWith(literal))
        {
            _error = Unexpected("a value");
            return null;
        }

        _at += literal.Length;
        return value;
    }

    private bool ExpectEnd()
    {
        NextByte();
        if (_at < _text.Length)
        {
            _error = Refuse(JsonReadErrorCode.TrailingText, "Something follows the value.");
            return false;
        }

        return true;
    }

    /// <summary>Skips white space; the byte that follows, or 0 at the end. A zero byte in the text is refused wherever it is met.</summary>
    private byte NextByte()
    {
        ReadOnlySpan<byte> text = _text;
        int at = _at;
        while ((uint)at < (uint)text.Length)
        {
            byte next = text[at];
            if (next > (byte)' ' || next is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
            {
                _at = at;
                return next;
            }

            at++;
        }

        _at = at;
        return 0;
    }

    private readonly JsonReadError Unexpected(string expected) => _at >= _text.Length
        ? Refuse(JsonReadErrorCode.UnexpectedEnd, $"The text ends where {expected} was expected.")
        : Refuse(JsonReadErrorCode.Syntax, $"{Describe()} where {expected} was expected.");

    private readonly string Describe()
    {
        Rune.DecodeFromUtf8(_text[_at..], out Rune found, out _);
        return Rune.IsControl(found) ? $"Character U+{found.Value:X4}" : $"'{found}'";
    }

    private readonly JsonReadError Refuse(JsonReadErrorCode code, string message) =>
        JsonTextPosition.ErrorAt(_text, Math.Min(_at, _text.Length), code, message, _scratch.Pointer(_depth));
}
