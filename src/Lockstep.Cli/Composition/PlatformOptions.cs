using Lockstep.Cli.Configuration;
using Lockstep.Cli.Telemetry;
using Lockstep.Embedded.Hosting;
using Lockstep.Engine;
using Lockstep.Service.Errors;
using Lockstep.Service.Limits;
using Lockstep.Service.Tenancy;
using Lockstep.Targets;
using Lockstep.Targets.Mocks;

namespace Lockstep.Cli.Composition;

/// <summary>Everything that the service behind the command is composed from, checked.</summary>
/// <param name="DataFolder">Where everything durable is.</param>
/// <param name="Development">Whether loopback may be called and registered without TLS.</param>
/// <param name="Limits">Limits of the use cases.</param>
/// <param name="Targets">Outgoing calls.</param>
/// <param name="Embedded">Store and driver.</param>
internal sealed record PlatformOptions(
    string DataFolder, bool Development, ServiceLimits Limits, TargetOptions Targets, EmbeddedOptions Embedded)
{
    private const string RegionKey = "Lockstep:Region";
    private const int MaxRegionLength = 64;

    /// <summary>The operator's credential; null when there is none.</summary>
    public OperatorKey? OperatorKey { get; init; }

    /// <summary>The states that a mock answers for; null when every state calls what it names.</summary>
    public MockedStates? Mocks { get; init; }

    /// <summary>Where telemetry goes; <c>run</c> checks it and sends nothing.</summary>
    public TelemetryOptions Telemetry { get; init; } = new();

    /// <summary>Reads and checks; what cannot be used ends the command.</summary>
    public static PlatformOptions Read(string dataFolder, bool development, Settings settings)
    {
        string region = settings.Find(RegionKey) ?? "local";
        if (region.Length is 0 or > MaxRegionLength || region.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
        {
            throw new CommandFailure(
                ExitCode.InvalidConfiguration, $"{RegionKey} has to consist of 1 to {MaxRegionLength} letters, digits and hyphens.");
        }

        OperatorKey? operatorKey = settings.Find(OperatorKey.ConfigurationKey) is { } key ? Require(OperatorKey.Of(key)) : null;
        ServiceLimits limits = Require(ServiceLimits.Read(settings.Find));
        TargetOptions targets = Require(TargetSettings.Read(
            settings.Find,
            new TargetOptions { Region = region, DevelopmentMode = development, MaxPayloadBytes = limits.MaxPayloadBytes }));
        ExecutionLimits execution = Require(ExecutionSettings.Read(settings.Find, limits.ForExecutions()));
        EmbeddedOptions embedded = Require(EmbeddedSettings.Read(
            settings.Find, new EmbeddedOptions { Region = region, Driver = new DriverOptions { ExecutionLimits = execution } }));
        return new PlatformOptions(dataFolder, development, limits, targets, embedded)
        {
            OperatorKey = operatorKey,
            Telemetry = TelemetrySettings.Read(settings.Find),
        };
    }

    private static T Require<T>(Result<T> read)
        where T : notnull =>
        read.Succeeded ? read.Value : throw new CommandFailure(ExitCode.InvalidConfiguration, read.Error.Message);
}
