namespace Lockstep.Json;

/// <summary>Collects items for a <see cref="JsonArray"/>. Not safe for use from several threads.</summary>
public sealed class JsonArrayBuilder
{
    private readonly List<JsonValue> _items;

    /// <summary>An empty builder.</summary>
    /// <param name="capacity">Items to make room for.</param>
    public JsonArrayBuilder(int capacity = 0) => _items = new List<JsonValue>(capacity);

    /// <summary>Items so far.</summary>
    public int Count => _items.Count;

    /// <summary>Appends an item.</summary>
    public JsonArrayBuilder Add(JsonValue item)
    {
        ArgumentNullException.ThrowIfNull(item);
        _items.Add(item);
        return this;
    }

    /// <summary>The array of the items so far; the builder can go on.</summary>
    public JsonArray ToArray() => JsonArray.OfOwned([.. _items]);
}
