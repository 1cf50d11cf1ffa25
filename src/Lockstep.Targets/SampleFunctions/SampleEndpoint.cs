using System.Diagnostics;
using System.Globalization;
using Lockstep.Json;
using Lockstep.Targets.Functions;
using Lockstep.Targets.Outgoing;

namespace Lockstep.Targets.SampleFunctions;

/// <summary>
/// Answers the HTTP call of a sample function, as any web server that wants to be a target could: JSON in, JSON out, an error as a field
/// and a document. Host-neutral, so that whoever has a server can serve it.
/// </summary>
public static class SampleEndpoint
{
    /// <summary>The request field that carries the attempt.</summary>
    public const string AttemptHeader = CallHeaders.Attempt;

    /// <summary>The response field that says that the function failed.</summary>
    public const string FunctionErrorHeader = FunctionCaller.FunctionErrorHeader;

    private const int Ok = 200;
    private const int BadRequest = 400;
    private const int NotFound = 404;

    /// <summary>Answers one call.</summary>
    /// <param name="name">The function, from the path.</param>
    /// <param name="body">The request body.</param>
    /// <param name="attempt">The value of <see cref="AttemptHeader"/>; null when absent.</param>
    public static SampleResponse Answer(string name, ReadOnlySpan<byte> body, string? attempt)
    {
        if (!JsonReader.Read(body).TryGetValue(out JsonValue? input, out JsonReadError? error))
        {
            return Failure(BadRequest, new SampleError("InvalidPayload", error.ToString()));
        }

        int tries = int.TryParse(attempt, NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : 0;
        return SampleCatalog.Call(name, new SampleCall(input, tries)) switch
        {
            null => Failure(NotFound, new SampleError("NoSuchFunction", $"There is no sample function '{name}'.")),
            SampleResult result => new SampleResponse(Ok, null, result.Output) { Announcement = result.Announcement },
            SampleError failed => Failure(Ok, failed),
            _ => throw new UnreachableException(),
        };
    }

    private static SampleResponse Failure(int status, SampleError error) => new(status, "Unhandled", JsonObject.Of(
        new JsonProperty("errorMessage", JsonString.Of(error.Message)),
        new JsonProperty("errorType", JsonString.Of(error.Type))));
}

/// <summary>What the server is to send.</summary>
/// <param name="Status">The status code.</param>
/// <param name="FunctionError">Value of <see cref="SampleEndpoint.FunctionErrorHeader"/>; null when the field is not to be sent.</param>
/// <param name="Body">The body, to be sent as <c>application/json</c>.</param>
public sealed record SampleResponse(int Status, string? FunctionError, JsonValue Body)
{
    /// <summary>A line for the person at the terminal; null when there is none.</summary>
    public string? Announcement { get; init; }
}
