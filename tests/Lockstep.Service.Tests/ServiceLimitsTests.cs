using System.Globalization;
using System.Reflection;
using Lockstep.Engine;
using Lockstep.Service.Errors;
using Lockstep.Service.Limits;
using Lockstep.TestKit;

namespace Lockstep.Service.Tests;

public sealed class ServiceLimitsTests
{
    public static TheoryData<string> Names => [.. ServiceLimits.Definitions.Select(definition => definition.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_limit_has_its_default_and_is_configured_from_its_least_to_its_greatest_value(string name)
    {
        LimitDefinition limit = ServiceLimits.Definitions.Single(definition => definition.Name == name);
        Assert.Equal(limit.Default, limit.Read(ServiceLimits.Default));
        Assert.InRange(limit.Default, limit.Minimum, limit.Maximum);
        Assert.Equal(limit.Minimum, Read(limit, limit.Minimum).Value is { } least ? limit.Read(least) : -1);
        Assert.Equal(limit.Maximum, Read(limit, limit.Maximum).Value is { } greatest ? limit.Read(greatest) : -1);
        Assert.Equal(limit.Key, Read(limit, limit.Minimum - 1L).Error?.Target);
        Assert.Equal(limit.Key, Read(limit, limit.Maximum + 1L).Error?.Target);
    }

    [Fact]
    public void Every_property_is_a_limit_with_a_key()
    {
        IEnumerable<string> properties = typeof(ServiceLimits).GetProperties()
            .Where(property => property.PropertyType == typeof(int) && property.CanWrite)
            .Select(property => property.Name);
        Assert.Equal(properties.Order(StringComparer.Ordinal), ServiceLimits.Definitions.Select(limit => limit.Name).Order(StringComparer.Ordinal));
        Assert.All(ServiceLimits.Definitions, limit => Assert.Equal("Lockstep:Limits:" + limit.Name, limit.Key));
    }

    [Theory]
    [InlineData("many")]
    [InlineData("")]
    [InlineData("1e3")]
    [InlineData("-1")]
    public void What_is_no_number_is_refused_and_named(string text)
    {
        Result<ServiceLimits> read = ServiceLimits.Read(key => key == "Lockstep:Limits:MaxPayloadBytes" ? text : null);
        Assert.Equal(ErrorCodes.Validation, read.Error?.Code);
        Assert.Equal("Lockstep:Limits:MaxPayloadBytes", read.Error?.Target);
    }

    [Fact]
    public void The_payload_may_be_raised_to_32_MiB_and_the_body_follows()
    {
        Result<ServiceLimits> read = ServiceLimits.Read(key => key == "Lockstep:Limits:MaxPayloadBytes" ? "33554432" : null);
        Assert.Equal((2 * 33_554_432) + 65_536, read.Value?.MaxRequestBodyBytes);
    }

    [Fact]
    public void Executions_keep_the_limits_that_they_share_with_the_service()
    {
        ServiceLimits least = ServiceLimits.Definitions.Aggregate(ServiceLimits.Default, (limits, limit) => limit.With(limits, limit.Minimum));

        ExecutionLimits kept = least.ForExecutions();

        Assert.Equal(ExecutionLimits.Default, ServiceLimits.Default.ForExecutions());
        Assert.Equal(least.MaxPayloadBytes, kept.MaxComputedBytes);
        Assert.All(SharedNames(), name => Assert.Equal(
            typeof(ServiceLimits).GetProperty(name)?.GetValue(least), typeof(ExecutionLimits).GetProperty(name)?.GetValue(kept)));
    }

    [Fact]
    public void The_page_about_the_language_tells_the_defaults()
    {
        string[] rows = [.. File.ReadLines(Repository.PathOf("docs/asl-support.md")).Where(line => line.Contains("`Lockstep:Limits:", StringComparison.Ordinal))];
        string[] known = [.. rows.Select(row => ServiceLimits.Definitions.Single(limit => row.Contains($"| `{limit.Key}` |", StringComparison.Ordinal)))
            .Zip(rows, (limit, row) => row.Contains(FormattableString.Invariant($"| {limit.Default:N0} |"), StringComparison.Ordinal) ? limit.Name : row)];

        Assert.Equal(rows.Length, known.Distinct().Count());
        Assert.All(known, name => Assert.Contains(ServiceLimits.Definitions, limit => limit.Name == name));
        Assert.Superset(SharedNames(), known.ToHashSet());
    }

    /// <summary>Limits that executions keep and that the service configures under the same name.</summary>
    private static HashSet<string> SharedNames() =>
    [
        .. typeof(ExecutionLimits).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(limit => limit.Name)
            .Intersect(ServiceLimits.Definitions.Select(limit => limit.Name)),
    ];

    private static Result<ServiceLimits> Read(LimitDefinition limit, long value) =>
        ServiceLimits.Read(key => key == limit.Key ? value.ToString(CultureInfo.InvariantCulture) : null);
}
