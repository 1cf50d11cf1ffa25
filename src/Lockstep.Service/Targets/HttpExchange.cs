using Lockstep.Json;

namespace Lockstep.Service.Targets;

/// <summary>What a call sent to an HTTP endpoint, and what came back, for whoever tests the call. Filled by the target; nothing else sees it.</summary>
public sealed class HttpExchange
{
    /// <summary>Whether what a connection has added is shown with its values. False unless somebody asks.</summary>
    public bool RevealSecrets { get; init; }

    /// <summary>What was sent; null when nothing was.</summary>
    public HttpSent? Sent { get; set; }

    /// <summary>What came back; null when nothing did.</summary>
    public HttpReceived? Received { get; set; }

    /// <summary>The exchange under the names of the API reference (<c>InspectionData</c>); null when nothing was sent.</summary>
    public JsonObject? ToJson()
    {
        if (Sent is not { } sent)
        {
            return null;
        }

        JsonObjectBuilder request = new JsonObjectBuilder()
            .Add("protocol", JsonString.Of(sent.Url.Scheme))
            .Add("method", JsonString.Of(sent.Method))
            .Add("url", JsonString.Of(sent.Url.AbsoluteUri))
            .Add("headers", JsonString.Of(sent.Headers));
        if (sent.Body is { } body)
        {
            request.Add("body", JsonString.Of(body));
        }

        JsonObjectBuilder exchange = new JsonObjectBuilder().Add("request", request.Build());
        if (Received is { } received)
        {
            exchange.Add("response", new JsonObjectBuilder()
                .Add("protocol", JsonString.Of(sent.Url.Scheme))
                .Add("statusCode", JsonString.Of(received.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)))
                .Add("statusMessage", JsonString.Of(received.Message))
                .Add("headers", JsonString.Of(received.Headers))
                .Add("body", JsonString.Of(received.Body))
                .Build());
        }

        return exchange.Build();
    }
}

/// <summary>A request.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Url">Its address, with the query.</param>
/// <param name="Headers">Its fields, as <c>[name: value, …]</c>.</param>
/// <param name="Body">Its body; null when it has none.</param>
public sealed record HttpSent(string Method, Uri Url, string Headers, string? Body);

/// <summary>A response.</summary>
/// <param name="Status">Its status code.</param>
/// <param name="Message">Its reason phrase.</param>
/// <param name="Headers">Its fields, as <c>[name: value, …]</c>.</param>
/// <param name="Body">Its body as text.</param>
public sealed record HttpReceived(int Status, string Message, string Headers, string Body);
