using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Lockstep.Json;

namespace Lockstep.Crash.Runner;

/// <summary>A call that the target has seen.</summary>
internal sealed record SeenCall(string Key, string Execution, string State, int Life, string? Token);

/// <summary>
/// The functions that the executions call, in the process that survives. Adds one to <c>x</c>; remembers every call with its idempotency key and
/// the life of the worker in which it came.
/// </summary>
internal sealed class TargetServer : IDisposable
{
    private readonly HttpListener _listener = new();

    private TargetServer(int port)
    {
        Url = $"http://127.0.0.1:{port}/";
        _listener.Prefixes.Add(Url);
    }

    public string Url { get; }

    public ConcurrentQueue<SeenCall> Calls { get; } = new();

    public int Count => Calls.Count;

    public Action<SeenCall> Seen { get; set; } = static _ => { };

    public static TargetServer Start()
    {
        // The listener needs a number; a socket that is closed again finds a free one.
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        int port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var server = new TargetServer(port);
        server._listener.Start();
        _ = Task.Run(server.ServeAsync);
        return server;
    }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                _ = Task.Run(() => AnswerAsync(context));
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            var body = (JsonObject)JsonValue.Parse(await reader.ReadToEndAsync());
            var call = new SeenCall(
                context.Request.Headers["Idempotency-Key"] ?? "",
                Text(body, "execution") ?? "",
                Text(body, "state") ?? "",
                int.Parse(context.Request.Url?.Segments[^1] ?? "", CultureInfo.InvariantCulture),
                Text(body, "token"));
            Calls.Enqueue(call);
            Seen(call);
            byte[] answer = body["x"] is JsonNumber x && x.TryGetInt64(out long number)
                ? Encoding.UTF8.GetBytes((number + 1).ToString(CultureInfo.InvariantCulture))
                : "null"u8.ToArray();
            context.Response.ContentType = "application/json";
            await context.Response.OutputStream.WriteAsync(answer);
            context.Response.Close();
        }
        catch (Exception gone) when (gone is HttpListenerException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The worker was killed while it waited for the answer.
            context.Response.Abort();
        }
    }

    private static string? Text(JsonObject body, string name) => body[name] is JsonString text ? text.Value : null;
}
