using System.Globalization;
using Lockstep.Asl.Resources;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Service.Events;
using Lockstep.Service.Executions;
using Lockstep.Service.Targets;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Azure.Crashes;
using Lockstep.TestKit.Contracts;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Azure.Tests.Crashes;

/// <summary>
/// The process dies at every point at which it can, one after the other: before and after each call of a store, of the bus, of the scheduler, before
/// and after an effect, between an append and its answer, when a message is received and before it is settled, in the middle of a client's
/// request. A new process goes on. Whatever was acknowledged holds, the history is that of a run without a death, and effects that were repeated
/// carried the same key.
/// </summary>
/// <remarks>LOCKSTEP_CRASH_STRIDE=1 tries every point; unset, every seventh of each scenario is tried.</remarks>
public sealed class CrashPointTests(ITestOutputHelper output)
{
    private const int DefaultStride = 7;

    public static TheoryData<string> Scenarios => [.. CrashScenario.All.Keys];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task A_process_may_die_anywhere(string name)
    {
        CrashScenario scenario = CrashScenario.All[name];
        (CrashPlan counted, IReadOnlyList<HistoryEventType> expected) = await RunAsync(scenario, new CrashPlan(), []);
        int stride = int.Parse(Environment.GetEnvironmentVariable("LOCKSTEP_CRASH_STRIDE") ?? $"{DefaultStride}", CultureInfo.InvariantCulture);
        int deaths = 0;
        for (int point = 1; point <= counted.Passed.Count; point += stride)
        {
            var plan = new CrashPlan(point);
            try
            {
                await RunAsync(scenario, plan, expected);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                Assert.Fail($"{name}, death at point {point}, {plan.DiedAt}:\n{failure}");
            }

            deaths += plan.DiedAt is null ? 0 : 1;
        }

        output.WriteLine($"{name}: {counted.Passed.Count} points, {deaths} deaths");
        Assert.True(deaths > 0);
    }

    [Fact]
    public async Task Every_kind_of_point_is_passed()
    {
        HashSet<string> passed = new(StringComparer.Ordinal);
        foreach (CrashScenario scenario in CrashScenario.All.Values)
        {
            passed.UnionWith((await RunAsync(scenario, new CrashPlan(), [])).Plan.Passed);
        }

        string[] wanted =
        [
            "before the effect", "after the effect", "beginning Append", "answering Append", "beginning Invoke", "answering Invoke", "answering Claim",
            "answering ReadInbox", "before write to Executions", "after write to Executions", "before write to Listings", "after write to Intents",
            "after write to Activities", "before scheduling", "after scheduling", "before waking", "after waking", "after send to Callbacks",
            "after send to Tasks", "after send to ExecutionEvents", "receiving a message", "settling a message", "receiving a call", "settling a call",
        ];
        Assert.Empty(wanted.Except(passed));
    }

    private static async Task<(CrashPlan Plan, IReadOnlyList<HistoryEventType> Events)> RunAsync(
        CrashScenario scenario, CrashPlan plan, IReadOnlyList<HistoryEventType> expected)
    {
        await using var harness = (AzureDriverHarness)await AzureDriverHarness.OpenAsync();
        await scenario.Prepare(harness);
        harness.Crash(plan);
        ExecutionKey key = await scenario.Run(harness);
        await SettleAsync(harness, key);
        harness.Crash(null);
        ExecutionRecord ended = await harness.DescribeAsync(key);
        Assert.Equal(scenario.Ends, (ended.Status, ended.Output));
        IReadOnlyList<HistoryEvent> history = await harness.HistoryAsync(key);
        StateContract.AssertContiguous(history);
        AssertKeys(
            harness.Targets.Calls.Where(call => !scenario.CountsFunctionsOnly || call.Resource.Kind == ResourceKind.Function), scenario);
        AssertEvents(await harness.EventsAsync(HarnessSteps.Anna));
        Assert.Equal(0, await harness.Ports.Executions.CountOpenAsync(HarnessSteps.Anna, CancellationToken.None));
        HistoryEventType[] types = [.. history.Select(item => item.Type)];
        if (scenario.HasOneHistory && expected.Count > 0)
        {
            Assert.Equal(expected, types);
        }

        return (plan, types);
    }

    /// <summary>The sweep looks after what was begun and not finished; nothing else helps.</summary>
    private static async Task SettleAsync(AzureDriverHarness harness, ExecutionKey key)
    {
        for (int look = 0; look < 12; look++)
        {
            await harness.AdvanceAsync(TimeSpan.FromSeconds(61));
            await harness.SweepAsync();
            if (look > 2 && (await harness.InsistAsync(() => harness.DescribeAsync(key))).Status != ExecutionStatus.Running)
            {
                return;
            }
        }
    }

    /// <summary>Each effect has a key of its own, and a repetition has the key and the arguments of what it repeats.</summary>
    private static void AssertKeys(IEnumerable<TaskInvocation> calls, CrashScenario scenario)
    {
        IGrouping<string, TaskInvocation>[] byKey = [.. calls.GroupBy(call => call.IdempotencyKey)];
        Assert.All(byKey.GroupBy(same => same.First().Execution), execution => Assert.Equal(EffectsOf(execution), execution.Count()));
        Assert.All(byKey, same => Assert.Single(same.Select(call => (call.Task, call.Attempt, call.Parameters.ToString(), call.TaskToken)).Distinct()));

        int EffectsOf(IEnumerable<IGrouping<string, TaskInvocation>> execution) =>
            scenario.Exception is { } exception && execution.Any(same => same.First().Parameters.ToString() == exception.Argument)
                ? exception.Effects
                : scenario.Effects;
    }

    private static void AssertEvents(IReadOnlyList<ExecutionEvent> events)
    {
        Assert.Equal(Enumerable.Range(1, events.Count).Select(number => (long)number), events.Select(item => item.Sequence));
        Assert.All(
            events.GroupBy(item => item.Execution.Key),
            one =>
            {
                // A redriven execution runs and ends once more.
                Assert.Equal(0, one.Count() % 2);
                Assert.Equal(Enumerable.Range(0, one.Count()).Select(place => place % 2 == 0), one.Select(item => item.Status == ExecutionStatus.Running));
            });
    }
}
