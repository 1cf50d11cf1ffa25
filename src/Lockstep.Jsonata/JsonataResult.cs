using Lockstep.Json;

namespace Lockstep.Jsonata;

/// <summary>What an expression gives, for hosts that tell a function from a value.</summary>
/// <param name="Value">The value; null when there is none (<c>undefined</c>), and when the result is a function.</param>
/// <param name="IsFunction">Whether the result is a function, which JSON does not have.</param>
public readonly record struct JsonataResult(JsonValue? Value, bool IsFunction);
