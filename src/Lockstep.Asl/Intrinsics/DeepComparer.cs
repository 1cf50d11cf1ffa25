using Lockstep.Json;

namespace Lockstep.Asl.Intrinsics;

/// <summary>
/// Equality of JSON values with a hash over the whole value. The value's own hash looks only at its top, so that hostile items could all
/// collide and make a set quadratic.
/// </summary>
internal sealed class DeepComparer : IEqualityComparer<JsonValue>
{
    /// <summary>Levels the hash looks at; it bounds the recursion.</summary>
    private const int MaxLevels = 500;

    public static DeepComparer Instance { get; } = new();

    public bool Equals(JsonValue? x, JsonValue? y) => x is null ? y is null : x.Equals(y);

    public int GetHashCode(JsonValue obj) => Hash(obj, MaxLevels);

    private static int Hash(JsonValue value, int levels)
    {
        if (value.Depth == 0 || levels == 0)
        {
            return value.GetHashCode();
        }

        if (value is JsonArray array)
        {
            var hash = new HashCode();
            foreach (JsonValue item in array)
            {
                hash.Add(Hash(item, levels - 1));
            }

            return hash.ToHashCode();
        }

        // A sum does not depend on the order of the members.
        int sum = 0;
        foreach (JsonProperty member in (JsonObject)value)
        {
            sum += HashCode.Combine(member.Name.GetHashCode(StringComparison.Ordinal), Hash(member.Value, levels - 1));
        }

        return sum;
    }
}
