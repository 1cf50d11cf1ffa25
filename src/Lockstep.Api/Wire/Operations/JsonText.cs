using Lockstep.Json;
using Lockstep.Service.Limits;

namespace Lockstep.Api.Wire.Operations;

/// <summary>JSON that a request carries as text: inputs, outputs and the like.</summary>
internal static class JsonText
{
    /// <summary>Parses a text; null with the reason when it is no JSON within the limits.</summary>
    public static JsonValue? Parse(string text, ServiceLimits limits, out string? reason)
    {
        JsonReadResult read = JsonReader.Read(text, new JsonReadLimits { MaxDepth = limits.MaxJsonDepth, MaxBytes = limits.MaxRequestBodyBytes });
        if (read.TryGetValue(out JsonValue? value, out JsonReadError? error))
        {
            reason = null;
            return value;
        }

        reason = $"{error.Message} (line {error.Line}, column {error.Column})";
        return null;
    }
}
