using Lockstep.Json;

namespace Lockstep.Targets.Approval;

/// <summary>The parameters of <c>approval:request</c>, checked. Exactly one of function and webhook is set.</summary>
/// <param name="Title">What is to be decided, in a line.</param>
/// <param name="Message">More words; null when there are none.</param>
/// <param name="Details">Any JSON for the receiver; null when there is none.</param>
/// <param name="FunctionName">A registered function that tells the people.</param>
/// <param name="WebhookUrl">An address that tells the people.</param>
internal sealed record ApprovalParameters(string Title, string? Message, JsonValue? Details, string? FunctionName, Uri? WebhookUrl)
{
    /// <summary>Reads the parameters; the problem says what is wrong when the result is null.</summary>
    public static ApprovalParameters? Read(JsonValue parameters, out string problem)
    {
        problem = "";
        if (parameters is not JsonObject given || given["Title"] is not JsonString { Value.Length: > 0 } title)
        {
            problem = "Title is needed.";
            return null;
        }

        if (given["Message"] is not (null or JsonString))
        {
            problem = "Message must be a string.";
            return null;
        }

        string? message = (given["Message"] as JsonString)?.Value;
        switch (given["FunctionName"], given["WebhookUrl"])
        {
            case (JsonString function, null):
                return new ApprovalParameters(title.Value, message, given["Details"], function.Value, null);
            case (null, JsonString address) when Uri.TryCreate(address.Value, UriKind.Absolute, out Uri? url):
                return new ApprovalParameters(title.Value, message, given["Details"], null, url);
            default:
                problem = "exactly one of FunctionName and WebhookUrl (an absolute address) is needed.";
                return null;
        }
    }
}
