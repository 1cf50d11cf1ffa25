using System.Buffers;
using System.Globalization;

namespace Lockstep.Json;

/// <summary>
/// Walks a JSON text without building values. Every step checks the bounds, so that a text which is not JSON only ends the walk.
/// </summary>
internal ref struct JsonScanner
{
    private static readonly SearchValues<byte> ScalarEnds = SearchValues.Create(",:]}\" \n\r\t"u8);

    private readonly ReadOnlySpan<byte> _text;

    public JsonScanner(ReadOnlySpan<byte> text)
    {
        _text = text;
        Offset = text.StartsWith("\uFEFF"u8) ? 3 : 0;
    }

    /// <summary>The offset of the value the walk has come to.</summary>
    public int Offset { get; private set; }

    public bool SkipToRoot()
    {
        SkipSpace();
        return Offset < _text.Length;
    }

    /// <summary>From an array or object to one of its children.</summary>
    /// <param name="token">The member's name or the item's position.</param>
    /// <param name="keyOffset">Where the member's name starts; the item itself in an array.</param>
    public bool Enter(string token, out int keyOffset)
    {
        keyOffset = Offset;
        return Peek() switch
        {
            (byte)'{' => EnterMember(token, out keyOffset),
            (byte)'[' => EnterItem(token, out keyOffset),
            _ => false,
        };
    }

    private bool EnterMember(string name, out int keyOffset)
    {
        do
        {
            Offset++;
            SkipSpace();
            keyOffset = Offset;
            if (Peek() != (byte)'"' || !SkipString())
            {
                return false;
            }

            bool isIt = JsonReader.Read(_text[keyOffset..Offset]).Value is JsonString text && text.Value == name;
            SkipSpace();
            if (Peek() != (byte)':')
            {
                return false;
            }

            Offset++;
            SkipSpace();
            if (isIt)
            {
                return Offset < _text.Length;
            }
        }
        while (SkipValue() && Peek() == (byte)',');
        return false;
    }

    private bool EnterItem(string token, out int keyOffset)
    {
        keyOffset = Offset;
        if (!int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            return false;
        }

        do
        {
            Offset++;
            SkipSpace();
            keyOffset = Offset;
            if (Peek() is 0 or (byte)']')
            {
                return false;
            }

            if (index-- == 0)
            {
                return true;
            }
        }
        while (SkipValue() && Peek() == (byte)',');
        return false;
    }

    /// <summary>Skips a value and the white space after it.</summary>
    private bool SkipValue()
    {
        int depth = 0;
        do
        {
            switch (Peek())
            {
                case 0:
                    return false;
                case (byte)'{' or (byte)'[':
                    depth++;
                    Offset++;
                    break;
                case (byte)'}' or (byte)']':
                    depth--;
                    Offset++;
                    break;
                case (byte)'"':
                    if (!SkipString())
                    {
                        return false;
                    }

                    break;
                case (byte)',' or (byte)':':
                    Offset++;
                    break;
                default:
                    SkipScalar();
                    break;
            }

            SkipSpace();
        }
        while (depth > 0);
        return depth == 0;
    }

    private void SkipScalar()
    {
        int length = _text[Offset..].IndexOfAny(ScalarEnds);
        Offset = length < 0 ? _text.Length : Offset + Math.Max(length, 1);
    }

    private bool SkipString()
    {
        Offset++;
        while (Offset < _text.Length)
        {
            int stop = _text[Offset..].IndexOfAny((byte)'"', (byte)'\\');
            if (stop < 0)
            {
                Offset = _text.Length;
                return false;
            }

            Offset += stop;
            if (_text[Offset] == (byte)'"')
            {
                Offset++;
                return true;
            }

            Offset += 2;
        }

        Offset = _text.Length;
        return false;
    }

    private void SkipSpace()
    {
        while (Offset < _text.Length && _text[Offset] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            Offset++;
        }
    }

    private readonly byte Peek() => Offset < _text.Length ? _text[Offset] : (byte)0;
}
