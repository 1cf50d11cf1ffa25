using System.Net.Http.Headers;
using System.Text;
using Lockstep.Service.Targets;
using Lockstep.Targets.Outgoing;

namespace Lockstep.Targets.Http;

/// <summary>Shows a request and its answer to whoever tests the call. What a definition says itself is no secret from its author.</summary>
internal static class ShownExchange
{
    /// <summary>A request that is about to be sent; its body can still be sent afterwards.</summary>
    public static async ValueTask<HttpSent> OfAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        string? body = null;
        if (request.Content is { } content)
        {
            using var copy = new MemoryStream();
            await content.CopyToAsync(copy, cancellation);
            body = Encoding.UTF8.GetString(copy.GetBuffer().AsSpan(0, (int)copy.Length));
        }

        Uri url = request.RequestUri ?? throw new ArgumentException("The request names no address.", nameof(request));
        return new HttpSent(request.Method.Method, url, Fields(request.Headers.NonValidated, request.Content?.Headers.NonValidated), body);
    }

    /// <summary>An answer.</summary>
    public static HttpReceived Of(OutgoingAnswer answer) =>
        new(answer.Status, answer.ReasonPhrase, Fields(answer.Headers, answer.ContentHeaders), Encoding.UTF8.GetString(answer.Body));

    private static string Fields(HttpHeadersNonValidated first, HttpHeadersNonValidated? second)
    {
        var text = new StringBuilder("[");
        foreach (KeyValuePair<string, HeaderStringValues> field in second is { } more ? first.Concat(more) : first)
        {
            text.Append(text.Length == 1 ? "" : ", ").Append(field.Key).Append(": ").Append(field.Value.ToString());
        }

        return text.Append(']').ToString();
    }
}
