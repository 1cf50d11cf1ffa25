namespace Lockstep.Json;

/// <summary>One member of a <see cref="JsonObject"/>.</summary>
/// <param name="Name">The member's name, unique within its object.</param>
/// <param name="Value">The member's value.</param>
public readonly record struct JsonProperty(string Name, JsonValue Value);
