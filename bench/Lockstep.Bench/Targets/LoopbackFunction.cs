using System.Net;
using System.Net.Sockets;

namespace Lockstep.Bench.Targets;

/// <summary>
/// The function that benchmarks call: an HTTP/1.1 server on a loopback port that answers every POST with the same small JSON, and as
/// little else as it can, so that what is measured is the caller.
/// </summary>
internal sealed class LoopbackFunction : IAsyncDisposable
{
    private static readonly byte[] Answer =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"ok\":true}"u8.ToArray();

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _accepting;
    private long _calls;

    private readonly Action? _onLast;

    /// <summary>Starts listening.</summary>
    /// <param name="onLast">Called for each request to <see cref="LastUrl"/>, before it is answered; has to be short.</param>
    public LoopbackFunction(Action? onLast = null)
    {
        _onLast = onLast;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1024);
        _accepting = AcceptAsync();
    }

    /// <summary>Where to POST.</summary>
    public Uri Url => new(Root, "call");

    /// <summary>Where to POST what is the last call of an execution.</summary>
    public Uri LastUrl => new(Root, "last");

    /// <summary>Calls answered so far.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    private Uri Root => new($"http://127.0.0.1:{((IPEndPoint?)_listener.LocalEndPoint)?.Port}/");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                Socket connection = await _listener.AcceptAsync(_ending.Token);
                connection.NoDelay = true;
                connections.Add(ServeAsync(connection));
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                break;
            }
        }

        await Task.WhenAll(connections);
    }

    private async Task ServeAsync(Socket connection)
    {
        using (connection)
        {
            byte[] buffer = new byte[64 * 1024];
            int filled = 0;
            try
            {
                while (true)
                {
                    int received = await connection.ReceiveAsync(buffer.AsMemory(filled), _ending.Token);
                    if (received == 0)
                    {
                        return;
                    }

                    filled += received;
                    while (LengthOfRequest(buffer.AsSpan(0, filled)) is int length and > 0)
                    {
                        if (buffer.AsSpan(0, length).StartsWith("POST /last "u8))
                        {
                            _onLast?.Invoke();
                        }

                        buffer.AsSpan(length, filled - length).CopyTo(buffer);
                        filled -= length;
                        Interlocked.Increment(ref _calls);
                        await connection.SendAsync(Answer, _ending.Token);
                    }
                }
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException)
            {
                return;
            }
        }
    }

    /// <summary>Bytes of the first whole request in the buffer; 0 while it is not all there.</summary>
    private static int LengthOfRequest(ReadOnlySpan<byte> buffer)
    {
        int headersEnd = buffer.IndexOf("\r\n\r\n"u8);
        if (headersEnd < 0)
        {
            return 0;
        }

        ReadOnlySpan<byte> headers = buffer[..(headersEnd + 2)];
        int whole = headersEnd + 4;
        foreach (Range line in headers.Split("\r\n"u8))
        {
            ReadOnlySpan<byte> header = headers[line];
            if (header.Length > 15 && System.Text.Ascii.EqualsIgnoreCase(header[..15], "content-length:"u8))
            {
                whole += int.Parse(header[15..].Trim((byte)' '), System.Globalization.CultureInfo.InvariantCulture);
            }
            else if (System.Text.Ascii.EqualsIgnoreCase(header, "transfer-encoding: chunked"u8))
            {
                int last = buffer[whole..].IndexOf("0\r\n\r\n"u8);
                return last < 0 ? 0 : whole + last + 5;
            }
        }

        return buffer.Length >= whole ? whole : 0;
    }
}
