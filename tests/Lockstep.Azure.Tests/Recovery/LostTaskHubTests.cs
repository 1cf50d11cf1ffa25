using Lockstep.Azure.Tests.Crashes;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Executions;
using Lockstep.Service.Targets;
using Lockstep.Service.Tenancy;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Contracts;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Azure.Tests.Recovery;

/// <summary>The task hub is lost for good: every execution goes on from its rows, as if nothing had been but time.</summary>
public sealed class LostTaskHubTests
{
    private const string Two =
        """
        {"StartAt":"A","States":{
        "A":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","TimeoutSeconds":55,"Next":"B"},
        "B":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","TimeoutSeconds":55,"End":true}}}
        """;

    [Fact]
    public async Task Executions_that_wait_for_a_timer_or_a_callback_go_on()
    {
        await using AzureDriverHarness harness = await OpenAsync();
        ExecutionKey timed = await harness.StartAsync(await harness.CreateMachineAsync("w", Machines.Wait), "timed", """{"seconds":3600}""");
        ExecutionKey called = await harness.StartAsync(await harness.CreateMachineAsync("c", Machines.Callback), "called");
        DateTimeOffset start = harness.Time.GetUtcNow();

        await LoseAndRecoverAsync(harness);
        Assert.Contains(harness.Warnings, warning => warning.Contains("restarted from its rows", StringComparison.Ordinal));
        Assert.Single(harness.Targets.Calls);
        Assert.True((await harness.ReportAsync(harness.Targets.Calls.First().TaskToken, new TaskSuccessReport(JsonNumber.Of(7)))).Succeeded);
        await harness.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal("7", (await harness.EndAsync(called)).Output);
        Assert.Equal(start.AddSeconds(3600), (await harness.EndAsync(timed)).StoppedAt);
        StateContract.AssertContiguous(await harness.HistoryAsync(called));
        StateContract.AssertContiguous(await harness.HistoryAsync(timed));
    }

    [Fact]
    public async Task A_call_that_was_under_way_is_made_again_with_the_same_key()
    {
        await using AzureDriverHarness harness = await OpenAsync();
        CallGate gate = harness.Targets.NewGate();
        int calls = 0;
        harness.Targets.Answer = async (call, cancellation) =>
        {
            if (Interlocked.Increment(ref calls) > 1)
            {
                await gate.PassAsync(cancellation);
            }

            return new TaskAnswered(call.Parameters);
        };
        ExecutionKey key = await harness.RunAsync(Two, "7");
        IReadOnlyList<HistoryEvent> before = await harness.HistoryAsync(key);
        gate.Open();

        await LoseAndRecoverAsync(harness, late: TimeSpan.FromSeconds(1));

        Assert.Equal("7", (await harness.EndAsync(key)).Output);
        Assert.Equal(before, (await harness.HistoryAsync(key)).Take(before.Count));
        Assert.Equal(2, harness.Targets.Calls.Select(call => call.IdempotencyKey).Distinct().Count());
        StateContract.AssertContiguous(await harness.HistoryAsync(key));
    }

    [Fact]
    public async Task A_callback_that_came_while_there_was_no_hub_counts()
    {
        await using AzureDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Callback);
        await harness.LoseTaskHubAsync();
        Assert.True((await harness.ReportAsync(harness.Targets.Calls.First().TaskToken, new TaskSuccessReport(JsonNumber.Of(7)))).Succeeded);
        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(key)).Status);

        await LoseAndRecoverAsync(harness);

        Assert.Equal("7", (await harness.EndAsync(key)).Output);
    }

    [Fact]
    public async Task An_execution_can_be_lost_again_and_again_at_the_same_place_three_times()
    {
        await using AzureDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Wait, """{"seconds":100000}""");
        for (int loss = 0; loss < 3; loss++)
        {
            await LoseAndRecoverAsync(harness);
            Assert.DoesNotContain(harness.Warnings, warning => warning.Contains("quarantined", StringComparison.Ordinal));
        }

        await LoseAndRecoverAsync(harness);
        Assert.Contains(harness.Warnings, warning => warning.Contains("is quarantined: Its orchestration has ended 3 times at turn", StringComparison.Ordinal));
        Assert.Equal("ConflictException", (await harness.StopAsync(key)).Error?.Code);
    }

    [Theory]
    [InlineData("awaited calls")]
    [InlineData("queued calls")]
    [InlineData("calls in batches")]
    [InlineData("a child")]
    public async Task A_hub_may_be_lost_while_calls_are_held(string name)
    {
        CrashScenario scenario = CrashScenario.All[name];
        await using AzureDriverHarness harness = await OpenAsync();
        await scenario.Prepare(harness);
        CallGate gate = harness.Targets.NewGate();
        Func<TaskInvocation, CancellationToken, ValueTask<TaskOutcome>> answer = harness.Targets.Answer;
        harness.Targets.Answer = async (call, cancellation) =>
        {
            TaskOutcome outcome = await answer(call, cancellation);
            await gate.PassAsync(cancellation);
            return outcome;
        };
        ExecutionKey key = await scenario.Run(harness);
        gate.Open();

        await LoseAndRecoverAsync(harness, late: TimeSpan.FromSeconds(1));

        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal(scenario.Ends, (ended.Status, ended.Output));
        Assert.Equal(scenario.Effects, harness.Targets.Calls.Select(call => call.IdempotencyKey).Distinct().Count());
        StateContract.AssertContiguous(await harness.HistoryAsync(key));
    }

    private static async Task<AzureDriverHarness> OpenAsync()
    {
        var harness = (AzureDriverHarness)await AzureDriverHarness.OpenAsync();
        await harness.Ports.Tenants.CreateAsync(
            new TenantRecord(HarnessSteps.Anna, null, harness.Time.GetUtcNow()), CancellationToken.None);
        return harness;
    }

    /// <summary>Lets the sweep find it out; not so late, where a call is under way, that its timeout has passed.</summary>
    private static async Task LoseAndRecoverAsync(AzureDriverHarness harness, TimeSpan? late = null)
    {
        await harness.LoseTaskHubAsync();
        await harness.AdvanceAsync(late ?? TimeSpan.FromMinutes(6));
        await harness.SweepAsync();
    }
}
