using Lockstep.Engine;
using Lockstep.Engine.MapRuns;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Targets;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Azure.Durable;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Azure.Tests.MapRuns;

/// <summary>What the orchestration of a map run costs for each item does not depend on how many there are.</summary>
public sealed class MapRunSizeTests(ITestOutputHelper output)
{
    private const double MaxGrowth = 1.2;
    private const int Small = 120;
    private const int Large = 480;

    [Fact]
    public async Task Four_times_the_items_cost_a_map_run_per_item_the_same()
    {
        Costs small = await RunAsync(Small);
        Costs large = await RunAsync(Large);
        Compare("replayed events", cost => cost.Replayed);
        Compare("activities", cost => cost.Activities);
        Compare("stored bytes", cost => cost.Stored);
        Compare("activities of all orchestrations", cost => cost.AllActivities);
        Assert.True(large.Rollovers >= small.Rollovers * Large / Small / 2, $"It has continued as new {large.Rollovers} times, and {small.Rollovers} times.");

        void Compare(string name, Func<Costs, long> read)
        {
            double before = (double)read(small) / Small;
            double after = (double)read(large) / Large;
            output.WriteLine(FormattableString.Invariant($"{name} each: {before:0.000} of {Small}, {after:0.000} of {Large}, ratio {after / before:0.000}"));
            Assert.True(after <= before * MaxGrowth, $"{name} grow from {before} to {after}.");
        }
    }

    private static async Task<Costs> RunAsync(int items)
    {
        await using var harness = (AzureDriverHarness)await AzureDriverHarness.OpenAsync();
        harness.Targets.Answer = async (call, cancellation) =>
            await harness.ServeMapRunAsync(call, items, cancellation) ?? new TaskAnswered(call.Parameters);

        // Without a result that would grow with the items: the writer of results is a target.
        ExecutionKey key = await harness.RunAsync(
            $$"""
            {"StartAt":"M","States":{"M":{"Type":"Map","Label":"l","MaxConcurrency":10,"ResultPath":null,"End":true,
              "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"bucket","Key":"k"},"ReaderConfig":{"InputType":"JSON"} },
              "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true} } } } } }
            """);
        ExecutionRecord ended = await harness.WaitForEndAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, null), (ended.Status, ended.Cause));
        MapRunRecord run = await harness.TheRunAsync(key);
        Assert.Equal(new MapRunCounts(0, 0, items, 0, 0, 0, 0), run.Progress.Items);
        DurableCost cost = harness.CostOf(run.Key);
        return new Costs(cost.ReplayedEvents, cost.Activities, cost.StoredBytes, cost.Rollovers, harness.Cost.Activities);
    }

    private sealed record Costs(long Replayed, long Activities, long Stored, long Rollovers, long AllActivities);
}
