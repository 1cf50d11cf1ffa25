using System.Collections.Frozen;
using System.Diagnostics;

namespace Lockstep.Json.Paths;

/// <summary>The functions that can end a path.</summary>
internal enum PathFunction
{
    Length,
    Keys,
    First,
    Last,
    Min,
    Max,
    Sum,
    Avg,
    Stddev,
}

/// <summary>
/// What the functions give. Length: items, members or UTF-16 units. The others take arrays; the numeric ones skip items that are no numbers
/// and give nothing when none is left.
/// </summary>
internal static class PathFunctions
{
    private static readonly FrozenDictionary<string, PathFunction> ByName = new Dictionary<string, PathFunction>
    {
        ["length"] = PathFunction.Length,
        ["size"] = PathFunction.Length,
        ["keys"] = PathFunction.Keys,
        ["first"] = PathFunction.First,
        ["last"] = PathFunction.Last,
        ["min"] = PathFunction.Min,
        ["max"] = PathFunction.Max,
        ["sum"] = PathFunction.Sum,
        ["avg"] = PathFunction.Avg,
        ["stddev"] = PathFunction.Stddev,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The names, for messages.</summary>
    public const string Names = "length, size, keys, first, last, min, max, sum, avg, stddev";

    public static bool TryGet(string name, out PathFunction function) => ByName.TryGetValue(name, out function);

    /// <summary>The function's value; null when it has none for this input.</summary>
    public static JsonValue? Apply(PathFunction function, JsonValue input) => (function, input) switch
    {
        (PathFunction.Length, JsonArray array) => JsonNumber.Of(array.Count),
        (PathFunction.Length, JsonObject json) => JsonNumber.Of(json.Count),
        (PathFunction.Length, JsonString text) => JsonNumber.Of(text.Value.Length),
        (PathFunction.Keys, JsonObject json) => KeysOf(json),
        (PathFunction.First, JsonArray { Count: > 0 } array) => array[0],
        (PathFunction.Last, JsonArray { Count: > 0 } array) => array[array.Count - 1],
        (PathFunction.Min or PathFunction.Max or PathFunction.Sum or PathFunction.Avg or PathFunction.Stddev, JsonArray array) =>
            Aggregate(function, array),
        _ => null,
    };

    private static JsonArray KeysOf(JsonObject json)
    {
        var keys = new JsonArrayBuilder(json.Count);
        foreach (JsonProperty property in json)
        {
            keys.Add(JsonString.Of(property.Name));
        }

        return keys.ToArray();
    }

    private static JsonNumber? Aggregate(PathFunction function, JsonArray array)
    {
        double[] numbers = [.. array.OfType<JsonNumber>().Select(number => number.ToDouble())];
        if (numbers.Length == 0)
        {
            return null;
        }

        double mean = numbers.Sum() / numbers.Length;
        double value = function switch
        {
            PathFunction.Min => numbers.Min(),
            PathFunction.Max => numbers.Max(),
            PathFunction.Sum => numbers.Sum(),
            PathFunction.Avg => mean,
            PathFunction.Stddev => Math.Sqrt(numbers.Sum(number => (number - mean) * (number - mean)) / numbers.Length),
            _ => throw new UnreachableException(),
        };
        return double.IsFinite(value) ? JsonNumber.Of(value) : null;
    }
}
