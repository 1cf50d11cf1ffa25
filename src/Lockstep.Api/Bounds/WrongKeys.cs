using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Lockstep.Service.Limits;

namespace Lockstep.Api.Bounds;

/// <summary>
/// Requests with wrong keys, counted by where they come from: an address that has sent too many is refused before its next key is looked up, so
/// that guessing costs the guesser and not the store. Of IPv6 the network counts, as a caller has all of its addresses.
/// </summary>
public sealed class WrongKeys(ServiceLimits limits, TimeProvider time)
{
    /// <summary>Addresses that are remembered at most; beyond, those that have rested long enough are forgotten, or else all.</summary>
    public const int MaxAddresses = 10_000;

    private const int SecondsPerMinute = 60;
    private const int NetworkBytes = 8;

    private readonly ConcurrentDictionary<IPAddress, TokenBucket> _buckets = new();

    /// <summary>Addresses that are remembered.</summary>
    public int Addresses => _buckets.Count;

    /// <summary>Whether an address may try a key.</summary>
    public bool Allows(IPAddress? address, out int retryAfterSeconds)
    {
        retryAfterSeconds = 0;
        return !_buckets.TryGetValue(NetworkOf(address), out TokenBucket? bucket) || bucket.Allows(out retryAfterSeconds);
    }

    /// <summary>A key from an address was wrong.</summary>
    public void Count(IPAddress? address)
    {
        if (_buckets.Count >= MaxAddresses)
        {
            Forget();
        }

        _buckets.GetOrAdd(
            NetworkOf(address),
            static (_, self) => self.NewBucket(),
            this).TryTake(out _);
    }

    private static IPAddress NetworkOf(IPAddress? address)
    {
        if (address is null)
        {
            return IPAddress.None;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes);
    }

    private TokenBucket NewBucket() => new((double)limits.WrongKeysPerMinute / SecondsPerMinute, limits.WrongKeyBurst, time);

    private void Forget()
    {
        foreach ((IPAddress address, TokenBucket bucket) in _buckets)
        {
            if (bucket.IsFull)
            {
                _buckets.TryRemove(address, out _);
            }
        }

        if (_buckets.Count >= MaxAddresses)
        {
            _buckets.Clear();
        }
    }
}
