using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Telemetry;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Tests.Telemetry;

public sealed class MetricLabelsTests
{
    private static readonly TenantId Tenant = TenantId.TryParse("000000000001", out TenantId tenant) ? tenant : default;

    [Fact]
    public void The_default_limit_of_pairs_is_told_by_name_and_one_more_under_other()
    {
        Assert.Equal(1_000, ServiceLimits.Default.MaxMetricLabelSets);
        var labels = new MetricLabels(ServiceLimits.Default.MaxMetricLabelSets);
        for (int machine = 1; machine <= 1_000; machine++)
        {
            Assert.Equal(new LabelSet("000000000001", $"m{machine}"), labels.Of(Tenant, $"m{machine}"));
        }

        Assert.Equal(new LabelSet("other", "other"), labels.Of(Tenant, "m1001"));
        Assert.Equal("m1000", labels.Of(Tenant, "m1000").StateMachine);
        Assert.Equal("other", labels.Of(Tenant, "m1001").StateMachine);
    }

    [Fact]
    public void Many_threads_take_no_more_than_the_limit()
    {
        var labels = new MetricLabels(50);
        var told = new System.Collections.Concurrent.ConcurrentDictionary<LabelSet, bool>();
        Parallel.For(0, 20_000, index => told[labels.Of(Tenant, $"m{index % 200}")] = true);

        Assert.Contains(LabelSet.Others, told.Keys);
        Assert.Equal(51, told.Count);
    }

    [Fact]
    public void An_execution_counts_for_its_machine() =>
        Assert.Equal("m", new MetricLabels(1).Of(new ExecutionKey(Tenant, "m:name:run")).StateMachine);
}
