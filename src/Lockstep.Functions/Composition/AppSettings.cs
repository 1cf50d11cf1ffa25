using System.Globalization;
using Lockstep.Api;
using Lockstep.Api.Wire.Throttling;
using Lockstep.Azure.Hosting;
using Lockstep.Azure.Retention;
using Lockstep.Service.Errors;
using Lockstep.Service.Limits;
using Lockstep.Targets;
using Microsoft.Extensions.Configuration;

namespace Lockstep.Functions.Composition;

/// <summary>
/// Everything that the app was told, checked before it opens anything. A setting under <c>Lockstep:</c> that nothing asks for is a mistake, never ignored.
/// </summary>
internal sealed record AppSettings
{
    /// <summary>Where the secrets are.</summary>
    public const string VaultUriKey = "Lockstep:KeyVault:Uri";

    /// <summary>Where the secrets are instead, with emulators.</summary>
    public const string SecretsFolderKey = "Lockstep:Development:SecretsFolder";

    /// <summary>Seconds that the platform grants a request, whatever the app says; its own answer has to be out before.</summary>
    public const int PlatformRequestSeconds = 230;

    /// <summary>Seconds after which a stream ends when nothing else is configured: what the platform grants, less time to answer.</summary>
    public const string StreamSeconds = "180";

    /// <summary>Days that things may be kept at most: a century.</summary>
    public const int MostDays = 36_500;

    private const string Section = "Lockstep";
    private const string PublicUrlKey = "Lockstep:PublicUrl";
    private const string ClientIdKey = "Lockstep:Identity:ClientId";
    private const string OperatorSecretKey = "Lockstep:Operator:KeySecret";
    private const string LimitRateKey = "Lockstep:Api:LimitRate";
    private const string MaxStreamSecondsKey = "Lockstep:Limits:MaxStreamSeconds";

    /// <summary>The vault; null with emulators.</summary>
    public required Uri? VaultUri { get; init; }

    /// <summary>The folder that stands in for the vault; null in Azure.</summary>
    public required string? SecretsFolder { get; init; }

    /// <summary>The app's identity; null for whoever is logged in.</summary>
    public required string? IdentityClientId { get; init; }

    /// <summary>The secret that holds the operator key.</summary>
    public required string OperatorKeySecret { get; init; }

    /// <summary>Tables and blobs.</summary>
    public required ConnectionSettings Storage { get; init; }

    /// <summary>Queues and topic.</summary>
    public required ConnectionSettings ServiceBus { get; init; }

    /// <summary>The limits of the service.</summary>
    public required ServiceLimits Limits { get; init; }

    /// <summary>Outgoing calls.</summary>
    public required TargetOptions Targets { get; init; }

    /// <summary>The platform.</summary>
    public required AzureOptions Platform { get; init; }

    /// <summary>The HTTP surface.</summary>
    public required ApiOptions Api { get; init; }

    /// <summary>Reads and checks.</summary>
    /// <exception cref="InvalidSettingsException">A setting cannot be used.</exception>
    public static AppSettings Read(IConfiguration configuration)
    {
        var asked = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        string? Find(string key)
        {
            asked.Add(key);
            return configuration[key] is { Length: > 0 } value ? value : null;
        }

        AzureOptions platform = Require(AzureSettings.Read(Find));
        ServiceLimits limits = ReadLimits(Find);
        Uri publicUrl = AddressOf(PublicUrlKey, Find(PublicUrlKey)) ?? throw new InvalidSettingsException($"{PublicUrlKey} is missing.");
        ConnectionSettings storage = ConnectionSettings.Read(configuration, "LockstepStorage");
        Uri? vault = AddressOf(VaultUriKey, Find(VaultUriKey));
        string? folder = Find(SecretsFolderKey);
        if (folder is not null == vault is not null || (folder is not null && storage.ConnectionString is null))
        {
            throw new InvalidSettingsException($"{VaultUriKey} has to be there; {SecretsFolderKey} may stand in for it where the storage is an emulator.");
        }

        TargetOptions targets = Require(TargetSettings.Read(
            Find, new TargetOptions { Region = platform.Region, MaxPayloadBytes = limits.MaxPayloadBytes, PublicUrl = publicUrl }));
        AppSettings settings = new()
        {
            VaultUri = vault,
            SecretsFolder = folder,
            IdentityClientId = Find(ClientIdKey),
            OperatorKeySecret = Find(OperatorSecretKey) ?? "operator-key",
            Storage = storage,
            ServiceBus = ConnectionSettings.Read(configuration, "LockstepServiceBus"),
            Limits = limits,
            Targets = targets,
            Platform = With(platform, limits, targets) with { Retention = ReadRetention(Find) },
            Api = new ApiOptions
            {
                LimitRate = FlagOf(LimitRateKey, Find(LimitRateKey), whenAbsent: true),
                PublicBaseUrl = publicUrl,
                Throttling = Require(ThrottlingOptions.Read(Find, isEnabled: true)),
            },
        };
        RefuseUnknown(configuration, asked);
        return settings;
    }

    private static ServiceLimits ReadLimits(Func<string, string?> find)
    {
        // What may last longer elsewhere has to end before the platform ends it, unless somebody says how much before.
        ServiceLimits limits = Require(ServiceLimits.Read(key => find(key) ?? (key == MaxStreamSecondsKey ? StreamSeconds : null)));
        foreach ((string name, int seconds) in new[] { ("MaxStreamSeconds", limits.MaxStreamSeconds), ("MaxLongPollSeconds", limits.MaxLongPollSeconds) })
        {
            int whole = seconds + limits.MaxRequestSeconds;
            if (whole >= PlatformRequestSeconds)
            {
                throw new InvalidSettingsException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Lockstep:Limits:{name} and MaxRequestSeconds let a request take {whole} seconds, but the platform ends it after {PlatformRequestSeconds}."));
            }
        }

        return limits;
    }

    /// <summary>What the other settings mean for the platform.</summary>
    private static AzureOptions With(AzureOptions platform, ServiceLimits limits, TargetOptions targets) => platform with
    {
        AllowPlainHttpFunctions = targets.AllowPlainHttp,
        Limits = limits,
        Orchestration = platform.Orchestration with
        {
            FunctionCallSeconds = (int)targets.FunctionTimeout.TotalSeconds,
            ServiceCallSeconds = (int)targets.HttpInvokeTimeout.TotalSeconds,
        },
    };

    private static RetentionOptions ReadRetention(Func<string, string?> find)
    {
        var defaults = new RetentionOptions();
        return new RetentionOptions
        {
            MaxAge = NumberOf(RetentionOptions.MaxAgeKey, find, 1, MostDays) is { } days ? TimeSpan.FromDays(days) : defaults.MaxAge,
            MaxRows = NumberOf(RetentionOptions.MaxRowsKey, find, 1, RetentionOptions.MostRows) ?? defaults.MaxRows,
        };
    }

    private static int? NumberOf(string key, Func<string, string?> find, int minimum, int maximum) => find(key) is not { } text
        ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= minimum && value <= maximum
            ? value
            : throw new InvalidSettingsException(
                string.Create(CultureInfo.InvariantCulture, $"{key} has to be a whole number from {minimum} to {maximum}."));

    private static Uri? AddressOf(string key, string? text) => text is null
        ? null
        : Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "https" or "http"
            ? uri
            : throw new InvalidSettingsException($"{key} has to be an http or https address.");

    private static bool FlagOf(string key, string? text, bool whenAbsent) => text is null
        ? whenAbsent
        : bool.TryParse(text, out bool flag) ? flag : throw new InvalidSettingsException($"{key} has to be true or false.");

    private static T Require<T>(Result<T> read)
        where T : notnull => read.Succeeded ? read.Value : throw new InvalidSettingsException(read.Error.Message);

    private static void RefuseUnknown(IConfiguration configuration, HashSet<string> asked)
    {
        string[] unknown = [.. configuration.GetSection(Section).AsEnumerable()
            .Where(pair => pair.Value is not null && !asked.Contains(pair.Key))
            .Select(pair => pair.Key)
            .Order(StringComparer.OrdinalIgnoreCase)];
        if (unknown.Length > 0)
        {
            throw new InvalidSettingsException($"There is no setting {string.Join(", ", unknown)}. docs/azure.md lists all.");
        }
    }
}
