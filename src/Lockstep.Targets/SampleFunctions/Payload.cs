using Lockstep.Json;

namespace Lockstep.Targets.SampleFunctions;

/// <summary>Reads members of a payload, leniently: a sample function has defaults where a real one would refuse.</summary>
internal static class Payload
{
    public static JsonValue? Member(JsonValue payload, string name) => (payload as JsonObject)?[name];

    public static string Text(JsonValue payload, string name, string otherwise) =>
        Member(payload, name) is JsonString text ? text.Value : otherwise;

    public static long Number(JsonValue payload, string name, long otherwise) =>
        Member(payload, name) is JsonNumber number && number.TryGetInt64(out long value) ? value : otherwise;
}
