using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Lockstep.Api.Routing;
using Lockstep.Service.Executions;
using Microsoft.AspNetCore.Http;

namespace Lockstep.Api.Documents;

/// <summary>
/// The pages that a human sees who was asked to decide. No script, nothing loaded, not to be framed, nothing leaks by a referrer;
/// whatever comes from a tenant is encoded.
/// </summary>
internal static class ApprovalPage
{
    /// <summary>Media type of the pages.</summary>
    public const string MediaType = "text/html; charset=utf-8";

    private const string Style =
        "body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem;color:#1b1b1f;background:#fff}"
        + "dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem}dt{color:#5b5b66}dd{margin:0;overflow-wrap:anywhere}"
        + "label{display:block;margin:1.5rem 0 .25rem}textarea{width:100%;box-sizing:border-box;font:inherit;padding:.5rem}"
        + "button{font:inherit;padding:.6rem 1.4rem;margin:1rem .75rem 0 0;border:1px solid #1b1b1f;border-radius:.4rem;background:#fff;cursor:pointer}"
        + "button.yes{background:#14532d;border-color:#14532d;color:#fff}:focus-visible{outline:3px solid #2563eb;outline-offset:2px}";

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Asks.</summary>
    public static ValueTask AskAsync(ApiCall call, string token, ExecutionRecord execution) => SendAsync(call, StatusCodes.Status200OK, "A decision is needed", $"""
        <p>A workflow waits for your decision. Nothing happens until you choose.</p>
        <dl><dt>Workflow</dt><dd>{Encode(execution.StateMachineName)}</dd><dt>Execution</dt><dd>{Encode(execution.Name)}</dd></dl>
        <form method="post" action="approve">
        <input type="hidden" name="token" value="{Encode(token)}">
        <label for="comment">Comment (optional)</label>
        <textarea id="comment" name="comment" rows="3" maxlength="{call.Service.Limits.MaxCommentLength}"></textarea>
        <button class="yes" name="decision" value="approved">Approve</button><button name="decision" value="rejected">Reject</button>
        </form>
        """);

    /// <summary>Says that the decision is recorded.</summary>
    public static ValueTask ThankAsync(ApiCall call, string decision) =>
        SayAsync(call, StatusCodes.Status200OK, "Recorded", $"Your decision is recorded: {decision}. You may close this page.");

    /// <summary>Says something.</summary>
    public static ValueTask SayAsync(ApiCall call, int status, string title, string message) =>
        SendAsync(call, status, title, $"<p>{Encode(message)}</p>");

    private static async ValueTask SendAsync(ApiCall call, int status, string title, string body)
    {
        byte[] page = Encoding.UTF8.GetBytes($"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
            <title>{Encode(title)}</title><style>{Style}</style></head>
            <body><main>
            <h1>{Encode(title)}</h1>
            {body}
            </main></body>
            </html>

            """);
        HttpResponse response = call.Response;
        response.StatusCode = status;
        response.ContentType = MediaType;
        response.ContentLength = page.Length;
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XFrameOptions = "DENY";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.BodyWriter.Write(page);
        await response.BodyWriter.FlushAsync(call.Cancellation);
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
