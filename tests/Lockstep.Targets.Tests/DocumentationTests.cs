using System.Globalization;
using Lockstep.TestKit;

namespace Lockstep.Targets.Tests;

public sealed class DocumentationTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathOf("docs/targets.md"));

    [Fact]
    public void Every_limit_is_documented_with_its_bounds() => Assert.All(TargetSettings.Limits, limit => Assert.Contains(
        string.Create(
            CultureInfo.InvariantCulture, $"| `{limit.Name}` | {limit.Default:N0} | {limit.Minimum:N0} | {limit.Maximum:N0} | {limit.Meaning} |"),
        Page));

    [Theory]
    [InlineData(TargetSettings.AllowedNetworksKey)]
    [InlineData(TargetSettings.AllowPlainHttpKey)]
    [InlineData(TargetSettings.PublicUrlKey)]
    public void Every_other_setting_is_documented(string key) => Assert.Contains($"`{key}`", Page);
}
