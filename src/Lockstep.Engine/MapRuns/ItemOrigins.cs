using Lockstep.Engine.Turns;
using Lockstep.Json;

namespace Lockstep.Engine.MapRuns;

/// <summary>
/// Where the items of a map run come from (Step Functions, "Context object", <c>Map.Item.Source</c> and <c>Map.Item.Key</c>): an array with an element
/// <c>[count, source]</c> for so many items one after the other, or <c>[count, source, true]</c> when they are members of an object. What it does not
/// reach is unknown.
/// </summary>
public static class ItemOrigins
{
    /// <summary>The source of items from the input of the state.</summary>
    public const string StateData = "STATE_DATA";

    private const string Key = "Key";
    private const string Value = "Value";

    /// <summary>The origin of items that all come from one source.</summary>
    /// <param name="count">Items.</param>
    /// <param name="source">The source.</param>
    /// <param name="members">Whether they are members of an object, made by <see cref="Member"/>.</param>
    public static JsonArray Of(int count, string source, bool members = false) => count == 0 ? JsonArray.Empty : JsonArray.Of(members
        ? JsonArray.Of(JsonNumber.Of(count), JsonString.Of(source), JsonBoolean.True)
        : JsonArray.Of(JsonNumber.Of(count), JsonString.Of(source)));

    /// <summary>The source of what is in a bucket.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The object; null for the bucket as a whole.</param>
    public static string Uri(string bucket, string? key = null) => key is null ? $"S3://{bucket}" : $"S3://{bucket}/{key}";

    /// <summary>The item that a member of an object is.</summary>
    public static JsonObject Member(string name, JsonValue value) => JsonObject.Of(new JsonProperty(Key, JsonString.Of(name)), new JsonProperty(Value, value));

    /// <summary>The members of an object as items, in their order.</summary>
    public static JsonArray Members(JsonObject json) => JsonArray.Of([.. json.Select(member => (JsonValue)Member(member.Name, member.Value))]);

    /// <summary>The origins of one list of items and of another after it.</summary>
    public static JsonArray Together(JsonArray first, JsonArray second) =>
        first.Count == 0 ? second : second.Count == 0 ? first : JsonArray.Of([.. first, .. second]);

    /// <summary>The same without those of the first items.</summary>
    internal static JsonArray Skip(JsonArray origins, long items)
    {
        var left = new JsonArrayBuilder();
        foreach (JsonArray run in origins.OfType<JsonArray>())
        {
            long count = CountOf(run);
            long dropped = Math.Min(items, count);
            items -= dropped;
            if (dropped < count)
            {
                left.Add(dropped == 0 ? run : JsonArray.Of([JsonNumber.Of(count - dropped), .. run.Skip(1)]));
            }
        }

        return left.ToArray();
    }

    /// <summary>The origins of so many items; what they do not reach is not known, and fewer items than they tell of have only the first of them.</summary>
    internal static JsonArray Padded(JsonArray origins, int items)
    {
        long told = origins.OfType<JsonArray>().Sum(CountOf);
        return told == items ? origins
            : told < items ? JsonArray.Of([.. origins, JsonArray.Of(JsonNumber.Of(items - told), JsonNull.Instance)])
            : throw Calls.Malformed("items");
    }

    /// <summary>An item as the context object shows it.</summary>
    /// <param name="origins">The origins.</param>
    /// <param name="position">The position of the item in the list that the origins are of.</param>
    /// <param name="index">The index to show.</param>
    /// <param name="item">The item.</param>
    internal static MapItem Shown(JsonArray origins, long position, int index, JsonValue item)
    {
        foreach (JsonArray run in origins.OfType<JsonArray>())
        {
            long count = CountOf(run);
            if (position < count)
            {
                string? source = (run[1] as JsonString)?.Value;
                return run.Count > 2 && item is JsonObject member && member[Key] is JsonString name && member[Value] is JsonValue value
                    ? new MapItem(index, value, name.Value, source)
                    : new MapItem(index, item, null, source);
            }

            position -= count;
        }

        return new MapItem(index, item);
    }

    private static long CountOf(JsonArray run) =>
        run.Count > 1 && run[0] is JsonNumber number && number.TryGetInt64(out long count) ? count : throw Calls.Malformed("items");
}
