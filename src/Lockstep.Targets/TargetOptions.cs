using System.Collections.Immutable;
using System.Net;

namespace Lockstep.Targets;

/// <summary>
/// What the operator decides about outgoing calls. Every limit has its configuration key in <c>docs/targets.md</c>;
/// <see cref="TargetSettings"/> reads them.
/// </summary>
public sealed record TargetOptions
{
    /// <summary>The region shown in ARNs and in the User-Agent of outgoing calls. Default <c>local</c>.</summary>
    public string Region { get; init; } = "local";

    /// <summary>Whether loopback may be called and plain HTTP is accepted everywhere. Never for a service that strangers use. Default false.</summary>
    public bool DevelopmentMode { get; init; }

    /// <summary>Whether <c>http:</c> addresses are accepted outside development mode. Default false.</summary>
    public bool AllowPlainHttp { get; init; }

    /// <summary>Address ranges that may be called although they are not public. Default none.</summary>
    public ImmutableArray<IPNetwork> AllowedNetworks { get; init; } = [];

    /// <summary>Longest time a function may take to answer whole. Default 900 s, as at AWS.</summary>
    public TimeSpan FunctionTimeout { get; init; } = TimeSpan.FromSeconds(900);

    /// <summary>Longest time the endpoint of <c>http:invoke</c> may take to answer whole. Default 60 s, as at AWS.</summary>
    public TimeSpan HttpInvokeTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest time a connection may take to open. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time a pooled connection lives before the name is resolved anew. Default 300 s.</summary>
    public TimeSpan ConnectionLifetime { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Most bytes that the output of a task may have as compact JSON. Default 262,144, as at AWS; at most 32 MiB.</summary>
    public int MaxPayloadBytes { get; init; } = 262_144;

    /// <summary>Most bytes of a response body that are read at all. Default 6 MiB, as Lambda's own limit.</summary>
    public int MaxResponseBytes { get; init; } = 6 * 1024 * 1024;

    /// <summary>Most KiB that the head of a response may have: its status line and header fields with their line ends. Default 32.</summary>
    public int MaxResponseHeadersKib { get; init; } = 32;

    /// <summary>Most connections to one host at a time; further calls wait for one. Default 512.</summary>
    public int MaxConnectionsPerHost { get; init; } = 512;

    /// <summary>Most characters of an address with its query. Default 8,192.</summary>
    public int MaxUrlCharacters { get; init; } = 8_192;

    /// <summary>Most bytes of an item of a table, as compact JSON of its attribute values. Default 409,600, as at AWS, and no more.</summary>
    public int MaxItemBytes { get; init; } = 409_600;

    /// <summary>Most header fields that a definition may send. Default 50.</summary>
    public int MaxRequestHeaders { get; init; } = 50;

    /// <summary>Most tokens of connections in memory; beyond that the memory starts over. Default 10,000.</summary>
    public int MaxCachedTokens { get; init; } = 10_000;

    /// <summary>Most characters of a token that an authorization endpoint may hand out. Default 16,384.</summary>
    public int MaxTokenCharacters { get; init; } = 16_384;

    /// <summary>The address under which people reach this service, for links; null when the operator has not said. Default null.</summary>
    public Uri? PublicUrl { get; init; }
}
