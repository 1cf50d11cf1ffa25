using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Lockstep.Json;

/// <summary>
/// A JSON object: uniquely named values in the order of the text. A changed copy shares everything it does not change.
/// </summary>
public sealed class JsonObject : JsonValue, IReadOnlyCollection<JsonProperty>
{
    private readonly JsonKeys _keys;
    private readonly JsonValue[] _values;

    private JsonObject(JsonKeys keys, JsonValue[] values, int utf8Length, int depth)
        : base(utf8Length, depth)
    {
        _keys = keys;
        _values = values;
    }

    /// <summary>The object without members.</summary>
    public static JsonObject Empty { get; } = Create(JsonKeys.Empty, []);

    /// <summary>Number of members.</summary>
    public int Count => _values.Length;

    /// <inheritdoc/>
    public override JsonKind Kind => JsonKind.Object;

    internal JsonKeys Keys => _keys;

    internal ReadOnlySpan<JsonValue> Values => _values;

    /// <summary>
    /// The member's value, or null when there is no such member. A member whose value is JSON null gives <see cref="JsonNull"/>.
    /// </summary>
    public JsonValue? this[string name] => TryGet(name, out JsonValue? value) ? value : null;

    /// <summary>The member at a position in the order of the text.</summary>
    public JsonProperty this[int index] => new(_keys[index], _values[index]);

    /// <summary>An object of these members.</summary>
    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public static JsonObject Of(params ReadOnlySpan<JsonProperty> properties)
    {
        var builder = new JsonObjectBuilder();
        foreach (JsonProperty property in properties)
        {
            builder.Add(property.Name, property.Value);
        }

        return builder.Build();
    }

    /// <summary>An object with one member.</summary>
    public static JsonObject Of(string name, JsonValue value) => Empty.With(name, value);

    /// <summary>Finds a member by its name (ordinal).</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out JsonValue? value)
    {
        int index = _keys.IndexOf(name);
        if (index < 0)
        {
            value = null;
            return false;
        }

        value = _values[index];
        return true;
    }

    /// <summary>Whether there is a member of this name.</summary>
    public bool Contains(string name) => _keys.IndexOf(name) >= 0;

    /// <summary>A copy in which the member has this value: in its place when it exists, else at the end.</summary>
    public JsonObject With(string name, JsonValue value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        int index = _keys.IndexOf(name);
        if (index >= 0 && ReferenceEquals(_values[index], value))
        {
            return this;
        }

        if (index >= 0)
        {
            JsonValue[] replaced = _values.AsSpan().ToArray();
            replaced[index] = value;
            return Create(_keys, replaced);
        }

        var values = new JsonValue[_values.Length + 1];
        _values.CopyTo(values, 0);
        values[^1] = value;
        return Create(_keys.Append(name), values);
    }

    /// <summary>An object of the same names in the same order that has these values; it costs neither hashing nor a check for duplicates.</summary>
    /// <exception cref="ArgumentException">There are not as many values as members.</exception>
    public JsonObject WithValues(params ReadOnlySpan<JsonValue> values) => values.Length == _values.Length
        ? Create(_keys, values.ToArray())
        : throw new ArgumentException("There must be one value for each member.", nameof(values));

    /// <summary>A copy without this member; the same object when it has none.</summary>
    public JsonObject Without(string name)
    {
        int index = _keys.IndexOf(name);
        if (index < 0)
        {
            return this;
        }

        var values = new JsonValue[_values.Length - 1];
        _values.AsSpan(0, index).CopyTo(values);
        _values.AsSpan(index + 1).CopyTo(values.AsSpan(index));
        return Create(_keys.RemoveAt(index), values);
    }

    /// <summary>The members in order.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <inheritdoc/>
    IEnumerator<JsonProperty> IEnumerable<JsonProperty>.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The member's value or null; see <see cref="JsonKeys.IndexOf(string, ref int)"/>.</summary>
    internal JsonValue? Find(string name, ref int hint)
    {
        int index = _keys.IndexOf(name, ref hint);
        return index < 0 ? null : _values[index];
    }

    internal ReadOnlyMemory<JsonValue> ValuesAsMemory() => _values;

    /// <summary>Takes the array over.</summary>
    internal static JsonObject Create(JsonKeys keys, JsonValue[] values)
    {
        // Two braces and a comma between each two members.
        JsonMeasure measure = JsonMeasure.Of(values);
        long length = 2 + keys.PrintedLength + Math.Max(0, values.Length - 1) + measure.Utf8Length;
        return new JsonObject(keys, values, JsonMeasure.Saturate(length), measure.Depth);
    }

    /// <summary>Enumerates members in order without allocating.</summary>
    public struct Enumerator : IEnumerator<JsonProperty>
    {
        private readonly JsonObject _object;
        private int _index;

        internal Enumerator(JsonObject json)
        {
            _object = json;
            _index = -1;
        }

        /// <inheritdoc/>
        public readonly JsonProperty Current => _object[_index];

        /// <inheritdoc/>
        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext() => ++_index < _object.Count;

        /// <inheritdoc/>
        public void Reset() => _index = -1;

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
