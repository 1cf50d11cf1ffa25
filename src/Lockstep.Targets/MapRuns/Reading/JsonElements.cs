using System.Globalization;
using System.Text.Json;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;

namespace Lockstep.Targets.MapRuns.Reading;

/// <summary>
/// Reads the elements of an array in a JSON document, or the members of an object: the document itself, or what a JSON Pointer names. The cursor is the
/// byte at which the next element begins, or after a brace the byte at which the name of the next member begins; from there on the rest is read as an
/// array or an object of its own.
/// </summary>
internal sealed class JsonElements
{
    private const int MaxDepth = 1_024;
    private const char Brace = '{';

    private readonly SourceBuffer _source;
    private readonly ReadBounds _bounds;
    private readonly string[] _path;
    private readonly JsonArrayBuilder _items = new();
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = MaxDepth });
    private int _consumed;
    private int _found;
    private int _container = -1;
    private int _position = -1;
    private bool _valueIsNext = true;
    private int _array = -1;
    private bool _members;
    private string _name = "";
    private int _valueStart = -1;
    private int _itemStart = -1;
    private long _bytes;
    private string? _cursor;

    private JsonElements(SourceBuffer source, ReadBounds bounds, string[] path)
    {
        _source = source;
        _bounds = bounds;
        _path = path;
    }

    /// <summary>Where the source is to be opened for a cursor.</summary>
    public static long OffsetOf(string? cursor) =>
        cursor is null ? 0 : long.Parse(cursor.AsSpan(cursor[0] == Brace ? 1 : 0), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Reads the next items.</summary>
    /// <param name="content">The source from the place of the cursor on.</param>
    /// <param name="cursor">The cursor; null for the start.</param>
    /// <param name="pointer">The array or object, as a JSON Pointer; null for the document.</param>
    /// <param name="bounds">How much is read.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async ValueTask<FileItems> ReadAsync(
        Stream content, string? cursor, string? pointer, ReadBounds bounds, CancellationToken cancellation)
    {
        var source = new SourceBuffer(content, OffsetOf(cursor), bounds.MaxItemBytes + 2);
        if (cursor is not null)
        {
            source.Prepend((byte)(cursor[0] == Brace ? Brace : '['));
        }
        else
        {
            await ByteOrderMark.SkipAsync(source, cancellation);
        }

        var elements = new JsonElements(source, bounds, cursor is not null ? [] : PathOf(pointer));
        try
        {
            while (!elements.Scan())
            {
                if (source.IsFinal)
                {
                    throw new ItemReadException("The document ends before its items do.");
                }

                await source.FillAsync(cancellation);
            }
        }
        catch (JsonException malformed)
        {
            throw new ItemReadException($"The document is not JSON: {malformed.Message}");
        }

        return new FileItems(elements._items.ToArray(), elements._cursor, elements._members);
    }

    private static string[] PathOf(string? pointer) => string.IsNullOrEmpty(pointer)
        ? []
        : [.. pointer.Split('/').Skip(1).Select(token => token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];

    /// <summary>Goes on as far as the bytes that are there allow; true when enough is read, or the array has ended.</summary>
    private bool Scan()
    {
        var reader = new Utf8JsonReader(_source.Bytes[_consumed..], _source.IsFinal, _state);
        bool done = false;
        while (!done && reader.Read())
        {
            done = _array < 0 ? Seek(ref reader) : Take(ref reader);
        }

        _state = reader.CurrentState;
        _consumed += (int)reader.BytesConsumed;
        if (!done)
        {
            int kept = _itemStart < 0 ? _consumed : _itemStart;
            _source.Drop(kept);
            _consumed -= kept;
            _valueStart -= _itemStart < 0 ? 0 : kept;
            _itemStart = _itemStart < 0 ? -1 : 0;
        }

        return done;
    }

    /// <summary>Looks at a token on the way to the array.</summary>
    private bool Seek(ref Utf8JsonReader reader)
    {
        bool ends = reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject;
        if (_valueIsNext)
        {
            _valueIsNext = false;
            Enter(ref reader);
        }
        else if (ends && reader.CurrentDepth == _container)
        {
            throw NotFound();
        }
        else if (!ends && reader.CurrentDepth == _container + 1)
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                _valueIsNext = _position < 0 && reader.ValueTextEquals(_path[_found]);
            }
            else if (_position >= 0 && _position++.ToString(CultureInfo.InvariantCulture) == _path[_found])
            {
                Enter(ref reader);
                return false;
            }

            _found += _valueIsNext ? 1 : 0;
        }

        return false;
    }

    /// <summary>The reader stands at a value on the path.</summary>
    private void Enter(ref Utf8JsonReader reader)
    {
        if (_container >= 0 && _position >= 0)
        {
            _found++;
        }

        if (_found == _path.Length)
        {
            if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
            {
                throw new ItemReadException(_path.Length == 0
                    ? "The document is no array and no object; name one in it with ItemsPointer."
                    : $"The value at \"/{string.Join('/', _path)}\" is no array and no object.");
            }

            _array = reader.CurrentDepth;
            _members = reader.TokenType == JsonTokenType.StartObject;
            return;
        }

        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            throw NotFound();
        }

        _container = reader.CurrentDepth;
        _position = reader.TokenType == JsonTokenType.StartArray ? 0 : -1;
    }

    /// <summary>Looks at a token of the array or object.</summary>
    private bool Take(ref Utf8JsonReader reader)
    {
        bool ends = reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject;
        if (ends && reader.CurrentDepth == _array)
        {
            return true;
        }

        if (reader.CurrentDepth != _array + 1)
        {
            return false;
        }

        bool isName = reader.TokenType == JsonTokenType.PropertyName;
        if (!ends)
        {
            _valueStart = _consumed + (int)reader.TokenStartIndex;
            if (isName || !_members)
            {
                _itemStart = _valueStart;
                if (_bounds.IsReached(_items.Count, _bytes))
                {
                    _cursor = (_members ? Brace.ToString() : "") + (_source.Position + _itemStart).ToString(CultureInfo.InvariantCulture);
                    return true;
                }
            }
        }

        if (isName)
        {
            int length = reader.ValueSpan.Length + "\"\"".Length;
            _name = ((JsonString)ItemJson.Read(_source.Bytes.Slice(_itemStart, length), _source.Position + _itemStart)).Value;
        }
        else if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            int end = _consumed + (int)reader.BytesConsumed;
            if (end - _itemStart > _bounds.MaxItemBytes)
            {
                throw new ItemReadException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The item at byte {_source.Position + _itemStart} has more than the {_bounds.MaxItemBytes} bytes that an item may have."));
            }

            JsonValue value = ItemJson.Read(_source.Bytes[_valueStart..end], _source.Position + _valueStart);
            _items.Add(_members ? ItemOrigins.Member(_name, value) : value);
            _bytes += end - _itemStart;
            _itemStart = -1;
        }

        return false;
    }

    private ItemReadException NotFound() => new($"The document has nothing at \"/{string.Join('/', _path)}\".");
}
