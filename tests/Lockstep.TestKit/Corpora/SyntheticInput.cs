using System.Text.RegularExpressions;
using Lockstep.Json;
using Lockstep.Json.Paths;

namespace Lockstep.TestKit.Corpora;

/// <summary>
/// An input that a definition can run on: every path that it reads from <c>$</c> leads to something of a kind that its field needs. Enough to
/// take machines of a corpus past their first state; what they make of it does not matter.
/// </summary>
public static partial class SyntheticInput
{
    /// <summary>The input for a definition.</summary>
    public static JsonObject For(JsonValue definition)
    {
        JsonValue input = JsonObject.Empty;
        Collect(definition, "", ref input);
        return input as JsonObject ?? JsonObject.Empty;
    }

    private static void Collect(JsonValue value, string field, ref JsonValue input)
    {
        switch (value)
        {
            case JsonObject json:
                foreach (JsonProperty property in json)
                {
                    Collect(property.Value, property.Name, ref input);
                }

                break;
            case JsonArray array:
                foreach (JsonValue item in array)
                {
                    Collect(item, field, ref input);
                }

                break;
            case JsonString text:
                foreach (Match path in SimplePath().Matches(text.Value))
                {
                    Add(path.Value, field, ref input);
                }

                break;
            default:
                break;
        }
    }

    private static void Add(string path, string field, ref JsonValue input)
    {
        if (ReferencePath.TryParse(path, out ReferencePath? place, out _) && !place.Evaluate(input).Found
            && place.Set(input, Sample(field)) is { IsSuccess: true } result)
        {
            input = result.Value;
        }
    }

    private static JsonValue Sample(string field) => field switch
    {
        "ItemsPath" => JsonArray.Of(JsonNumber.Of(1), JsonObject.Of("id", JsonString.Of("two")), JsonNull.Instance),
        "SecondsPath" or "TimeoutSecondsPath" or "HeartbeatSecondsPath" or "MaxConcurrencyPath" => JsonNumber.Of(2),
        "TimestampPath" => JsonString.Of("2026-01-02T03:05:00Z"),
        _ => JsonString.Of("sample"),
    };

    [GeneratedRegex(@"(?<![$A-Za-z0-9_.])\$(\.[A-Za-z_][A-Za-z0-9_]*)+")]
    private static partial Regex SimplePath();
}
