using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace Lockstep.Bench.Serving;

/// <summary>
/// One kept-alive HTTP/1.1 connection that sends prepared bytes and reads answers that announce their length: as little client as there can
/// be, because it runs on the processors that it measures.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private const int StatusOffset = 9;

    private readonly Socket _socket;
    private byte[] _buffer = new byte[16 * 1024];
    private int _bodyStart;
    private int _bodyEnd;

    private HttpConnection(Socket socket) => _socket = socket;

    /// <summary>The body of the last answer; valid until the next request.</summary>
    public ReadOnlyMemory<byte> Body => _buffer.AsMemory(_bodyStart.._bodyEnd);

    /// <summary>Connects.</summary>
    public static async Task<HttpConnection> OpenAsync(Uri url, CancellationToken cancelled)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(url.Host), url.Port), cancelled);
        return new HttpConnection(socket);
    }

    /// <summary>Sends a request and reads the answer whole; gives its status.</summary>
    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancelled)
    {
        await _socket.SendAsync(request, cancelled);
        int filled = 0;
        while (true)
        {
            if (filled == _buffer.Length)
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }

            int received = await _socket.ReceiveAsync(_buffer.AsMemory(filled), cancelled);
            if (received == 0)
            {
                throw new InvalidOperationException("The service closed the connection.");
            }

            filled += received;
            if (IsWhole(_buffer.AsSpan(0, filled)))
            {
                return Number(_buffer.AsSpan(StatusOffset));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private bool IsWhole(ReadOnlySpan<byte> answer)
    {
        int headersEnd = answer.IndexOf("\r\n\r\n"u8);
        if (headersEnd < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> name = "\r\nContent-Length: "u8;
        int length = answer[..headersEnd].IndexOf(name);
        _bodyStart = headersEnd + 4;
        _bodyEnd = _bodyStart + (length < 0 ? 0 : Number(answer[(length + name.Length)..]));
        return answer.Length >= _bodyEnd;
    }

    private static int Number(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out int number, out _) ? number : throw new InvalidOperationException("The answer is no HTTP/1.1.");
}
