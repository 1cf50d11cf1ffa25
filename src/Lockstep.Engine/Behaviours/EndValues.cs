using Lockstep.Json;

namespace Lockstep.Engine.Behaviours;

/// <summary>What the expressions of a JSONata state see when it ends.</summary>
/// <param name="Result"><c>$states.result</c>; null when there is none.</param>
/// <param name="ErrorOutput"><c>$states.errorOutput</c>; null when there is none.</param>
/// <param name="DefaultOutput">The output when there is no <c>Output</c>.</param>
/// <param name="TaskToken">The token of the task's attempt; null when it has none.</param>
internal readonly record struct EndValues(JsonValue? Result, JsonValue? ErrorOutput, JsonValue DefaultOutput, string? TaskToken = null);
