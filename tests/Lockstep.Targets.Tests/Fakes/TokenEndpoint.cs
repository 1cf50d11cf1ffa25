using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Lockstep.Targets.Tests.Fakes;

/// <summary>How an endpoint with an authorization endpoint beside it behaves.</summary>
internal sealed record TokenScript
{
    /// <summary>Requests for tokens, counted from 1, that wait until the test releases them.</summary>
    public IReadOnlyCollection<int> Held { get; init; } = [];

    /// <summary>Status for calls with the first token.</summary>
    public int StatusOfFirst { get; init; } = StatusCodes.Status200OK;

    /// <summary>Calls with the first token that have to be there before any of them is answered.</summary>
    public int FirstTogether { get; init; } = 1;

    /// <summary>Moves the clock of the test before a call with the first token is answered.</summary>
    public Action? BeforeFirst { get; init; }

    /// <summary>Whether calls are answered at all.</summary>
    public bool AnswersCalls { get; init; } = true;
}

/// <summary>Hands out token-1, token-2 and so on under <c>/token</c>, and answers calls under <c>/</c>, as a script says.</summary>
internal sealed class TokenEndpoint : IAsyncDisposable
{
    private readonly TokenScript _script;
    private readonly TaskCompletionSource _released = NewSignal();
    private readonly TaskCompletionSource _together = NewSignal();
    private readonly TaskCompletionSource _called = NewSignal();
    private readonly TaskCompletionSource[] _asked = [NewSignal(), NewSignal()];
    private LoopbackServer? _server;
    private int _tokenRequests;
    private int _firstCalls;

    private TokenEndpoint(TokenScript script) => _script = script;

    /// <summary>What is called.</summary>
    public Uri Url => _server?.Url ?? throw new InvalidOperationException("The endpoint has not started.");

    /// <summary>Requests for a token so far.</summary>
    public int TokenRequests => Volatile.Read(ref _tokenRequests);

    /// <summary>The authorization of each call.</summary>
    public ConcurrentQueue<string> Tokens { get; } = new();

    /// <summary>Completes when a call came.</summary>
    public Task Called => _called.Task;

    /// <summary>The settings of a connection that fetches its tokens here.</summary>
    public string Settings => $$$$$"""
        {"authorizationType":"OAUTH_CLIENT_CREDENTIALS","authParameters":{"oauthParameters":{"authorizationEndpoint":"{{{{{new Uri(Url, "/token")}}}}}","httpMethod":"POST",
        "clientParameters":{"clientId":"id","clientSecret":"sekret-recognisable"}}}}
        """;

    public static async Task<TokenEndpoint> StartAsync(TokenScript script)
    {
        var endpoint = new TokenEndpoint(script);
        endpoint._server = await LoopbackServer.StartAsync(endpoint.AnswerAsync);
        return endpoint;
    }

    /// <summary>Completes when the first or the second request for a token came.</summary>
    public Task Asked(int number) => _asked[number - 1].Task.WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>Answers the requests for tokens that are held.</summary>
    public void Release() => _released.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Release();
        if (_server is { } server)
        {
            await server.DisposeAsync();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        await (context.Request.Path == "/token" ? HandOutAsync(context) : TakeAsync(context));
    }

    private async Task HandOutAsync(HttpContext context)
    {
        int number = Interlocked.Increment(ref _tokenRequests);
        if (number <= _asked.Length)
        {
            _asked[number - 1].TrySetResult();
        }

        if (_script.Held.Contains(number))
        {
            await _released.Task.WaitAsync(context.RequestAborted);
        }

        await context.Response.WriteAsync(
            string.Create(CultureInfo.InvariantCulture, $$"""{"access_token":"token-{{number}}","token_type":"bearer","expires_in":3600}"""), context.RequestAborted);
    }

    private async Task TakeAsync(HttpContext context)
    {
        string authorization = context.Request.Headers.Authorization.ToString();
        Tokens.Enqueue(authorization);
        _called.TrySetResult();
        if (!_script.AnswersCalls)
        {
            await LoopbackServer.NeverAsync(context);
        }

        if (authorization == "Bearer token-1")
        {
            if (Interlocked.Increment(ref _firstCalls) >= _script.FirstTogether)
            {
                _together.TrySetResult();
            }

            await _together.Task.WaitAsync(context.RequestAborted);
            _script.BeforeFirst?.Invoke();
            context.Response.StatusCode = _script.StatusOfFirst;
        }

        await context.Response.WriteAsync("{}", context.RequestAborted);
    }
}
