using Lockstep.Json;

namespace Lockstep.Targets.DynamoDb;

/// <summary>
/// Attribute values as DynamoDB's API writes them: an object with one member that is named by its type (DynamoDB API, AttributeValue). Checked values have
/// their numbers in canonical text, so that equal values are equal JSON but for the order of sets and maps, which JSON equality of objects leaves out.
/// </summary>
internal static class AttributeValue
{
    private const int MaxDepth = 32;

    /// <summary>The type: S, N, B, BOOL, NULL, M, L, SS, NS or BS.</summary>
    public static string TypeOf(JsonObject value) => value[0].Name;

    /// <summary>What a value of the type holds.</summary>
    public static JsonValue ContentOf(JsonObject value) => value[0].Value;

    /// <summary>A value of a type.</summary>
    public static JsonObject Of(string type, JsonValue content) => JsonObject.Of(type, content);

    /// <summary>Checks a value and makes its numbers canonical; the problem says what is wrong when the result is null.</summary>
    public static JsonObject? Check(JsonValue given, out string problem, int depth = 0)
    {
        problem = "";
        if (depth > MaxDepth)
        {
            problem = "Nesting Levels have exceeded supported limits";
            return null;
        }

        if (given is not JsonObject { Count: 1 } value)
        {
            problem = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
            return null;
        }

        string type = TypeOf(value);
        JsonValue? content = ContentOf(value) switch
        {
            JsonString text when type == "S" => text,
            JsonString text when type == "N" && DynamoNumber.TryParse(text.Value, out DynamoNumber number) => JsonString.Of(number.ToString()),
            JsonString text when type == "B" && IsBase64(text.Value) => text,
            JsonBoolean flag when type == "BOOL" => flag,
            JsonBoolean { Value: true } flag when type == "NULL" => flag,
            JsonArray items when type == "L" => CheckList(items, ref problem, depth),
            JsonObject members when type == "M" => CheckMap(members, out problem, depth + 1),
            JsonArray items when type is "SS" or "NS" or "BS" => CheckSet(items, type[..1]),
            _ => null,
        };
        if (content is null)
        {
            problem = problem.Length > 0 ? problem
                : type is "N" ? $"The parameter cannot be converted to a numeric value: {ContentOf(value)}"
                : type is "SS" or "NS" or "BS" ? "One or more parameter values were invalid: An set must have distinct elements of its type and may not be empty"
                : $"Supplied AttributeValue has the datatype {type} with a value that is none";
            return null;
        }

        return Of(type, content);
    }

    /// <summary>Checks a map of attributes, such as an item.</summary>
    public static JsonObject? CheckMap(JsonObject members, out string problem, int depth = 0)
    {
        problem = "";
        var map = new JsonObjectBuilder(members.Count);
        foreach (JsonProperty member in members)
        {
            if (Check(member.Value, out problem, depth) is not { } value)
            {
                return null;
            }

            map.Add(member.Name, value);
        }

        return map.Build();
    }

    /// <summary>Whether two checked values are the same; sets are, whatever their order.</summary>
    public static bool AreEqual(JsonObject left, JsonObject right) =>
        TypeOf(left) == TypeOf(right) && (TypeOf(left) is "SS" or "NS" or "BS"
            ? Texts(left).ToHashSet(StringComparer.Ordinal).SetEquals(Texts(right))
            : ContentOf(left).Equals(ContentOf(right)));

    /// <summary>Compares two checked values of the same ordered type; null when they are not.</summary>
    public static int? Compare(JsonObject left, JsonObject right)
    {
        if (TypeOf(left) != TypeOf(right) || ContentOf(left) is not JsonString first || ContentOf(right) is not JsonString second)
        {
            return null;
        }

        return TypeOf(left) switch
        {
            "N" => DynamoNumber.TryParse(first.Value, out DynamoNumber a) && DynamoNumber.TryParse(second.Value, out DynamoNumber b) ? a.CompareTo(b) : null,
            "B" => Convert.FromBase64String(first.Value).AsSpan().SequenceCompareTo(Convert.FromBase64String(second.Value)),
            _ => System.Text.Encoding.UTF8.GetBytes(first.Value).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(second.Value)),
        };
    }

    /// <summary>The texts of a set.</summary>
    public static IEnumerable<string> Texts(JsonObject set) => ((JsonArray)ContentOf(set)).Select(item => ((JsonString)item).Value);

    private static JsonArray? CheckList(JsonArray items, ref string problem, int depth)
    {
        var list = new JsonArrayBuilder();
        foreach (JsonValue item in items)
        {
            if (Check(item, out problem, depth + 1) is not { } value)
            {
                return null;
            }

            list.Add(value);
        }

        return list.ToArray();
    }

    private static JsonArray? CheckSet(JsonArray items, string type)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var set = new JsonArrayBuilder();
        foreach (JsonValue item in items)
        {
            if (Check(Of(type, item), out _) is not { } value || ContentOf(value) is not JsonString text || !seen.Add(text.Value))
            {
                return null;
            }

            set.Add(text);
        }

        return seen.Count > 0 ? set.ToArray() : null;
    }

    private static bool IsBase64(string text) => Convert.TryFromBase64String(text, new byte[text.Length], out _);
}
