using Lockstep.Json;
using Lockstep.Service.Targets;
using Lockstep.Targets.Outgoing;

namespace Lockstep.Targets;

/// <summary>
/// The metadata that an optimised service integration adds to its output, in AWS's shape. Of the response's fields only those that AWS
/// shows are taken, so that a function cannot fill a history with headers.
/// </summary>
internal static class SdkMetadata
{
    /// <summary>The member that carries status and headers.</summary>
    public const string HttpName = "SdkHttpMetadata";

    /// <summary>The member that carries the request id.</summary>
    public const string ResponseName = "SdkResponseMetadata";

    private const string RequestIdHeader = "x-amzn-RequestId";

    private static readonly string[] ShownFunctionHeaders =
        ["X-Amz-Executed-Version", "X-Amz-Log-Result", "X-Amzn-Trace-Id", "Connection", "Content-Length", "Date", "Content-Type"];

    /// <summary>Of a function's answer.</summary>
    public static (JsonObject Http, JsonObject Response) Of(TaskInvocation invocation, OutgoingAnswer answer)
    {
        string requestId = answer.Header(RequestIdHeader) ?? Failures.RequestIdOf(invocation);
        var fields = new List<(string Name, string Value)> { (RequestIdHeader, requestId) };
        foreach (string name in ShownFunctionHeaders)
        {
            if (answer.Header(name) is { } value)
            {
                fields.Add((name, value));
            }
        }

        return (Http(fields, answer.Status), Response(requestId));
    }

    /// <summary>Of a call that never left the process and answered with this body.</summary>
    public static (JsonObject Http, JsonObject Response) OfLocal(
        TaskInvocation invocation, DateTimeOffset now, int bodyBytes, string contentType = "application/x-amz-json-1.0")
    {
        string requestId = Failures.RequestIdOf(invocation);
        return (
            Http(
                [
                    (RequestIdHeader, requestId),
                    ("Content-Length", bodyBytes.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                    ("Date", now.ToString("R", System.Globalization.CultureInfo.InvariantCulture)),
                    ("Content-Type", contentType),
                ],
                200),
            Response(requestId));
    }

    /// <summary>An answer that never left the process, with its metadata behind it.</summary>
    public static JsonObject AddedTo(JsonObject answer, TaskInvocation invocation, DateTimeOffset now, string contentType)
    {
        (JsonObject http, JsonObject response) = OfLocal(invocation, now, answer.Utf8Length, contentType);
        return answer.With(HttpName, http).With(ResponseName, response);
    }

    private static JsonObject Http(List<(string Name, string Value)> fields, int status)
    {
        var all = new JsonObjectBuilder(fields.Count);
        var flat = new JsonObjectBuilder(fields.Count);
        foreach ((string name, string value) in fields)
        {
            all.Add(name, JsonArray.Of(JsonString.Of(value)));
            flat.Add(name, JsonString.Of(value));
        }

        return JsonObject.Of(
            new JsonProperty("AllHttpHeaders", all.Build()),
            new JsonProperty("HttpHeaders", flat.Build()),
            new JsonProperty("HttpStatusCode", JsonNumber.Of(status)));
    }

    private static JsonObject Response(string requestId) => JsonObject.Of("RequestId", JsonString.Of(requestId));
}
