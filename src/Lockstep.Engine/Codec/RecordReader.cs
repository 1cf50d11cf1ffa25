using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Lockstep.Json;

namespace Lockstep.Engine.Codec;

/// <summary>
/// Reads what <see cref="RecordWriter"/> wrote. Values are parsed when they are asked for, and only once. Whatever the bytes are, it either
/// gives what was written or throws <see cref="CorruptRecordException"/>.
/// </summary>
internal ref struct RecordReader
{
    // Values that executions hold have passed the limits of the execution already.
    private static readonly JsonReadLimits Unlimited = new() { MaxDepth = int.MaxValue, MaxBytes = int.MaxValue, MaxNumberLength = int.MaxValue };

    private readonly ReadOnlySpan<byte> _texts;
    private readonly ReadOnlySpan<byte> _values;
    private readonly (int Start, int Length, bool Wide)[] _textPlaces;
    private readonly (int Start, int Length)[] _valuePlaces;
    private readonly string?[] _textCache;
    private readonly JsonValue?[] _valueCache;
    private ReadOnlySpan<byte> _rest;

    public RecordReader(ReadOnlySpan<byte> record)
    {
        Require(record.Length > sizeof(ulong));
        _rest = record[..^sizeof(ulong)];
        Require(BinaryPrimitives.ReadUInt64LittleEndian(record[^sizeof(ulong)..]) == ContentHash.Of(_rest));
        Version = Byte();
        if (Version is 0 or > RecordWriter.Version)
        {
            throw new CorruptRecordException("The record has a version that this program does not know.");
        }

        int texts = Count();
        int textBytes = Count();
        int values = Count();
        int valueBytes = Count();
        _texts = Take(textBytes);
        _values = Take(valueBytes);
        ReadOnlySpan<byte> body = _rest;

        Require(texts <= textBytes && values <= valueBytes);
        _textPlaces = new (int, int, bool)[texts];
        _rest = _texts;
        for (int i = 0; i < texts; i++)
        {
            ulong head = Unsigned();
            Require(head >> 1 <= int.MaxValue);
            int length = (int)(head >> 1);
            _textPlaces[i] = (_texts.Length - _rest.Length, length, (head & 1) != 0);
            Take(length);
        }

        _valuePlaces = new (int, int)[values];
        _rest = _values;
        for (int i = 0; i < values; i++)
        {
            int length = Count();
            _valuePlaces[i] = (_values.Length - _rest.Length, length);
            Take(length);
        }

        _textCache = new string?[texts];
        _valueCache = new JsonValue?[values];
        _rest = body;
    }

    /// <summary>The version of the layout that the record was written in; see <see cref="RecordWriter.Version"/>.</summary>
    public byte Version { get; }

    /// <summary>While set, texts and values are passed over: the reader only finds its way.</summary>
    public bool Skips { get; set; }

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public bool Flag() => Byte() switch
    {
        0 => false,
        1 => true,
        _ => throw new CorruptRecordException("A flag is neither set nor clear."),
    };

    public long Number()
    {
        ulong value = Unsigned();
        Require(value <= long.MaxValue);
        return (long)value;
    }

    public int SmallNumber()
    {
        ulong value = Unsigned();
        Require(value <= int.MaxValue);
        return (int)value;
    }

    /// <summary>A number of things that follow, each of at least one byte.</summary>
    public int Count()
    {
        int count = SmallNumber();
        Require(count <= _rest.Length);
        return count;
    }

    public long Signed()
    {
        ulong zigzag = Unsigned();
        return (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
    }

    public long? OptionalNumber() => Flag() ? Signed() : null;

    public ulong Fixed() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    public DateTimeOffset Time()
    {
        long ticks = Signed();
        Require(ticks >= DateTimeOffset.MinValue.UtcTicks && ticks <= DateTimeOffset.MaxValue.UtcTicks);
        return new DateTimeOffset(ticks, TimeSpan.Zero);
    }

    public string Text() => OptionalText() ?? throw new CorruptRecordException("A text is missing.");

    public string? OptionalText()
    {
        int number = SmallNumber();
        Require(number <= _textPlaces.Length);
        if (number == 0)
        {
            return null;
        }

        return Skips ? "" : _textCache[number - 1] ??= Decode(_textPlaces[number - 1]);
    }

    public JsonValue Value() => OptionalValue() ?? throw new CorruptRecordException("A value is missing.");

    public JsonValue? OptionalValue()
    {
        int number = SmallNumber();
        Require(number <= _valuePlaces.Length);
        if (number == 0)
        {
            return null;
        }

        return Skips ? JsonNull.Instance : _valueCache[number - 1] ??= Parse(_valuePlaces[number - 1]);
    }

    /// <summary>An enumeration's member, stored as its number.</summary>
    public T Member<T>()
        where T : struct, Enum
    {
        byte number = Byte();
        var member = (T)Enum.ToObject(typeof(T), number);
        Require(Enum.IsDefined(member));
        return member;
    }

    public readonly void RequireEnd() => Require(_rest.IsEmpty);

    public static void Require([DoesNotReturnIf(false)] bool holds)
    {
        if (!holds)
        {
            throw new CorruptRecordException("The record is cut off or was changed.");
        }
    }

    private ulong Unsigned()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte part = Byte();
            Require(shift < 63 || part <= 1);
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw new CorruptRecordException("A number has no end.");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        Require(count <= _rest.Length);
        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private readonly string Decode((int Start, int Length, bool Wide) place)
    {
        ReadOnlySpan<byte> bytes = _texts.Slice(place.Start, place.Length);
        if (!place.Wide)
        {
            return Encoding.UTF8.GetString(bytes);
        }

        Require(bytes.Length % 2 == 0);
        var units = new char[bytes.Length / 2];
        for (int i = 0; i < units.Length; i++)
        {
            units[i] = (char)(bytes[i * 2] | (bytes[(i * 2) + 1] << 8));
        }

        return new string(units);
    }

    private readonly JsonValue Parse((int Start, int Length) place)
    {
        JsonReadResult result = JsonReader.Read(_values.Slice(place.Start, place.Length), Unlimited);
        return result.IsSuccess ? result.Value : throw new CorruptRecordException("A value is not JSON: " + result.Error.Message);
    }
}
