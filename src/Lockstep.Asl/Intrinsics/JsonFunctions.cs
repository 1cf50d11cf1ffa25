using Lockstep.Asl.Evaluation;
using Lockstep.Json;
using static Lockstep.Asl.Intrinsics.IntrinsicFunction;

namespace Lockstep.Asl.Intrinsics;

/// <summary>Conversions between JSON values and their text, and the shallow merge of objects.</summary>
internal static class JsonFunctions
{
    public static Evaluated StringToJson(ReadOnlySpan<JsonValue> arguments, EvaluationScope scope)
    {
        if (arguments[0] is not JsonString text)
        {
            return Refused("The argument must be a string.");
        }

        JsonReadResult result = JsonReader.Read(text.Value);
        return result.TryGetValue(out JsonValue? value, out JsonReadError? error)
            ? Evaluated.Of(value)
            : Refused($"The argument is not a valid JSON text: {error.Message}");
    }

    public static Evaluated JsonToString(ReadOnlySpan<JsonValue> arguments, EvaluationScope scope) =>
        arguments[0].Utf8Length > scope.MaxValueBytes ? TooLarge(scope) : Evaluated.Of(JsonString.Of(arguments[0].ToString()));

    public static Evaluated JsonMerge(ReadOnlySpan<JsonValue> arguments, EvaluationScope scope)
    {
        if (arguments[0] is not JsonObject first || arguments[1] is not JsonObject second)
        {
            return Refused("The first two arguments must be JSON objects.");
        }

        if (arguments[2] is not JsonBoolean { Value: false })
        {
            return Refused("The third argument must be false: only the shallow merging mode is supported.");
        }

        var merged = new JsonObjectBuilder(first.Count + second.Count);
        foreach (JsonProperty property in first)
        {
            merged.Add(property.Name, property.Value);
        }

        foreach (JsonProperty property in second)
        {
            merged.Set(property.Name, property.Value);
        }

        return Evaluated.Of(merged.Build());
    }
}
