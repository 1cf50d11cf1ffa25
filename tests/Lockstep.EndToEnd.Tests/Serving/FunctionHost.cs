using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Lockstep.EndToEnd.Tests.Serving;

/// <summary>A function on a loopback port: every call is handed to the test, which decides when and how it is answered.</summary>
internal sealed class FunctionHost : IAsyncDisposable
{
    private readonly HttpListener _listener;
    private readonly Channel<FunctionCall> _calls = Channel.CreateUnbounded<FunctionCall>();
    private readonly Task _accepting;

    private FunctionHost(HttpListener listener, string url)
    {
        _listener = listener;
        Url = url;
        _accepting = AcceptAsync();
    }

    /// <summary>Where it is called.</summary>
    public string Url { get; }

    /// <summary>Starts on a free port.</summary>
    public static FunctionHost Start()
    {
        // HttpListener cannot take port 0, so ports are tried until one is free.
        for (int port = 20_000 + (Environment.ProcessId % 10_000); ; port++)
        {
            var listener = new HttpListener();
            string url = $"http://127.0.0.1:{port}/";
            listener.Prefixes.Add(url);
            try
            {
                listener.Start();
                return new FunctionHost(listener, url);
            }
            catch (HttpListenerException) when (port < 60_000)
            {
                listener.Close();
            }
        }
    }

    /// <summary>The next call.</summary>
    public async Task<FunctionCall> NextAsync() => await _calls.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            _calls.Writer.TryWrite(new FunctionCall(context, JsonNode.Parse(await reader.ReadToEndAsync(CancellationToken.None))));
        }
    }
}

/// <summary>One call that waits for its answer.</summary>
internal sealed class FunctionCall(HttpListenerContext context, JsonNode? payload)
{
    public JsonNode? Payload { get; } = payload;

    public string? Header(string name) => context.Request.Headers[name];

    public async Task AnswerAsync(JsonNode output)
    {
        context.Response.ContentType = "application/json";
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(output.ToJsonString()));
        context.Response.Close();
    }
}
