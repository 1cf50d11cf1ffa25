using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Lockstep.Service.Errors;

namespace Lockstep.Targets;

/// <summary>Reads <see cref="TargetOptions"/> from a configuration. A value that cannot be used is refused with its key, never replaced.</summary>
public static class TargetSettings
{
    /// <summary>Key of <see cref="TargetOptions.PublicUrl"/>.</summary>
    public const string PublicUrlKey = Prefix + "PublicUrl";

    /// <summary>Key of <see cref="TargetOptions.AllowedNetworks"/>: ranges such as <c>10.1.0.0/16</c>, separated by commas.</summary>
    public const string AllowedNetworksKey = Prefix + "AllowedNetworks";

    /// <summary>Key of <see cref="TargetOptions.AllowPlainHttp"/>.</summary>
    public const string AllowPlainHttpKey = Prefix + "AllowPlainHttp";

    private const string Prefix = "Lockstep:Targets:";

    /// <summary>Every numeric limit, in the order of the documentation.</summary>
    public static ImmutableArray<TargetLimit> Limits { get; } =
    [
        new("FunctionTimeoutSeconds", 900, 1, 86_400, "Longest time a function may take to answer whole.",
            (options, value) => options with { FunctionTimeout = TimeSpan.FromSeconds(value) }),
        new("HttpInvokeTimeoutSeconds", 60, 1, 3_600, "Longest time the endpoint of http:invoke or a webhook may take to answer whole.",
            (options, value) => options with { HttpInvokeTimeout = TimeSpan.FromSeconds(value) }),
        new("ConnectTimeoutSeconds", 10, 1, 300, "Longest time a connection may take to open.",
            (options, value) => options with { ConnectTimeout = TimeSpan.FromSeconds(value) }),
        new("ConnectionLifetimeSeconds", 300, 1, 86_400, "Longest time a pooled connection lives before its name is resolved anew.",
            (options, value) => options with { ConnectionLifetime = TimeSpan.FromSeconds(value) }),
        new("MaxResponseBytes", 6_291_456, 1_024, 67_108_864, "Most bytes of a response body that are read at all.",
            (options, value) => options with { MaxResponseBytes = value }),
        new("MaxResponseHeadersKib", 32, 1, 1_024, "Most KiB of the head of a response: its status line and header fields with their line ends.",
            (options, value) => options with { MaxResponseHeadersKib = value }),
        new("MaxConnectionsPerHost", 512, 1, 65_535, "Most connections to one host at a time; further calls wait.",
            (options, value) => options with { MaxConnectionsPerHost = value }),
        new("MaxUrlCharacters", 8_192, 16, 65_000, "Most characters of an address with its query.",
            (options, value) => options with { MaxUrlCharacters = value }),
        new("MaxRequestHeaders", 50, 0, 1_000, "Most header fields that http:invoke may send.",
            (options, value) => options with { MaxRequestHeaders = value }),
        new("MaxItemBytes", 409_600, 1_024, 409_600, "Most bytes of an item of a table as compact JSON.",
            (options, value) => options with { MaxItemBytes = value }),
        new("MaxCachedTokens", 10_000, 1, 1_000_000, "Most tokens of connections in memory; beyond that the memory starts over.",
            (options, value) => options with { MaxCachedTokens = value }),
        new("MaxTokenCharacters", 16_384, 1_024, 262_144, "Most characters of a token that an authorization endpoint may hand out.",
            (options, value) => options with { MaxTokenCharacters = value }),
    ];

    /// <summary>Reads the options.</summary>
    /// <param name="configuration">Gives the value of a key, or null.</param>
    /// <param name="options">What the host has decided already: region, development mode, payload limit, defaults.</param>
    public static Result<TargetOptions> Read(Func<string, string?> configuration, TargetOptions options)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(options);
        foreach (TargetLimit limit in Limits)
        {
            string? text = configuration(limit.Key);
            if (text is null)
            {
                continue;
            }

            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
                || value < limit.Minimum || value > limit.Maximum)
            {
                return Refuse(limit.Key, text, FormattableString.Invariant($"a whole number from {limit.Minimum} to {limit.Maximum}"));
            }

            options = limit.With(options, value);
        }

        return ReadRest(configuration, options);
    }

    private static Result<TargetOptions> ReadRest(Func<string, string?> configuration, TargetOptions options)
    {
        if (configuration(AllowPlainHttpKey) is { } plain)
        {
            if (!bool.TryParse(plain, out bool allowed))
            {
                return Refuse(AllowPlainHttpKey, plain, "true or false");
            }

            options = options with { AllowPlainHttp = allowed };
        }

        if (configuration(PublicUrlKey) is { } address)
        {
            if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https"))
            {
                return Refuse(PublicUrlKey, address, "an absolute http or https address");
            }

            options = options with { PublicUrl = url };
        }

        if (configuration(AllowedNetworksKey) is { } ranges)
        {
            ImmutableArray<IPNetwork>.Builder networks = ImmutableArray.CreateBuilder<IPNetwork>();
            foreach (string range in ranges.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (!IPNetwork.TryParse(range, out IPNetwork network))
                {
                    return Refuse(AllowedNetworksKey, range, "ranges such as 10.1.0.0/16, separated by commas");
                }

                networks.Add(network);
            }

            options = options with { AllowedNetworks = networks.ToImmutable() };
        }

        return options;
    }

    private static ServiceError Refuse(string key, string text, string wanted) =>
        new(ErrorCodes.Validation, $"{key} is \"{text}\", but has to be {wanted}.") { Target = key };
}

/// <summary>One numeric limit of outgoing calls.</summary>
/// <param name="Name">The last part of its key.</param>
/// <param name="Default">The value without configuration.</param>
/// <param name="Minimum">The least value that may be configured.</param>
/// <param name="Maximum">The greatest value that may be configured.</param>
/// <param name="Meaning">What is limited.</param>
/// <param name="With">Sets it.</param>
public sealed record TargetLimit(string Name, int Default, int Minimum, int Maximum, string Meaning, Func<TargetOptions, int, TargetOptions> With)
{
    /// <summary>The configuration key.</summary>
    public string Key => "Lockstep:Targets:" + Name;
}
