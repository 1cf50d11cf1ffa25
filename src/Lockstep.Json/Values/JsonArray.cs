using System.Collections;

namespace Lockstep.Json;

/// <summary>A JSON array: an immutable list of values.</summary>
public sealed class JsonArray : JsonValue, IReadOnlyList<JsonValue>
{
    private readonly JsonValue[] _items;

    private JsonArray(JsonValue[] items, int utf8Length, int depth)
        : base(utf8Length, depth)
    {
        _items = items;
    }

    /// <summary>The array without items.</summary>
    public static JsonArray Empty { get; } = Create([]);

    /// <summary>Number of items.</summary>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public override JsonKind Kind => JsonKind.Array;

    /// <summary>The item at a zero-based position.</summary>
    public JsonValue this[int index] => _items[index];

    /// <summary>An array of these items.</summary>
    public static JsonArray Of(params ReadOnlySpan<JsonValue> items) => OfOwned(items.ToArray());

    /// <summary>The items.</summary>
    public ReadOnlySpan<JsonValue> AsSpan() => _items;

    /// <summary>A copy in which one item is another.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no item at that position.</exception>
    public JsonArray With(int index, JsonValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _items.Length);
        JsonValue[] items = _items.AsSpan().ToArray();
        items[index] = value;
        return Create(items);
    }

    /// <summary>The items in order.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <inheritdoc/>
    IEnumerator<JsonValue> IEnumerable<JsonValue>.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal ReadOnlyMemory<JsonValue> AsMemory() => _items;

    /// <summary>Takes the array over.</summary>
    internal static JsonArray OfOwned(JsonValue[] items) => items.Length == 0 ? Empty : Create(items);

    private static JsonArray Create(JsonValue[] items)
    {
        // Two brackets and a comma between each two items.
        JsonMeasure measure = JsonMeasure.Of(items);
        return new JsonArray(items, JsonMeasure.Saturate(2 + Math.Max(0, items.Length - 1) + measure.Utf8Length), measure.Depth);
    }

    /// <summary>Enumerates items in order without allocating.</summary>
    public struct Enumerator : IEnumerator<JsonValue>
    {
        private readonly JsonArray _array;
        private int _index;

        internal Enumerator(JsonArray array)
        {
            _array = array;
            _index = -1;
        }

        /// <inheritdoc/>
        public readonly JsonValue Current => _array[_index];

        /// <inheritdoc/>
        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext() => ++_index < _array.Count;

        /// <inheritdoc/>
        public void Reset() => _index = -1;

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
