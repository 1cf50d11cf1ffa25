using System.Net;

namespace Lockstep.Targets.Outgoing;

/// <summary>Turns a host name into addresses. A port of its own, so that a test can play a name server that changes its mind.</summary>
public interface INameResolver
{
    /// <summary>All addresses of a name. Throws <see cref="System.Net.Sockets.SocketException"/> when there are none.</summary>
    ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation);
}

/// <summary>The operating system's resolver.</summary>
public sealed class SystemNameResolver : INameResolver
{
    /// <inheritdoc/>
    public async ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation) =>
        await Dns.GetHostAddressesAsync(host, cancellation);
}
