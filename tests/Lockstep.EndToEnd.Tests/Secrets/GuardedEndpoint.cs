using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lockstep.EndToEnd.Tests.Secrets;

/// <summary>An endpoint that keeps all it is sent and answers as its path says, with an authorization endpoint under <c>/token</c>.</summary>
internal sealed class GuardedEndpoint : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly string _accessToken;

    private GuardedEndpoint(WebApplication web, string accessToken)
    {
        _web = web;
        _accessToken = accessToken;
    }

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string Url => _web.Urls.Single();

    /// <summary>Requests as text: line, fields and body.</summary>
    public ConcurrentQueue<string> Received { get; } = new();

    /// <summary>Listens on a loopback port.</summary>
    /// <param name="accessToken">The token that it hands out.</param>
    public static async Task<GuardedEndpoint> StartAsync(string accessToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication web = builder.Build();
        var endpoint = new GuardedEndpoint(web, accessToken);
        web.Run(endpoint.AnswerAsync);
        await web.StartAsync(TestContext.Current.CancellationToken);
        return endpoint;
    }

    public async ValueTask DisposeAsync() => await _web.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        string body = await reader.ReadToEndAsync(context.RequestAborted);
        Received.Enqueue(
            $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}\n"
            + string.Concat(context.Request.Headers.Select(field => $"{field.Key}: {field.Value}\n")) + body);
        switch (context.Request.Path.Value)
        {
            case "/token":
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync($$"""{"access_token":"{{_accessToken}}","token_type":"bearer","expires_in":3600}""", context.RequestAborted);
                break;
            case "/token/echoing":
                // An authorization endpoint that tells what it did not like, and nobody else is to hear it.
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                await context.Response.WriteAsync(context.Request.Headers.Authorization + body, context.RequestAborted);
                break;
            case "/fine":
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync("""{"answer":"visible-answer"}""", context.RequestAborted);
                break;
            case "/denied":
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                await context.Response.WriteAsync("visible-denial", context.RequestAborted);
                break;
            case "/elsewhere":
                context.Response.StatusCode = StatusCodes.Status302Found;
                context.Response.Headers.Location = "/fine";
                break;
            default:
                context.Abort();
                break;
        }
    }
}
