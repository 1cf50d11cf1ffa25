using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lockstep.Targets.Tests.Fakes;

/// <summary>A real HTTP server on loopback whose behaviour a test scripts. It keeps what it was sent.</summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LoopbackServer(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public Uri Url => new(_app.Urls.Single());

    /// <summary>What it was sent, in order.</summary>
    public ConcurrentQueue<ReceivedRequest> Received { get; } = new();

    /// <summary>Starts a server that answers every request with the handler.</summary>
    public static Task<LoopbackServer> StartAsync(Func<HttpContext, Task> handler) => StartAsync((context, _) => handler(context));

    /// <summary>Starts a server that answers every request with the handler, which gets the request's body as well.</summary>
    public static async Task<LoopbackServer> StartAsync(Func<HttpContext, string, Task> handler)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxResponseBufferSize = null;
        });
        WebApplication app = builder.Build();
        var server = new LoopbackServer(app);
        app.Run(async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            string text = await body.ReadToEndAsync(context.RequestAborted);
            server.Received.Enqueue(new ReceivedRequest(
                context.Request.Method,
                context.Request.Path + context.Request.QueryString,
                context.Request.Headers.ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                text));
            await handler(context, text);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Starts a server that answers every request with a status, a JSON body and fields.</summary>
    public static Task<LoopbackServer> AnsweringAsync(int status, string body, params (string Name, string Value)[] fields) =>
        StartAsync(async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            foreach ((string name, string value) in fields)
            {
                context.Response.Headers[name] = value;
            }

            await context.Response.WriteAsync(body, context.RequestAborted);
        });

    /// <summary>Answers nothing until the client has given up.</summary>
    public static Task NeverAsync(HttpContext context) => new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}

/// <summary>What the server was sent.</summary>
public sealed record ReceivedRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body);
