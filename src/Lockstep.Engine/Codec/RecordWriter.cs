using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Lockstep.Json;

namespace Lockstep.Engine.Codec;

/// <summary>
/// Writes a record: a version, the table of texts, the table of JSON values, then the body, which refers to both by number, then a hash
/// of it all. Each text is stored once, and each value once for each instance, so what states pass on unchanged costs a byte.
/// </summary>
internal sealed class RecordWriter : IDisposable
{
    /// <summary>
    /// The version that this code writes. A change of the layout adds a version; the reader keeps the old ones. 1: the first; 2: the limits of an
    /// execution tell those of evaluation and of variables too; 3: an identity tells the span that started the execution, a call the visit of the
    /// state that it belongs to; 4: the limits tell those of JSONata expressions; 5: states and events tell of redrives; 6: a map run tells the results
    /// that it has collected; 7: it tells of the children that it began before a redrive; 8: it tells where its items come from.
    /// </summary>
    public const byte Version = 8;

    /// <summary>Texts, values or bytes above which a writer is not kept for the next record.</summary>
    private const int MaxKept = 1_024;
    private const int MaxKeptBytes = 16_384;

    // Every turn writes a record, so each thread keeps its last writer, emptied.
    [ThreadStatic]
    private static RecordWriter? _spare;

    private readonly ByteSink _body = new();
    private readonly ByteSink _texts = new();
    private readonly ByteSink _values = new();
    private readonly Dictionary<string, int> _textNumbers = new(StringComparer.Ordinal);
    private readonly Dictionary<JsonValue, int> _valueNumbers = new(ReferenceEqualityComparer.Instance);
    private readonly List<ulong> _valueHashes = [];
    private ByteSink? _canon;

    private RecordWriter()
    {
    }

    /// <summary>An empty writer, to be disposed of on the same thread.</summary>
    public static RecordWriter Begin()
    {
        RecordWriter? spare = _spare;
        _spare = null;
        return spare ?? new RecordWriter();
    }

    /// <summary>From here on, keeps what is written in a form that does not depend on which values are the same instance.</summary>
    public void StartHash() => _canon = new ByteSink();

    /// <summary>The hash of what was written since <see cref="StartHash"/>.</summary>
    public ulong EndHash()
    {
        ByteSink canon = _canon ?? throw new InvalidOperationException("No hash was started.");
        ulong hash = ContentHash.Of(canon.Written);
        canon.Dispose();
        _canon = null;
        return hash;
    }

    public void Byte(byte value)
    {
        _body.Byte(value);
        _canon?.Byte(value);
    }

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>A number that is never negative.</summary>
    public void Number(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        _body.Number((ulong)value);
        _canon?.Number((ulong)value);
    }

    /// <summary>A number of either sign.</summary>
    public void Signed(long value)
    {
        ulong zigzag = (ulong)((value << 1) ^ (value >> 63));
        _body.Number(zigzag);
        _canon?.Number(zigzag);
    }

    public void OptionalNumber(long? value)
    {
        Flag(value is not null);
        if (value is long present)
        {
            Signed(present);
        }
    }

    public void Fixed(ulong value)
    {
        _body.Fixed(value);
        _canon?.Fixed(value);
    }

    public void Time(DateTimeOffset time) => Signed(time.UtcTicks);

    public void Text(string text)
    {
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(_textNumbers, text, out bool known);
        if (!known)
        {
            number = _textNumbers.Count;
            AppendText(text);
        }

        _body.Number((ulong)number);
        if (_canon is not null)
        {
            _canon.Number((ulong)text.Length);
            _canon.Bytes(MemoryMarshal.AsBytes(text.AsSpan()));
        }
    }

    public void OptionalText(string? text)
    {
        if (text is null)
        {
            Number(0);
        }
        else
        {
            Text(text);
        }
    }

    public void Value(JsonValue value)
    {
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(_valueNumbers, value, out bool known);
        if (!known)
        {
            number = _valueNumbers.Count;
            AppendValue(value);
        }

        _body.Number((ulong)number);
        _canon?.Fixed(_valueHashes[number - 1]);
    }

    public void OptionalValue(JsonValue? value)
    {
        if (value is null)
        {
            Number(0);
        }
        else
        {
            Value(value);
        }
    }

    /// <summary>Writes the record out.</summary>
    public void Complete(IBufferWriter<byte> output)
    {
        using var record = new ByteSink();
        record.Byte(Version);
        record.Number((ulong)_textNumbers.Count);
        record.Number((ulong)_texts.Length);
        record.Number((ulong)_valueNumbers.Count);
        record.Number((ulong)_values.Length);
        record.Bytes(_texts.Written);
        record.Bytes(_values.Written);
        record.Bytes(_body.Written);
        record.Fixed(ContentHash.Of(record.Written));
        output.Write(record.Written);
    }

    public void Dispose()
    {
        _canon?.Dispose();
        _canon = null;
        if (_textNumbers.Count > MaxKept || _valueNumbers.Count > MaxKept || _body.Length + _texts.Length + _values.Length > MaxKeptBytes)
        {
            _body.Dispose();
            _texts.Dispose();
            _values.Dispose();
            return;
        }

        _body.Clear();
        _texts.Clear();
        _values.Clear();
        _textNumbers.Clear();
        _valueNumbers.Clear();
        _valueHashes.Clear();
        _spare = this;
    }

    private void AppendText(string text)
    {
        // A text may hold half a surrogate pair (JSON allows it), which UTF-8 cannot express: such a one is stored as UTF-16.
        bool wide = HasSurrogates(text) && !IsWellFormed(text);
        int length = wide ? text.Length * 2 : Encoding.UTF8.GetByteCount(text);
        _texts.Number(((ulong)length << 1) | (wide ? 1UL : 0));
        if (wide)
        {
            foreach (char unit in text)
            {
                _texts.Byte((byte)unit);
                _texts.Byte((byte)(unit >> 8));
            }
        }
        else
        {
            _texts.Advance(Encoding.UTF8.GetBytes(text, _texts.GetSpan(length)));
        }
    }

    private void AppendValue(JsonValue value)
    {
        _values.Number((ulong)value.Utf8Length);
        int start = _values.Length;
        value.WriteTo(_values);
        _valueHashes.Add(ContentHash.Of(_values.Written[start..]));
    }

    private static bool HasSurrogates(string text) => text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0;

    private static bool IsWellFormed(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }
}
