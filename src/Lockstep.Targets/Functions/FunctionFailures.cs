using System.Globalization;
using Lockstep.Json;
using Lockstep.Service.Targets;
using Lockstep.Targets.Outgoing;

namespace Lockstep.Targets.Functions;

/// <summary>
/// The error names of function calls. Names and texts are those that AWS shows, so that a definition's Retry and Catch go on matching;
/// <c>docs/targets.md</c> has the table.
/// </summary>
internal static class FunctionFailures
{
    private const string Unknown = "Lambda.Unknown";

    /// <summary>The tenant has no function of the name.</summary>
    public static TaskRefused NotFound(TaskInvocation invocation, string arn) => Failures.Of(
        invocation,
        "Lambda.ResourceNotFoundException",
        $"Function not found: {arn} ({Suffix(404, "ResourceNotFoundException", invocation)})");

    /// <summary>No answer came.</summary>
    public static TaskRefused NoAnswer(TaskInvocation invocation, OutgoingFailure failure, TimeSpan timeout) => failure.Kind switch
    {
        OutgoingFailureKind.Refused => Failures.Of(invocation, "States.Permissions", failure.Message),
        OutgoingFailureKind.Connection => Failures.Of(
            invocation, "Lambda.SdkClientException", $"Unable to execute HTTP request: {failure.Message}"),
        OutgoingFailureKind.Timeout => Failures.Of(invocation, "Sandbox.Timedout", TimedOutDocument(invocation, timeout)),
        OutgoingFailureKind.TooLarge => Failures.TooLarge(invocation),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The function answered, and not with JSON.</summary>
    public static TaskRefused NotJson(TaskInvocation invocation, JsonReadError error) => Failures.Of(
        invocation,
        "Runtime.MarshalError",
        JsonObject.Of(
            new JsonProperty("errorMessage", JsonString.Of($"The response of the function is not JSON: {error}")),
            new JsonProperty("errorType", JsonString.Of("Runtime.MarshalError"))).ToString());

    /// <summary>The function answered with an error: its own document when it sent one, else what the status says.</summary>
    public static TaskRefused OfAnswer(TaskInvocation invocation, OutgoingAnswer answer, JsonReadLimits limits)
    {
        bool isJson = JsonReader.Read(answer.Body, limits).TryGetValue(out JsonValue? document, out _);
        if (isJson && document is JsonObject error && error["errorType"] is JsonString { Value.Length: > 0 } type)
        {
            return Failures.Of(invocation, type.Value, error.ToString());
        }

        string body = isJson && document is not null ? document.ToString() : System.Text.Encoding.UTF8.GetString(answer.Body);
        return answer.Status switch
        {
            413 => OfStatus(invocation, answer, "RequestTooLargeException", body),
            429 => OfStatus(invocation, answer, "TooManyRequestsException", body),
            502 or 503 or 504 => OfStatus(invocation, answer, "ServiceException", body),
            _ => Failures.Of(
                invocation,
                Unknown,
                "The cause could not be determined because Lambda did not return an error type. "
                + $"Returned payload: {(body.Length == 0 ? Status(answer) : body)}"),
        };
    }

    private static TaskRefused OfStatus(TaskInvocation invocation, OutgoingAnswer answer, string code, string body) => Failures.Of(
        invocation, $"Lambda.{code}", $"{(body.Length == 0 ? Status(answer) : body)} ({Suffix(answer.Status, code, invocation)})");

    private static string Status(OutgoingAnswer answer) => $"HTTP {answer.Status} {answer.ReasonPhrase}".TrimEnd();

    private static string TimedOutDocument(TaskInvocation invocation, TimeSpan timeout)
    {
        string message = string.Create(
            CultureInfo.InvariantCulture,
            $"RequestId: {Failures.RequestIdOf(invocation)} Error: Task timed out after {timeout.TotalSeconds:0.00} seconds");
        return JsonObject.Of(
            new JsonProperty("errorMessage", JsonString.Of(message)),
            new JsonProperty("errorType", JsonString.Of("Sandbox.Timedout"))).ToString();
    }

    private static string Suffix(int status, string code, TaskInvocation invocation) =>
        $"Service: AWSLambda; Status Code: {status}; Error Code: {code}; Request ID: {Failures.RequestIdOf(invocation)}; Proxy: null";
}
