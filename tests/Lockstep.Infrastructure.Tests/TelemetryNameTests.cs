using System.Text.RegularExpressions;
using Lockstep.Service.Telemetry;
using Lockstep.TestKit;

namespace Lockstep.Infrastructure.Tests;

/// <summary>Alerts and the workbook ask for metrics and dimensions by name; one that nobody publishes would be silent for ever.</summary>
public sealed partial class TelemetryNameTests
{
    [Theory]
    [InlineData("infra/modules/alerts.bicep", new[] { "lockstep.execution.status", "lockstep.executions.ended", "lockstep.intents.oldest_age" })]
    [InlineData(
        "infra/workbooks/operations.json",
        new[] { "lockstep.execution.status", "lockstep.executions.ended", "lockstep.intents.oldest_age", "lockstep.state_machine", "lockstep.tenant" })]
    public void Every_name_that_is_asked_for_is_published(string path, string[] expected)
    {
        string[] asked = [.. Name().Matches(File.ReadAllText(Repository.PathOf(path))).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal)];
        string[] published =
            [.. TelemetryNames.Metrics.Select(metric => metric.Name), .. TelemetryNames.Attributes.Select(attribute => attribute.Name)];

        Assert.Equal(expected, asked);
        Assert.Subset(published.ToHashSet(), asked.ToHashSet());
    }

    [Fact]
    public void The_dimensions_that_are_asked_for_are_those_of_the_metric()
    {
        Assert.Equal("lockstep.executions.ended", TelemetryNames.ExecutionsEnded.Name);
        Assert.Subset(
            TelemetryNames.ExecutionsEnded.Dimensions.ToHashSet(),
            new HashSet<string> { TelemetryNames.ExecutionStatus, TelemetryNames.Tenant, TelemetryNames.StateMachine });
        Assert.Empty(TelemetryNames.OldestIntent.Dimensions);
    }

    [GeneratedRegex(@"(?<![\w.-])lockstep\.[a-z_]+(\.[a-z_]+)*(?![\w.-])")]
    private static partial Regex Name();
}
