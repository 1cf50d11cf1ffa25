using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lockstep.Infrastructure.Tests;

/// <summary>
/// A key vault and a Lockstep at one address, as far as the hooks talk to them. The vault refuses its first requests, when told so, as a
/// real one does while a role is not known everywhere yet; the app is not ready at first, when told so.
/// </summary>
internal sealed class FakeCloud : IAsyncDisposable
{
    private readonly WebApplication _server;
    private int _refusals;
    private int _unready;

    private FakeCloud(WebApplication server, string? operatorKey, int refusals, int unready, int creation)
    {
        _server = server;
        _refusals = refusals;
        _unready = unready;
        OperatorKey = operatorKey;
        server.MapGet("/vault/secrets/operator-key", (Delegate)Read);
        server.MapPut("/vault/secrets/operator-key", (Delegate)WriteAsync);
        server.MapGet("/readyz", () => Results.StatusCode(Interlocked.Decrement(ref _unready) >= 0 ? 503 : 200));
        server.MapPost("/v1/operator/tenants", context => CreateAsync(context, creation));
    }

    /// <summary>Where both are reached.</summary>
    public string Url => _server.Urls.Single();

    /// <summary>The secret of the vault; null while there is none.</summary>
    public string? OperatorKey { get; private set; }

    /// <summary>Method and path of every request but those for readiness, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>The authorizations and the bodies that the creation of tenants was asked with.</summary>
    public ConcurrentQueue<(string Authorization, string Body)> Creations { get; } = [];

    /// <summary>Starts on a free port of the loopback address.</summary>
    /// <param name="operatorKey">The secret that is there already.</param>
    /// <param name="refusals">How many requests to the vault answer 403 first.</param>
    /// <param name="unready">How often the app is not ready first.</param>
    /// <param name="creation">The status that creating a tenant answers with.</param>
    public static async Task<FakeCloud> StartAsync(string? operatorKey = null, int refusals = 0, int unready = 0, int creation = 201)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var cloud = new FakeCloud(builder.Build(), operatorKey, refusals, unready, creation);
        await cloud._server.StartAsync(TestContext.Current.CancellationToken);
        return cloud;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private IResult Read(HttpContext context) =>
        Refused(context) ? Results.StatusCode(StatusCodes.Status403Forbidden)
        : OperatorKey is null ? Results.NotFound(new { error = new { code = "SecretNotFound" } })
        : Results.Json(new { value = OperatorKey, id = Url + "/secrets/operator-key/1", attributes = new { enabled = true } });

    private async Task<IResult> WriteAsync(HttpContext context)
    {
        if (Refused(context))
        {
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }

        JsonElement body = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body, cancellationToken: context.RequestAborted);
        OperatorKey = body.GetProperty("value").GetString();
        return Results.Json(new { value = OperatorKey });
    }

    private bool Refused(HttpContext context)
    {
        Requests.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
        return Interlocked.Decrement(ref _refusals) >= 0 || context.Request.Headers.Authorization != $"Bearer {HookRun.Token}";
    }

    private async Task CreateAsync(HttpContext context, int status)
    {
        using var reader = new StreamReader(context.Request.Body);
        Creations.Enqueue((context.Request.Headers.Authorization.ToString(), await reader.ReadToEndAsync(context.RequestAborted)));
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(status == 201
            ? """{"tenant":"000000000007","apiKeyId":"k1","apiKey":"k1.secret-of-the-tenant"}"""
            : """{"title":"The operator key is wrong.","code":"Unauthorized"}""");
    }
}
