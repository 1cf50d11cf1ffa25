using Lockstep.Engine;
using Lockstep.Service;
using Lockstep.Service.Executions;
using Lockstep.Targets.Outgoing;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Azure.Crashes;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Targets.Tests.Data;

/// <summary>
/// The process on Azure dies at every point at which it can while tasks work on what their tenant keeps: between the rows of a store too. What a repeated effect
/// sends or changes is there once.
/// </summary>
public sealed class TenantDataCrashTests(ITestOutputHelper output)
{
    /// <summary>LOCKSTEP_CRASH_STRIDE=1 tries every point.</summary>
    private const string DefaultStride = "3";

    [Theory]
    [InlineData(DataSteps.Sends)]
    [InlineData(DataSteps.Counts)]
    public async Task A_process_may_die_anywhere_and_everything_is_there_once(string definition)
    {
        using var http = new OutgoingHttp(new TargetOptions(), new SystemNameResolver(), TimeProvider.System);
        (CrashPlan counted, string[] expected) = await RunAsync(http, definition, new CrashPlan());
        Assert.Contains("before write to Executions", counted.Passed);
        Assert.Contains(definition == DataSteps.Sends ? "after write to Channels" : "after write to Items", counted.Passed);
        int stride = int.Parse(Environment.GetEnvironmentVariable("LOCKSTEP_CRASH_STRIDE") ?? DefaultStride, System.Globalization.CultureInfo.InvariantCulture);
        int deaths = 0;
        for (int point = 1; point <= counted.Passed.Count; point += stride)
        {
            (CrashPlan plan, string[] left) = await RunAsync(http, definition, new CrashPlan(point));
            Assert.True(expected.SequenceEqual(left), $"death at point {point}, {plan.DiedAt}: {string.Join(", ", left)}");
            deaths += plan.DiedAt is null ? 0 : 1;
        }

        output.WriteLine($"{counted.Passed.Count} points, {deaths} deaths");
        Assert.True(deaths > 0);
    }

    private static async Task<(CrashPlan Plan, string[] Left)> RunAsync(OutgoingHttp http, string definition, CrashPlan plan)
    {
        await using var harness = (AzureDriverHarness)await AzureDataWorld.OpenHarnessAsync(http);
        LockstepService prepared = harness.Service;
        await DataSteps.CreateDataAsync(prepared);
        await DataSteps.CreateAsync(prepared, "m", definition);
        harness.Crash(plan);
        ExecutionKey key = await harness.InsistAsync(() => DataSteps.StartAsync(harness.Service, "m"));
        for (int look = 0; look < 12; look++)
        {
            await harness.AdvanceAsync(TimeSpan.FromSeconds(61));
            await harness.SweepAsync();
            if (look > 2 && (await harness.InsistAsync(() => harness.DescribeAsync(key))).Status != ExecutionStatus.Running)
            {
                break;
            }
        }

        harness.Crash(null);
        ExecutionRecord ended = await harness.DescribeAsync(key);
        Assert.True(ended.Status == ExecutionStatus.Succeeded, $"{plan.DiedAt}: {ended.Status} {ended.Error} {ended.Cause}");
        return (plan, [.. await DataSteps.SentAsync(harness.Service), .. await DataSteps.ItemsAsync(harness.Service)]);
    }
}
