using Lockstep.Json;

namespace Lockstep.Targets.Http;

/// <summary>Which connection the parameters of a call name: <c>InvocationConfig</c> and, before it was there, <c>Authentication</c>.</summary>
internal static class ConnectionReference
{
    private static readonly string[] Members = ["InvocationConfig", "Authentication"];

    /// <summary>Reads the ARN; null when none is named. The problem says what is wrong when the answer is false.</summary>
    public static bool TryRead(JsonValue parameters, out string? arn, out string problem)
    {
        arn = null;
        problem = "";
        if (parameters is not JsonObject given)
        {
            return true;
        }

        foreach (string member in Members)
        {
            switch (given[member])
            {
                case null:
                    break;
                case JsonObject named when named["ConnectionArn"] is JsonString { Value: { } text } && (arn is null || arn == text):
                    arn = text;
                    break;
                case JsonObject named when named["ConnectionArn"] is JsonString:
                    problem = "InvocationConfig and Authentication name different connections.";
                    return false;
                default:
                    problem = $"{member} must be an object with the text ConnectionArn.";
                    return false;
            }
        }

        return true;
    }
}
