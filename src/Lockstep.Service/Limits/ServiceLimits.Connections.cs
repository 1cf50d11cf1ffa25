using System.Collections.Immutable;

namespace Lockstep.Service.Limits;

/// <content>How many connections a tenant may have, and how large.</content>
public sealed partial record ServiceLimits
{
    private static ImmutableArray<LimitDefinition> ConnectionLimits =>
    [
        new("MaxConnections", "connections", 3_000, 1, 1_000_000,
            "Connections that a tenant may have.", limits => limits.MaxConnections, (limits, value) => limits with { MaxConnections = value }),
        new("MaxConnectionNameLength", "characters", 64, 1, 64,
            "Characters in the name of a connection.", limits => limits.MaxConnectionNameLength, (limits, value) => limits with { MaxConnectionNameLength = value }),
        new("MaxConnectionTextLength", "characters", 512, 1, 8_192,
            "Characters in a credential, a parameter's name, the value of a header or query parameter, and the description of a connection.",
            limits => limits.MaxConnectionTextLength, (limits, value) => limits with { MaxConnectionTextLength = value }),
        new("MaxConnectionParameters", "parameters", 100, 0, 1_000,
            "Parameters in each list of a connection: headers, query and body.",
            limits => limits.MaxConnectionParameters, (limits, value) => limits with { MaxConnectionParameters = value }),
        new("MaxConnectionBytes", "bytes", 65_536, 1_024, 262_144,
            "Bytes of UTF-8 in everything that a connection holds, as compact JSON.", limits => limits.MaxConnectionBytes, (limits, value) => limits with { MaxConnectionBytes = value }),
    ];

    /// <summary>Connections that a tenant may have. Default 3,000, as at AWS.</summary>
    public int MaxConnections { get; init; } = 3_000;

    /// <summary>Characters in the name of a connection. Default 64, as at AWS.</summary>
    public int MaxConnectionNameLength { get; init; } = 64;

    /// <summary>Characters in a credential, a parameter's name, the value of a header or query parameter, and the description. Default 512, as at AWS.</summary>
    public int MaxConnectionTextLength { get; init; } = 512;

    /// <summary>Parameters in each list of a connection. Default 100, as at AWS.</summary>
    public int MaxConnectionParameters { get; init; } = 100;

    /// <summary>Bytes of UTF-8 in everything that a connection holds, as compact JSON. Default 65,536, as a secret has at AWS.</summary>
    public int MaxConnectionBytes { get; init; } = 65_536;
}
