using Lockstep.Conformance.Tests.Cases;
using Lockstep.Json;

namespace Lockstep.Conformance.Tests.Matching;

/// <summary>Compares JSON values with recorded ones, structurally, and says where they differ first.</summary>
internal sealed class RecordedValue(Placeholders placeholders)
{
    // What belongs to AWS's own transport, not to the language.
    private static readonly HashSet<string> Ignored = new(StringComparer.Ordinal)
    {
        "SdkHttpMetadata", "SdkResponseMetadata", "ResponseMetadata", "billingDetails", "event_timestamp", "execution_arn", "roleArn",
    };

    // Members that hold JSON text; the recorder parsed some of them.
    private static readonly HashSet<string> JsonTexts = new(StringComparer.Ordinal) { "input", "output", "parameters", "assignedVariables" };

    private readonly RecordedText _texts = new();

    /// <summary>Compares two values.</summary>
    /// <returns>Null when they match, else where and how they do not.</returns>
    public string? Differ(JsonValue? recorded, JsonValue? ours, string path = "$") => (recorded, ours) switch
    {
        (null, null) => null,
        (JsonObject left, JsonObject right) => DifferObjects(left, right, path),
        (JsonArray left, JsonArray right) => DifferArrays(left, right, path),
        (JsonString left, JsonString right) => DifferText(left.Value, right.Value, path),
        (JsonString { Value: "RandomNumberGenerated" or "<date>" }, JsonNumber) => null,
        _ => recorded is not null && recorded.Equals(ours) ? null : Describe(recorded, ours, path),
    };

    /// <summary>Compares a payload: JSON that either side may hold as text.</summary>
    public string? DifferPayload(JsonValue? recorded, JsonValue? ours, string path) => Differ(Parsed(recorded), Parsed(ours), path);

    /// <summary>Compares a cause, which is text that may happen to be JSON.</summary>
    public string? DifferCause(JsonValue? recorded, JsonValue? ours, string path) =>
        recorded is JsonObject ? DifferPayload(recorded, ours, path) : Differ(recorded, ours, path);

    public string? DifferText(string recorded, string ours, string path)
    {
        string shown = placeholders.AsRecorded(ours);
        return _texts.Matches(recorded, shown) ? null : Describe(JsonString.Of(recorded), JsonString.Of(shown), path);
    }

    private static string Describe(JsonValue? recorded, JsonValue? ours, string path) => $"{path}: recorded {Short(recorded)}, ours {Short(ours)}";

    private static string Short(JsonValue? value)
    {
        string text = value?.ToString() ?? "nothing";
        return text.Length <= 300 ? text : text[..300] + "…";
    }

    private static JsonValue? Parsed(JsonValue? value) =>
        value is JsonString text && JsonReader.Read(text.Value) is { IsSuccess: true } result ? result.Value : value;

    private string? DifferObjects(JsonObject recorded, JsonObject ours, string path)
    {
        foreach (JsonProperty property in recorded)
        {
            if (Ignored.Contains(property.Name))
            {
                continue;
            }

            string inside = $"{path}.{property.Name}";
            JsonValue? counterpart = Counterpart(ours, property.Name);
            string? difference = property.Name switch
            {
                _ when counterpart is null => $"{inside}: recorded {Short(property.Value)}, ours nothing",
                "cause" => DifferCause(property.Value, counterpart, inside),
                "assignedVariables" => DifferVariables(property.Value, counterpart, inside),
                _ when JsonTexts.Contains(property.Name) => DifferPayload(property.Value, counterpart, inside),
                _ => Differ(property.Value, counterpart, inside),
            };
            if (difference is not null)
            {
                return difference;
            }
        }

        JsonProperty extra = ours.FirstOrDefault(p => !Ignored.Contains(p.Name) && !recorded.Any(r => Same(r.Name, p.Name)));
        return extra.Name is null ? null : $"{path}.{extra.Name}: recorded nothing, ours {Short(extra.Value)}";
    }

    private string? DifferVariables(JsonValue recorded, JsonValue ours, string path) => (recorded, ours) switch
    {
        (JsonObject left, JsonObject right) when left.Count == right.Count =>
            left.Select(p => DifferPayload(p.Value, right[p.Name], $"{path}.{p.Name}")).FirstOrDefault(d => d is not null),
        _ => Describe(recorded, ours, path),
    };

    private string? DifferArrays(JsonArray recorded, JsonArray ours, string path)
    {
        if (recorded.Count != ours.Count)
        {
            return $"{path}: recorded {recorded.Count} items, ours {ours.Count}: {Short(recorded)}, {Short(ours)}";
        }

        for (int i = 0; i < recorded.Count; i++)
        {
            if (Differ(recorded[i], ours[i], $"{path}[{i}]") is string difference)
            {
                return difference;
            }
        }

        return null;
    }

    private JsonValue? Counterpart(JsonObject ours, string recordedName) =>
        ours[recordedName] ?? ours.FirstOrDefault(p => Same(recordedName, p.Name)).Value;

    private bool Same(string recordedName, string name) =>
        recordedName == name || (recordedName.Contains('<', StringComparison.Ordinal) && _texts.Matches(recordedName, placeholders.AsRecorded(name)));
}
