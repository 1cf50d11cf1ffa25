using System.Globalization;
using Lockstep.Embedded.Hosting;
using Lockstep.Service.Errors;
using Lockstep.TestKit;

namespace Lockstep.Embedded.Tests;

public sealed class SettingsTests
{
    public static TheoryData<string> Keys => [.. EmbeddedSettings.Limits.Select(limit => limit.Key)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Limit_takes_what_is_in_its_range_and_refuses_what_is_beyond(string key)
    {
        EmbeddedLimit limit = EmbeddedSettings.Limits.Single(limit => limit.Key == key);

        Assert.NotEqual(Read(key, limit.Minimum).Value, Read(key, limit.Maximum).Value);
        Assert.Equal(new EmbeddedOptions(), Read(key, limit.Default).Value);
        Assert.Equal(key, Read(key, limit.Minimum - 1).Error?.Target);
        Assert.Equal(key, Read(key, limit.Maximum + 1).Error?.Target);
    }

    [Fact]
    public void Operations_page_lists_every_limit_as_it_is()
    {
        string page = File.ReadAllText(Repository.PathOf("docs/operations.md"));
        foreach (EmbeddedLimit limit in EmbeddedSettings.Limits)
        {
            Assert.Contains(
                string.Create(CultureInfo.InvariantCulture, $"| `{limit.Key}` | {limit.Default:N0} | {limit.Minimum:N0} to {limit.Maximum:N0} | {limit.Meaning} |"),
                page,
                StringComparison.Ordinal);
        }
    }

    private static Result<EmbeddedOptions> Read(string key, long value) => EmbeddedSettings.Read(
        asked => asked == key ? value.ToString(CultureInfo.InvariantCulture) : null, new EmbeddedOptions());
}
