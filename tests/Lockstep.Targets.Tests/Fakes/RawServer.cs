using System.Net;
using System.Net.Sockets;

namespace Lockstep.Targets.Tests.Fakes;

/// <summary>A server on loopback that answers one request with given bytes, so that a test decides on each of them.</summary>
internal sealed class RawServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    private RawServer() => _listener.Start();

    /// <summary>Where it listens.</summary>
    public Uri Url => new($"http://{_listener.LocalEndpoint}/");

    /// <summary>Starts a server; the answer is sent in the given parts.</summary>
    public static RawServer Answering(params byte[][] parts)
    {
        var server = new RawServer();
        _ = server.AnswerAsync(parts);
        return server;
    }

    public void Dispose() => _listener.Dispose();

    private async Task AnswerAsync(byte[][] parts)
    {
        using Socket client = await _listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        client.NoDelay = true;
        byte[] request = new byte[4_096];
        await client.ReceiveAsync(request, TestContext.Current.CancellationToken);
        foreach (byte[] part in parts)
        {
            await client.SendAsync(part, TestContext.Current.CancellationToken);
        }

        // The client hangs up when it has read enough.
        await client.ReceiveAsync(request, TestContext.Current.CancellationToken);
    }
}
