using System.Diagnostics;

namespace Lockstep.Json;

/// <summary>Equality and hashing of the JSON data model, with a work list instead of recursion.</summary>
internal static class JsonEquality
{
    /// <summary>Levels a hash looks at; equality does the rest.</summary>
    private const int HashDepth = 3;

    public static bool AreEqual(JsonValue left, JsonValue? right)
    {
        if (ReferenceEquals(left, right))
        {
            return true;
        }

        if (right is null || left.Kind != right.Kind || left.Depth != right.Depth)
        {
            return false;
        }

        if (left.Depth == 0)
        {
            return ScalarsEqual(left, right);
        }

        var pending = new Stack<(JsonValue Left, JsonValue Right)>();
        pending.Push((left, right));
        while (pending.TryPop(out (JsonValue Left, JsonValue Right) pair))
        {
            bool equal = pair.Left is JsonArray array
                ? ItemsEqual(array, (JsonArray)pair.Right, pending)
                : MembersEqual((JsonObject)pair.Left, (JsonObject)pair.Right, pending);
            if (!equal)
            {
                return false;
            }
        }

        return true;
    }

    public static int Hash(JsonValue value) => Hash(value, HashDepth);

    private static bool ItemsEqual(JsonArray left, JsonArray right, Stack<(JsonValue Left, JsonValue Right)> pending)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        for (int i = 0; i < left.Count; i++)
        {
            if (!EqualOrPending(left[i], right[i], pending))
            {
                return false;
            }
        }

        return true;
    }

    private static bool MembersEqual(JsonObject left, JsonObject right, Stack<(JsonValue Left, JsonValue Right)> pending)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        bool sameOrder = ReferenceEquals(left.Keys, right.Keys);
        for (int i = 0; i < left.Count; i++)
        {
            int at = sameOrder ? i : right.Keys.IndexOf(left.Keys[i]);
            if (at < 0 || !EqualOrPending(left.Values[i], right.Values[at], pending))
            {
                return false;
            }
        }

        return true;
    }

    private static bool EqualOrPending(JsonValue left, JsonValue right, Stack<(JsonValue Left, JsonValue Right)> pending)
    {
        if (ReferenceEquals(left, right))
        {
            return true;
        }

        if (left.Kind != right.Kind || left.Depth != right.Depth)
        {
            return false;
        }

        if (left.Depth == 0)
        {
            return ScalarsEqual(left, right);
        }

        pending.Push((left, right));
        return true;
    }

    private static bool ScalarsEqual(JsonValue left, JsonValue right) => left switch
    {
        JsonNull => true,
        JsonBoolean boolean => boolean.Value == ((JsonBoolean)right).Value,
        JsonString text => string.Equals(text.Value, ((JsonString)right).Value),
        JsonNumber number => number.CompareTo((JsonNumber)right) == 0,
        _ => throw new UnreachableException(),
    };

    private static int Hash(JsonValue value, int levels)
    {
        switch (value)
        {
            case JsonNull:
                return 1;
            case JsonBoolean boolean:
                return boolean.Value ? 3 : 2;
            case JsonString text:
                return text.Value.GetHashCode(StringComparison.Ordinal);
            case JsonNumber number:
                return number.HashByValue();
            case JsonArray array:
                var hash = new HashCode();
                hash.Add(array.Count);
                for (int i = 0; levels > 0 && i < array.Count; i++)
                {
                    hash.Add(Hash(array[i], levels - 1));
                }

                return hash.ToHashCode();
            case JsonObject json:
                // A sum does not depend on the order of the members.
                int sum = json.Count;
                for (int i = 0; levels > 0 && i < json.Count; i++)
                {
                    sum += HashCode.Combine(json.Keys[i].GetHashCode(StringComparison.Ordinal), Hash(json.Values[i], levels - 1));
                }

                return sum;
            default:
                throw new UnreachableException();
        }
    }
}
