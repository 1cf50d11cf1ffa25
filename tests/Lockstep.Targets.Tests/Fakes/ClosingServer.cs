using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Lockstep.Targets.Tests.Fakes;

/// <summary>
/// A server on loopback of the oldest kind: one request a connection, which it closes itself. It answers any number of connections at a time.
/// </summary>
internal sealed class ClosingServer : IDisposable
{
    private static readonly byte[] _endOfHead = "\r\n\r\n"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly byte[][] _parts;
    private readonly Closing _closing;

    private ClosingServer(Closing closing, byte[][] parts)
    {
        _closing = closing;
        _parts = parts;
        _listener.Start(backlog: 200);
    }

    /// <summary>How a connection ends after the answer.</summary>
    public enum Closing
    {
        /// <summary>The request was read whole, and the connection ends in order.</summary>
        InOrder,

        /// <summary>Only the head of the request was read; what is left of it makes the kernel reset the connection.</summary>
        WithoutReadingTheBody,

        /// <summary>The connection is reset, whatever was read.</summary>
        ByReset,
    }

    /// <summary>Where it listens.</summary>
    public Uri Url => new($"http://{_listener.LocalEndpoint}/");

    /// <summary>Starts a server; each answer is sent in the given parts, a packet each.</summary>
    public static ClosingServer Answering(Closing closing, params string[] parts)
    {
        var server = new ClosingServer(closing, [.. parts.Select(Encoding.Latin1.GetBytes)]);
        _ = server.AcceptAsync();
        return server;
    }

    public void Dispose()
    {
        _ending.Cancel();
        _listener.Dispose();
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        CancellationToken ending = _ending.Token;
        while (!ending.IsCancellationRequested)
        {
            Socket client = await _listener.AcceptSocketAsync(ending);
            _ = AnswerAsync(client, ending);
        }
    }

    private async Task AnswerAsync(Socket client, CancellationToken ending)
    {
        using Socket closed = client;
        client.NoDelay = true;
        if (_closing != Closing.WithoutReadingTheBody)
        {
            await ReadRequestAsync(client, ending);
        }
        else
        {
            // At least a byte of the request stays unread in the socket.
            await client.ReceiveAsync(new byte[1], ending);
        }

        foreach (byte[] part in _parts)
        {
            await client.SendAsync(part, ending);
            await Task.Yield();
        }

        if (_closing == Closing.ByReset)
        {
            client.LingerState = new LingerOption(true, 0);
        }
    }

    private static async Task ReadRequestAsync(Socket client, CancellationToken ending)
    {
        using var request = new MemoryStream();
        byte[] some = new byte[4_096];
        while (true)
        {
            int read = await client.ReceiveAsync(some, ending);
            request.Write(some, 0, read);
            byte[] all = request.ToArray();
            int head = all.AsSpan().IndexOf(_endOfHead);
            if (read == 0 || (head >= 0 && all.Length - head - _endOfHead.Length >= LengthIn(Encoding.Latin1.GetString(all, 0, head))))
            {
                return;
            }
        }
    }

    private static int LengthIn(string head)
    {
        const string Name = "Content-Length:";
        string? line = head.Split("\r\n").FirstOrDefault(line => line.StartsWith(Name, StringComparison.OrdinalIgnoreCase));
        return line is null ? 0 : int.Parse(line.AsSpan(Name.Length), System.Globalization.CultureInfo.InvariantCulture);
    }
}
