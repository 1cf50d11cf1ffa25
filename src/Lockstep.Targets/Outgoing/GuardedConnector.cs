using System.Net;
using System.Net.Sockets;

namespace Lockstep.Targets.Outgoing;

/// <summary>
/// Opens the connections of outgoing calls. Invariant: the address that is connected to is one that the policy has just allowed; the
/// name is resolved once and never again in between, so a name server cannot swap the address after the check.
/// </summary>
internal sealed class GuardedConnector(AddressPolicy policy, INameResolver resolver)
{
    /// <summary>Connects to an allowed address of the host. Throws <see cref="AddressRefusedException"/> when it has none.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        DnsEndPoint target = context.DnsEndPoint;
        IPAddress[] addresses = IPAddress.TryParse(target.Host, out IPAddress? literal)
            ? [literal]
            : await resolver.ResolveAsync(target.Host, cancellation);
        IPAddress[] allowed = Array.FindAll(addresses, policy.Allows);
        if (allowed.Length == 0)
        {
            throw new AddressRefusedException(target.Host);
        }

        SocketException? failure = null;
        foreach (IPAddress address in allowed)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, target.Port), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException refused)
            {
                // The next address of the same name may answer; the last failure is reported when none does.
                socket.Dispose();
                failure = refused;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }
}

/// <summary>Every address of a host is one that outgoing calls may not reach.</summary>
internal sealed class AddressRefusedException(string host)
    : IOException($"The host '{host}' has no address that outgoing calls may reach.");
