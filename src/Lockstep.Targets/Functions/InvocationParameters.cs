using Lockstep.Json;

namespace Lockstep.Targets.Functions;

/// <summary>The parameters of <c>lambda:invoke</c> (Lambda API, Invoke), checked.</summary>
/// <param name="Function">What to call; a qualifier given apart wins over one in the name.</param>
/// <param name="FunctionName">The name as it was given.</param>
/// <param name="Payload">The event; an empty object when there is none.</param>
/// <param name="InvocationType">RequestResponse or Event.</param>
/// <param name="ClientContext">Handed on as a header; null when absent.</param>
/// <param name="LogType">Handed on as a header; null when absent.</param>
internal sealed record InvocationParameters(
    FunctionReference Function, string FunctionName, JsonValue Payload, string InvocationType, string? ClientContext, string? LogType)
{
    /// <summary>The caller waits for the result.</summary>
    public const string RequestResponse = "RequestResponse";

    /// <summary>The caller waits for the acceptance alone.</summary>
    public const string Event = "Event";

    /// <summary>Reads the parameters; the problem says what is wrong when the result is null.</summary>
    public static InvocationParameters? Read(JsonValue parameters, out string problem)
    {
        problem = "";
        if (parameters is not JsonObject given)
        {
            problem = "an object with FunctionName is needed.";
            return null;
        }

        if (!TryText(given, "FunctionName", out string? name, ref problem)
            || !TryText(given, "Qualifier", out string? qualifier, ref problem)
            || !TryText(given, "InvocationType", out string? type, ref problem)
            || !TryText(given, "ClientContext", out string? context, ref problem)
            || !TryText(given, "LogType", out string? logType, ref problem))
        {
            return null;
        }

        if (name is null || !FunctionReference.TryParse(name, out FunctionReference function))
        {
            problem = "FunctionName must be a name or an ARN of a function.";
            return null;
        }

        if (type is not (null or RequestResponse or Event))
        {
            problem = $"InvocationType must be {RequestResponse} or {Event}.";
            return null;
        }

        return new InvocationParameters(
            qualifier is null ? function : function with { Qualifier = qualifier },
            name,
            given["Payload"] ?? JsonObject.Empty,
            type ?? RequestResponse,
            context,
            logType);
    }

    private static bool TryText(JsonObject given, string name, out string? text, ref string problem)
    {
        text = null;
        switch (given[name])
        {
            case null:
                return true;
            case JsonString value:
                text = value.Value;
                return true;
            default:
                problem = $"{name} must be a string.";
                return false;
        }
    }
}
