using System.Globalization;
using Lockstep.Api.Wire;

namespace Lockstep.Api.Tests.Wire;

/// <summary>The rates are compared with the two tables that AWS publishes, copied here number by number.</summary>
public sealed class PublishedRateTests
{
    /// <summary>
    /// Step Functions Developer Guide, Service quotas, "Quotas related to API action throttling" (the starts) and "Other quotas": operation, bucket size and refill
    /// rate per second in US East (N. Virginia), US West (Oregon) and Europe (Ireland). As of 2026.
    /// </summary>
    private const string Published = """
        StartExecution 1300 300
        StartExpressExecution 6000 6000
        CreateActivity 100 1
        CreateStateMachine 100 1
        CreateStateMachineAlias 100 1
        DeleteActivity 100 1
        DeleteStateMachine 100 1
        DeleteStateMachineAlias 100 1
        DeleteStateMachineVersion 100 1
        DescribeActivity 200 1
        DescribeExecution 300 15
        DescribeMapRun 200 1
        DescribeStateMachine 200 20
        DescribeStateMachineAlias 200 1
        DescribeStateMachineForExecution 200 1
        GetActivityTask 3000 500
        GetExecutionHistory 400 20
        ListActivities 100 10
        ListExecutions 200 5
        ListMapRuns 100 1
        ListStateMachineAliases 100 1
        ListStateMachines 100 5
        ListStateMachineVersions 100 1
        ListTagsForResource 100 1
        PublishStateMachineVersion 100 1
        RedriveExecution 1300 300
        SendTaskFailure 3000 500
        SendTaskHeartbeat 3000 500
        SendTaskSuccess 3000 500
        StopExecution 1000 200
        TagResource 200 1
        TestState 50 10
        UntagResource 200 1
        UpdateMapRun 100 1
        UpdateStateMachine 100 1
        UpdateStateMachineAlias 100 1
        ValidateStateMachineDefinition 100 1
        """;

    [Fact]
    public void Every_rate_is_the_published_one_or_named_as_one_of_which_none_is_published() => Assert.Equal(
        Published.ReplaceLineEndings("\n").Split('\n').Concat(WireRegistry.UnpublishedRates).Order(StringComparer.Ordinal),
        WireRegistry.Rates.Select(rate => WireRegistry.UnpublishedRates.Contains(rate.Key)
            ? rate.Key
            : string.Create(CultureInfo.InvariantCulture, $"{rate.Key} {rate.Value.BucketSize} {rate.Value.RefillPerSecond}")).Order(StringComparer.Ordinal));
}
