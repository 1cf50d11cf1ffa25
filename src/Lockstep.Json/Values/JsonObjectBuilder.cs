namespace Lockstep.Json;

/// <summary>Collects members for a <see cref="JsonObject"/> in order. Not safe for use from several threads.</summary>
public sealed class JsonObjectBuilder
{
    /// <summary>Up to this many names a linear search beats hashing.</summary>
    private const int MostLinear = 8;

    private readonly List<string> _names;
    private readonly List<JsonValue> _values;
    private Dictionary<string, int>? _index;

    /// <summary>An empty builder.</summary>
    /// <param name="capacity">Members to make room for.</param>
    public JsonObjectBuilder(int capacity = 0)
    {
        _names = new List<string>(capacity);
        _values = new List<JsonValue>(capacity);
    }

    /// <summary>Members so far.</summary>
    public int Count => _names.Count;

    /// <summary>Appends a member.</summary>
    /// <exception cref="ArgumentException">There is a member of this name already.</exception>
    public JsonObjectBuilder Add(string name, JsonValue value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        if (IndexOf(name) >= 0)
        {
            throw new ArgumentException($"The object has a member '{name}' already.", nameof(name));
        }

        Append(name, value);
        return this;
    }

    /// <summary>Replaces the member of this name in its place, or appends it.</summary>
    public JsonObjectBuilder Set(string name, JsonValue value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        int at = IndexOf(name);
        if (at < 0)
        {
            Append(name, value);
        }
        else
        {
            _values[at] = value;
        }

        return this;
    }

    /// <summary>The object of the members so far; the builder can go on.</summary>
    public JsonObject Build()
    {
        if (_names.Count == 0)
        {
            return JsonObject.Empty;
        }

        JsonKeys keys = JsonKeys.TryCreate([.. _names]) ?? throw new InvalidOperationException("The builder let a duplicate name through.");
        return JsonObject.Create(keys, [.. _values]);
    }

    private int IndexOf(string name)
    {
        if (_index is not null)
        {
            return _index.TryGetValue(name, out int at) ? at : -1;
        }

        return _names.IndexOf(name);
    }

    private void Append(string name, JsonValue value)
    {
        _names.Add(name);
        _values.Add(value);
        if (_index is not null)
        {
            _index.Add(name, _names.Count - 1);
        }
        else if (_names.Count > MostLinear)
        {
            _index = new Dictionary<string, int>(StringComparer.Ordinal);
            for (int i = 0; i < _names.Count; i++)
            {
                _index.Add(_names[i], i);
            }
        }
    }
}
