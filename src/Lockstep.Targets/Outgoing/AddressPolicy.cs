using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Lockstep.Targets.Outgoing;

/// <summary>
/// Decides which addresses outgoing calls may reach. Invariant: without an explicit allowance by the operator, nothing but public
/// unicast addresses is ever allowed, whatever notation or embedding an address comes in.
/// </summary>
public sealed class AddressPolicy
{
    // IANA's IPv4 special-purpose registry, multicast and the reserved top, plus the one metadata service with a public address.
    private static readonly ImmutableArray<IPNetwork> RefusedIPv4 =
    [
        IPNetwork.Parse("0.0.0.0/8"),          // this network
        IPNetwork.Parse("10.0.0.0/8"),         // private
        IPNetwork.Parse("100.64.0.0/10"),      // carrier-grade NAT
        IPNetwork.Parse("127.0.0.0/8"),        // loopback
        IPNetwork.Parse("168.63.129.16/32"),   // Azure's host and wire server
        IPNetwork.Parse("169.254.0.0/16"),     // link-local, metadata services
        IPNetwork.Parse("172.16.0.0/12"),      // private
        IPNetwork.Parse("192.0.0.0/24"),       // protocol assignments
        IPNetwork.Parse("192.0.2.0/24"),       // documentation
        IPNetwork.Parse("192.88.99.0/24"),     // 6to4 relays
        IPNetwork.Parse("192.168.0.0/16"),     // private
        IPNetwork.Parse("198.18.0.0/15"),      // benchmarking
        IPNetwork.Parse("198.51.100.0/24"),    // documentation
        IPNetwork.Parse("203.0.113.0/24"),     // documentation
        IPNetwork.Parse("224.0.0.0/4"),        // multicast
        IPNetwork.Parse("240.0.0.0/4"),        // reserved, broadcast
    ];

    // Outside global unicast everything is refused, so only the exceptions within it are listed.
    private static readonly IPNetwork GlobalUnicastIPv6 = IPNetwork.Parse("2000::/3");

    private static readonly ImmutableArray<IPNetwork> RefusedIPv6 =
    [
        IPNetwork.Parse("2001::/23"),          // protocol assignments, Teredo, ORCHID
        IPNetwork.Parse("2001:db8::/32"),      // documentation
        IPNetwork.Parse("2002::/16"),          // 6to4: embeds any IPv4 address and is no longer routed
        IPNetwork.Parse("3fff::/20"),          // documentation
    ];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    private readonly ImmutableArray<IPNetwork> _allowed;
    private readonly bool _allowLoopback;

    /// <summary>A policy with the operator's exceptions.</summary>
    /// <param name="allowed">Ranges that are allowed although the policy would refuse them.</param>
    /// <param name="allowLoopback">Whether 127.0.0.0/8 and ::1 are allowed; for development mode only.</param>
    public AddressPolicy(IEnumerable<IPNetwork> allowed, bool allowLoopback)
    {
        _allowed = [.. allowed];
        _allowLoopback = allowLoopback;
    }

    /// <summary>Whether a connection to the address may be opened.</summary>
    public bool Allows(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        IPAddress plain = Unwrap(address);
        if (_allowLoopback && IPAddress.IsLoopback(plain))
        {
            return true;
        }

        foreach (IPNetwork range in _allowed)
        {
            if (range.Contains(plain))
            {
                return true;
            }
        }

        return plain.AddressFamily == AddressFamily.InterNetwork
            ? !IsIn(plain, RefusedIPv4)
            : GlobalUnicastIPv6.Contains(plain) && !IsIn(plain, RefusedIPv6);
    }

    /// <summary>The IPv4 address that an IPv6 address stands for on the wire, so that both notations get one answer.</summary>
    private static IPAddress Unwrap(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        // The scope id goes: fe80::1%eth0 is refused for its prefix, and ranges are compared without scope.
        var unscoped = new IPAddress(bytes);
        return Nat64.Contains(unscoped) ? new IPAddress(bytes[12..]) : unscoped;
    }

    private static bool IsIn(IPAddress address, ImmutableArray<IPNetwork> ranges)
    {
        foreach (IPNetwork range in ranges)
        {
            if (range.Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}
