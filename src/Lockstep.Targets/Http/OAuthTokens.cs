using System.Collections.Concurrent;
using Lockstep.Service.Connections;
using Lockstep.Service.Tenancy;
using Lockstep.Targets.Outgoing;

namespace Lockstep.Targets.Http;

/// <summary>How a token was got. Exactly one of the two is there.</summary>
/// <param name="AccessToken">The token. Secret.</param>
/// <param name="Problem">Why there is none; it holds no secret.</param>
internal sealed record OAuthToken(string? AccessToken, string? Problem)
{
    /// <summary>The problem only.</summary>
    public override string ToString() => Problem ?? nameof(OAuthToken);
}

/// <summary>
/// The tokens of connections, in memory only, each until shortly before it expires. Calls that need one at the same time fetch it once, and a connection that was put
/// anew has none.
/// </summary>
internal sealed class OAuthTokens(OutgoingHttp http, TargetOptions options, TimeProvider time)
{
    /// <summary>How long before it expires a token is fetched anew, unless a tenth of its life is less.</summary>
    private static readonly TimeSpan _margin = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(TenantId Tenant, Guid Id), Slot> _slots = new();
    private readonly OAuthTokenEndpoint _endpoint = new(http, options);

    /// <summary>Gets a token.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="client">Its authorization.</param>
    /// <param name="rejected">The token that an endpoint did not accept; null when none was tried.</param>
    /// <param name="patience">Longest time to wait.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<OAuthToken> GetAsync(
        OpenConnection connection, OAuthAuthorization client, string? rejected, TimeSpan patience, CancellationToken cancellation)
    {
        (TenantId Tenant, Guid Id) key = (connection.Summary.Tenant, connection.Summary.Id);
        if (_slots.Count >= options.MaxCachedTokens && !_slots.ContainsKey(key))
        {
            _slots.Clear();
        }

        Slot slot = _slots.GetOrAdd(key, static _ => new Slot());
        Task<OAuthToken> fetching;
        lock (slot.Gate)
        {
            bool isSame = slot.Version.Span.SequenceEqual(connection.Version.Span);
            if (isSame && slot.Token is { } token && token != rejected && time.GetUtcNow() < slot.Until)
            {
                return new OAuthToken(token, null);
            }

            if (!isSame || slot.Fetching is not { IsCompleted: false } underWay)
            {
                slot.Version = connection.Version;
                slot.Token = null;
                underWay = FetchAsync(slot, connection, client);
                slot.Fetching = underWay;
            }

            fetching = underWay;
        }

        try
        {
            return await fetching.WaitAsync(patience, time, cancellation);
        }
        catch (TimeoutException)
        {
            return new OAuthToken(null, $"There was no token for the connection '{connection.Summary.Name}' in time.");
        }
    }

    /// <summary>Fetches a token for everybody who waits, so that none of them ends it.</summary>
    private async Task<OAuthToken> FetchAsync(Slot slot, OpenConnection connection, OAuthAuthorization client)
    {
        FetchedToken fetched = await _endpoint.FetchAsync(connection.Summary.Name, client);
        if (fetched.AccessToken is { } token)
        {
            TimeSpan early = fetched.Lifetime / 10 < _margin ? fetched.Lifetime / 10 : _margin;
            lock (slot.Gate)
            {
                if (slot.Version.Span.SequenceEqual(connection.Version.Span))
                {
                    slot.Token = token;
                    slot.Until = time.GetUtcNow() + fetched.Lifetime - early;
                }
            }
        }

        return new OAuthToken(fetched.AccessToken, fetched.Problem);
    }

    private sealed class Slot
    {
        public Lock Gate { get; } = new();

        public ReadOnlyMemory<byte> Version { get; set; }

        public string? Token { get; set; }

        public DateTimeOffset Until { get; set; }

        public Task<OAuthToken>? Fetching { get; set; }
    }
}
