using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Lockstep.Cli.Serve;

/// <summary>
/// An address with its port already taken, before the data folder is touched: so a port in use costs nothing, and a free port that was asked for
/// with 0 is known to whatever needs the server's own address.
/// </summary>
internal sealed class BoundAddress : IDisposable
{
    private BoundAddress(Socket socket, Uri url, IPEndPoint endPoint)
    {
        Socket = socket;
        Url = url;
        EndPoint = endPoint;
    }

    /// <summary>The socket, bound and not yet listening; Kestrel takes it over.</summary>
    public Socket Socket { get; }

    /// <summary>The address with its real port.</summary>
    public Uri Url { get; }

    /// <summary>The same as an endpoint.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Takes the port of an <c>http://HOST:PORT</c>; ends the command when that cannot be.</summary>
    public static BoundAddress Take(Uri url)
    {
        string host = url.Host.Trim('[', ']');
        IPAddress? address = string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : null;
        if (address is null && !IPAddress.TryParse(host, out address))
        {
            throw new CommandFailure(
                ExitCode.InvalidConfiguration, $"--urls {url}: the host has to be an IP address or localhost; 0.0.0.0 stands for every interface.");
        }

        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, url.Port));
            var taken = (IPEndPoint)(socket.LocalEndPoint ?? throw new InvalidOperationException("A bound socket has no address."));
            return new BoundAddress(
                socket, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{url.Host}:{taken.Port}")), taken);
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw FailureOf(url, failure);
        }
    }

    /// <summary>The failure of taking or listening, as the command reports it.</summary>
    public static CommandFailure FailureOf(Uri url, SocketException failure) => failure.SocketErrorCode == SocketError.AddressAlreadyInUse
        ? new CommandFailure(ExitCode.AddressInUse, $"another process listens on {url.Authority}. Stop that one, or name another address with --urls.")
        : new CommandFailure(ExitCode.AddressUnusable, $"cannot listen on {url.Authority}: {failure.Message}.");

    /// <inheritdoc/>
    public void Dispose() => Socket.Dispose();
}
