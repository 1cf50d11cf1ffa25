using Lockstep.Functions.Composition;
using Microsoft.Extensions.Configuration;

namespace Lockstep.Functions.Tests;

/// <summary>What the app accepts as settings; it refuses to start on everything else.</summary>
public sealed class AppSettingsTests
{
    private static readonly Dictionary<string, string?> Deployed = new(StringComparer.Ordinal)
    {
        ["Lockstep:Region"] = "westeurope",
        ["Lockstep:PublicUrl"] = "https://app.example.net",
        ["Lockstep:KeyVault:Uri"] = "https://vault.example.net/",
        ["Lockstep:Identity:ClientId"] = "11111111-2222-3333-4444-555555555555",
        ["Lockstep:Operator:KeySecret"] = "operator-key",
        ["LockstepStorage:tableServiceUri"] = "https://account.table.example.net/",
        ["LockstepStorage:blobServiceUri"] = "https://account.blob.example.net/",
        ["LockstepStorage:credential"] = "managedidentity",
        ["LockstepStorage:clientId"] = "11111111-2222-3333-4444-555555555555",
        ["LockstepServiceBus:fullyQualifiedNamespace"] = "bus.example.net",
        ["LockstepServiceBus:credential"] = "managedidentity",
    };

    [Fact]
    public void Settings_of_the_deployment_are_enough()
    {
        AppSettings settings = Read();

        Assert.Equal("westeurope", settings.Platform.Region);
        Assert.Equal(new Uri("https://app.example.net"), settings.Targets.PublicUrl);
        Assert.Equal("operator-key", settings.OperatorKeySecret);
        Assert.True(settings.Storage.HasManagedIdentity);
        Assert.Null(settings.SecretsFolder);
        _ = AzureClients.Create(settings);
    }

    [Fact]
    public void Requests_end_before_the_platform_ends_them()
    {
        AppSettings settings = Read();
        Assert.True(settings.Limits.MaxStreamSeconds + settings.Limits.MaxRequestSeconds < AppSettings.PlatformRequestSeconds);
        Assert.True(settings.Limits.MaxLongPollSeconds + settings.Limits.MaxRequestSeconds < AppSettings.PlatformRequestSeconds);
    }

    [Theory]
    [InlineData("199", true)]
    [InlineData("200", false)]
    public void A_stream_that_the_platform_would_cut_is_refused(string seconds, bool isAccepted) =>
        Check(isAccepted, "MaxStreamSeconds", ("Lockstep:Limits:MaxStreamSeconds", seconds), ("Lockstep:Limits:MaxRequestSeconds", "30"));

    [Theory]
    [InlineData("169", true)]
    [InlineData("170", false)]
    public void A_poll_that_the_platform_would_cut_is_refused(string seconds, bool isAccepted) => Check(
        isAccepted,
        "MaxLongPollSeconds",
        ("Lockstep:Limits:MaxLongPollSeconds", "60"),
        ("Lockstep:Limits:MaxRequestSeconds", seconds),
        ("Lockstep:Limits:MaxStreamSeconds", "1"));

    [Theory]
    [InlineData("Lockstep:Retention:MaxAgeDays", "1", true)]
    [InlineData("Lockstep:Retention:MaxAgeDays", "0", false)]
    [InlineData("Lockstep:Retention:MaxAgeDays", "36500", true)]
    [InlineData("Lockstep:Retention:MaxAgeDays", "36501", false)]
    [InlineData("Lockstep:Retention:MaxRows", "1", true)]
    [InlineData("Lockstep:Retention:MaxRows", "0", false)]
    [InlineData("Lockstep:Retention:MaxRows", "1000", true)]
    [InlineData("Lockstep:Retention:MaxRows", "1001", false)]
    public void Retention_is_taken_within_its_range(string key, string value, bool isAccepted) => Check(isAccepted, key, (key, value));

    [Theory]
    [InlineData("25000", true)]
    [InlineData("0", false)]
    public void Limits_of_executions_are_taken_within_their_range(string value, bool isAccepted) =>
        Check(isAccepted, "Lockstep:Execution:MaxHistoryEvents", ("Lockstep:Execution:MaxHistoryEvents", value));

    [Fact]
    public void New_executions_get_the_limits_that_are_set()
    {
        AppSettings settings = Read(("Lockstep:Execution:MaxHistoryEvents", "25000"), ("Lockstep:Limits:MaxPayloadBytes", "2048"));
        Assert.Equal((25_000L, 2_048), (settings.Platform.ExecutionLimits.MaxHistoryEvents, settings.Platform.ExecutionLimits.MaxPayloadBytes));
    }

    [Fact]
    public void An_unknown_setting_is_a_mistake() => Check(false, "Lockstep:Limits:MaxThings", ("Lockstep:Limits:MaxThings", "1"));

    [Theory]
    [InlineData("Lockstep:PublicUrl", null)]
    [InlineData("Lockstep:PublicUrl", "app")]
    [InlineData("Lockstep:KeyVault:Uri", null)]
    [InlineData("Lockstep:Region", "west europe")]
    [InlineData("LockstepStorage:credential", "password")]
    [InlineData("Lockstep:Api:LimitRate", "often")]
    public void What_cannot_be_used_is_refused_by_name(string key, string? value) => Check(false, key.Split(':')[1], (key, value));

    [Theory]
    [InlineData("UseDevelopmentStorage=true", true)]
    [InlineData(null, false)]
    public void Secrets_are_in_a_folder_only_beside_an_emulator(string? storage, bool isAccepted) => Check(
        isAccepted,
        "SecretsFolder",
        ("Lockstep:KeyVault:Uri", null),
        ("Lockstep:Development:SecretsFolder", "secrets"),
        ("LockstepStorage", storage));

    [Fact]
    public void A_plain_address_of_storage_is_refused()
    {
        AppSettings settings = Read(("LockstepStorage:tableServiceUri", "http://account.table.example.net/"));
        Assert.Throws<InvalidSettingsException>(() => AzureClients.Create(settings));
    }

    private static void Check(bool isAccepted, string named, params (string Key, string? Value)[] changes)
    {
        if (isAccepted)
        {
            Assert.NotNull(Read(changes));
            return;
        }

        InvalidSettingsException refused = Assert.Throws<InvalidSettingsException>(() => Read(changes));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    private static AppSettings Read(params (string Key, string? Value)[] changes)
    {
        var values = new Dictionary<string, string?>(Deployed, StringComparer.Ordinal);
        foreach ((string key, string? value) in changes)
        {
            values[key] = value;
        }

        return AppSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
    }
}
