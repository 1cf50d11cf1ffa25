using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Lockstep.Json;

/// <summary>
/// A JSON number, kept with the text it was read with: <c>1.0</c>, <c>1E5</c> and integers of any length print as they were written.
/// Comparison is exact and by value. Integers of up to 18 digits carry no text at all, only their value, and neither do computed doubles until
/// somebody asks for it.
/// </summary>
public sealed class JsonNumber : JsonValue
{
    private const int SmallestShared = -1;
    private const int LargestShared = 1023;

    private static readonly JsonNumber[] Shared = CreateShared();

    /// <summary>
    /// The value of an integer, the bits of a computed double, or those of the nearest double once it was asked for; whoever writes these writes the same.
    /// </summary>
    private long _bits;
    private readonly bool _isInt64;
    private readonly bool _isDouble;
    private string? _text;

    private JsonNumber(long value)
        : base(utf8Length: 0, depth: 0)
    {
        _bits = value;
        _isInt64 = true;
    }

    private JsonNumber(double value)
        : base(utf8Length: 0, depth: 0)
    {
        _bits = BitConverter.DoubleToInt64Bits(value);
        _isDouble = true;
    }

    private JsonNumber(string text)
        : base(text.Length, depth: 0)
    {
        _text = text;
        _isInt64 = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _bits);
    }

    /// <summary>The number as written, or its shortest decimal text when it was computed.</summary>
    public string Text => _text ??= _isDouble
        ? JsonNumberText.Print(BitConverter.Int64BitsToDouble(_bits))
        : _bits.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether the text is a plain integer: neither fraction nor exponent.</summary>
    public bool IsIntegerText => _isInt64 || Text.AsSpan().IndexOfAny('.', 'e', 'E') < 0;

    /// <inheritdoc/>
    public override JsonKind Kind => JsonKind.Number;

    /// <summary>The number with this value.</summary>
    public static JsonNumber Of(long value) =>
        value is >= SmallestShared and <= LargestShared ? Shared[value - SmallestShared] : new JsonNumber(value);

    /// <summary>
    /// The number with this value, printed as ECMAScript prints it: shortest round trip, integers below 1e21 without fraction.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">JSON has no text for NaN and the infinities.</exception>
    public static JsonNumber Of(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "JSON has no text for this number.");
        }

        const double LargestExactInteger = 9007199254740992;
        return Math.Abs(value) <= LargestExactInteger && Math.Truncate(value) == value
            ? Of((long)value)
            : new JsonNumber(value);
    }

    /// <summary>The number with this text.</summary>
    /// <param name="text">A number by the grammar of RFC 8259, section 6.</param>
    /// <exception cref="FormatException">The text is not a JSON number.</exception>
    public static JsonNumber FromText(string text) =>
        TryFromText(text, out JsonNumber? number) ? number : throw new FormatException($"'{text}' is not a JSON number.");

    /// <summary>The number with this text, or false when the text is not one by the grammar of RFC 8259, section 6.</summary>
    public static bool TryFromText(string text, [NotNullWhen(true)] out JsonNumber? number)
    {
        ArgumentNullException.ThrowIfNull(text);
        number = JsonNumberText.IsNumber(text) ? new JsonNumber(text) : null;
        return number is not null;
    }

    /// <summary>
    /// The value as an integer; false when it has a fraction or does not fit. The spelling is irrelevant: <c>1.0</c> is 1.
    /// </summary>
    public bool TryGetInt64(out long value)
    {
        value = _bits;
        return _isInt64 || JsonDecimal.FromText(Text).TryGetInt64(out value);
    }

    /// <summary>The nearest double; an infinity when the number is out of range.</summary>
    public double ToDouble()
    {
        if (_isInt64 && (_bits != 0 || _text is null))
        {
            return _bits;
        }

        if (!_isDouble && _bits == 0)
        {
            double nearest = double.Parse(Text, NumberStyles.Float, CultureInfo.InvariantCulture);
            if (!_isInt64)
            {
                _bits = BitConverter.DoubleToInt64Bits(nearest);
            }

            return nearest;
        }

        return BitConverter.Int64BitsToDouble(_bits);
    }

    /// <summary>Compares by exact value.</summary>
    /// <returns>Negative, zero or positive, as this number is smaller than the other, equal to it or greater.</returns>
    public int CompareTo(JsonNumber other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return _isInt64 && other._isInt64
            ? _bits.CompareTo(other._bits)
            : JsonDecimal.FromText(Text).CompareTo(JsonDecimal.FromText(other.Text));
    }

    /// <summary>The number of a text that the caller has checked.</summary>
    internal static JsonNumber OfChecked(string text) => new(text);

    /// <summary>Writes the text, which is ASCII, and returns its length.</summary>
    internal int Write(Span<byte> destination)
    {
        int written;
        if (_isInt64 && _text is null)
        {
            _bits.TryFormat(destination, out written, default, CultureInfo.InvariantCulture);
        }
        else
        {
            Ascii.FromUtf16(Text, destination, out written);
        }

        return written;
    }

    internal int HashByValue() =>
        TryGetInt64(out long value) ? value.GetHashCode() : JsonDecimal.FromText(Text).GetHashCode();

    private protected override int Measure() => _isDouble ? Text.Length : JsonNumberText.DigitCount(_bits);

    private static JsonNumber[] CreateShared()
    {
        var shared = new JsonNumber[LargestShared - SmallestShared + 1];
        for (int i = 0; i < shared.Length; i++)
        {
            shared[i] = new JsonNumber((long)(i + SmallestShared));
        }

        return shared;
    }
}
