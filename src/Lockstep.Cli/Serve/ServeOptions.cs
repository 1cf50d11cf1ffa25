using System.Collections.Immutable;
using Lockstep.Api;
using Lockstep.Api.Wire.Throttling;
using Lockstep.Cli.Composition;
using Lockstep.Cli.Configuration;
using Lockstep.Service.Errors;

namespace Lockstep.Cli.Serve;

/// <summary>Everything that <c>serve</c> was told, checked before anything is opened.</summary>
internal sealed record ServeOptions(PlatformOptions Platform, ImmutableArray<Uri> Urls, ApiOptions Api, DevelopmentKeys? Development, LogOptions Log)
{
    private const string LimitRateKey = "Lockstep:Api:LimitRate";

    /// <summary>Reads and checks; what cannot be used ends the command.</summary>
    public static ServeOptions Read(string dataFolder, string urls, bool development, Settings settings)
    {
        ImmutableArray<Uri> addresses = ReadUrls(urls);
        PlatformOptions platform = PlatformOptions.Read(dataFolder, development, settings);
        bool limitRate = !development;
        if (settings.Find(LimitRateKey) is { } rate && !bool.TryParse(rate, out limitRate))
        {
            throw Refused(LimitRateKey, rate, "true or false");
        }

        Result<ThrottlingOptions> throttling = ThrottlingOptions.Read(settings.Find, isEnabled: !development);
        if (!throttling.Succeeded)
        {
            throw new CommandFailure(ExitCode.InvalidConfiguration, throttling.Error.Message);
        }

        var log = LogOptions.Read(settings);
        settings.RefuseUnknown();
        return new ServeOptions(
            platform,
            addresses,
            new ApiOptions { LimitRate = limitRate, PublicBaseUrl = platform.Targets.PublicUrl, Throttling = throttling.Value },
            development ? DevelopmentKeys.FromEnvironment() : null,
            log);
    }

    /// <summary>The same, with links that lead to the server's own address unless the operator has named another.</summary>
    public ServeOptions WithOwnAddress(Uri url) => this with
    {
        Platform = Platform with { Targets = Platform.Targets with { PublicUrl = Platform.Targets.PublicUrl ?? url } },
    };

    private static ImmutableArray<Uri> ReadUrls(string urls)
    {
        ImmutableArray<Uri>.Builder addresses = ImmutableArray.CreateBuilder<Uri>();
        foreach (string url in urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address.Scheme != Uri.UriSchemeHttp || address.PathAndQuery != "/")
            {
                throw new CommandFailure(
                    ExitCode.InvalidConfiguration,
                    $"--urls {url}: expected http://HOST:PORT. For TLS, put a proxy in front that ends it.");
            }

            addresses.Add(address);
        }

        return addresses.Count > 0
            ? addresses.ToImmutable()
            : throw new CommandFailure(ExitCode.InvalidConfiguration, "--urls names no address.");
    }

    private static CommandFailure Refused(string key, string value, string wanted) =>
        new(ExitCode.InvalidConfiguration, $"{key} is \"{value}\", but has to be {wanted}.");
}
