using Lockstep.Api.Wire.Throttling;

namespace Lockstep.Api;

/// <summary>How the HTTP surface behaves, beside the limits.</summary>
public sealed record ApiOptions
{
    /// <summary>Whether the rates of requests are bounded: of a tenant, and of wrong keys from an address. Off in development mode. Key <c>Lockstep:Api:LimitRate</c>.</summary>
    public bool LimitRate { get; init; } = true;

    /// <summary>How often a tenant may call each operation of the Step Functions protocol.</summary>
    public ThrottlingOptions Throttling { get; init; } = new();

    /// <summary>
    /// Scheme and host under which clients reach the service, for links in answers; null to use those of each request. Key
    /// <c>Lockstep:Api:PublicBaseUrl</c>.
    /// </summary>
    public Uri? PublicBaseUrl { get; init; }
}
