using System.Globalization;
using System.Net;
using Lockstep.Service.Errors;

namespace Lockstep.Targets.Tests;

public sealed class TargetSettingsTests
{
    public static TheoryData<string> Names => new(TargetSettings.Limits.Select(limit => limit.Name));

    [Fact]
    public void Without_configuration_the_defaults_stand()
    {
        TargetOptions options = Read([]);

        Assert.Equal(new TargetOptions(), options);
        Assert.All(TargetSettings.Limits, limit => Assert.Equal(options, limit.With(options, limit.Default)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_limit_may_be_set_within_its_bounds_and_not_beyond(string name)
    {
        TargetLimit limit = TargetSettings.Limits.Single(candidate => candidate.Name == name);

        Assert.Equal(limit.With(new TargetOptions(), limit.Minimum), Read(new() { [limit.Key] = Text(limit.Minimum) }));
        Assert.Equal(limit.With(new TargetOptions(), limit.Maximum), Read(new() { [limit.Key] = Text(limit.Maximum) }));
        foreach (string wrong in (string[])[Text(limit.Minimum - 1), Text(limit.Maximum + 1), "many", "1.5", ""])
        {
            ServiceError? error = TargetSettings.Read(key => key == limit.Key ? wrong : null, new TargetOptions()).Error;
            Assert.Equal(limit.Key, error?.Target);
        }
    }

    [Fact]
    public void Networks_address_and_plain_http_are_read()
    {
        TargetOptions options = Read(new()
        {
            ["Lockstep:Targets:AllowedNetworks"] = "10.1.0.0/16, fd12::/32",
            ["Lockstep:Targets:PublicUrl"] = "https://lockstep.example/",
            ["Lockstep:Targets:AllowPlainHttp"] = "true",
        });

        Assert.Equal([IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("fd12::/32")], options.AllowedNetworks);
        Assert.Equal("https://lockstep.example/", options.PublicUrl?.ToString());
        Assert.True(options.AllowPlainHttp);
    }

    [Theory]
    [InlineData("Lockstep:Targets:AllowedNetworks", "10.1.0.0/16,all")]
    [InlineData("Lockstep:Targets:PublicUrl", "lockstep.example")]
    [InlineData("Lockstep:Targets:PublicUrl", "ftp://lockstep.example")]
    [InlineData("Lockstep:Targets:AllowPlainHttp", "yes")]
    public void A_value_that_cannot_be_used_is_refused_with_its_key(string key, string value)
    {
        ServiceError? error = TargetSettings.Read(asked => asked == key ? value : null, new TargetOptions()).Error;

        Assert.Equal(key, error?.Target);
    }

    private static TargetOptions Read(Dictionary<string, string> configuration) =>
        TargetSettings.Read(configuration.GetValueOrDefault, new TargetOptions()).Value ?? throw new InvalidOperationException("refused");

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
