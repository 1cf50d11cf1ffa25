using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit.Drivers;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What every host tells those who follow an execution.</summary>
public abstract class ExecutionChangesContract : HarnessContract
{
    [Fact]
    public async Task Follower_that_waits_learns_of_growth_and_of_the_end()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Wait, """{"seconds":60}""");
        using IExecutionFollower follower = harness.Ports.Changes.Follow(key);
        long seen = (await harness.HistoryAsync(key))[^1].Id;
        Task<bool> grown = WaitAsync(follower, seen, TimeSpan.FromHours(1));
        await harness.AdvanceAsync(TimeSpan.FromSeconds(59));
        Assert.False(grown.IsCompleted);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(1));
        await harness.AdvanceAsync(harness.FollowerDelay);

        Assert.True(await grown);
        Assert.Equal(HistoryEventType.ExecutionSucceeded, (await harness.HistoryAsync(key))[^1].Type);
    }

    [Fact]
    public async Task Growth_between_following_and_waiting_is_not_missed()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Callback);
        using IExecutionFollower follower = harness.Ports.Changes.Follow(key);
        long seen = (await harness.HistoryAsync(key))[^1].Id;
        await harness.ReportAsync(harness.Targets.Calls.First().TaskToken, new TaskSuccessReport(JsonNull.Instance));
        Assert.True(await WaitAsync(follower, seen, TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task Wait_ends_with_false_when_nothing_happened_in_its_time()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Callback);
        using IExecutionFollower follower = harness.Ports.Changes.Follow(key);
        long seen = (await harness.HistoryAsync(key))[^1].Id;
        Task<bool> grown = WaitAsync(follower, seen, TimeSpan.FromSeconds(15));
        await harness.AdvanceAsync(TimeSpan.FromSeconds(15));
        Assert.False(await grown);
    }

    [Fact]
    public async Task Wait_ends_when_it_is_cancelled()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Callback);
        using IExecutionFollower follower = harness.Ports.Changes.Follow(key);
        using var cancelled = new CancellationTokenSource();
        Task<bool> grown = WaitAsync(follower, 100, TimeSpan.FromHours(1), cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => grown);
    }

    [Fact]
    public async Task Every_follower_learns_of_it_and_one_that_leaves_takes_nobody_along()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Wait, """{"seconds":60}""");
        using IExecutionFollower first = harness.Ports.Changes.Follow(key);
        using IExecutionFollower second = harness.Ports.Changes.Follow(key);
        IExecutionFollower third = harness.Ports.Changes.Follow(key);
        Task<bool>[] grown = [WaitAsync(first, 2, TimeSpan.FromHours(1)), WaitAsync(second, 2, TimeSpan.FromHours(1))];
        third.Dispose();
        third.Dispose();
        await harness.AdvanceAsync(TimeSpan.FromSeconds(60));
        await harness.AdvanceAsync(harness.FollowerDelay);
        Assert.All(await Task.WhenAll(grown), Assert.True);
    }

    [Fact]
    public async Task Follower_hears_nothing_of_others()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Wait);
        ExecutionKey key = await harness.StartAsync(machine, "one", """{"seconds":600}""");
        using IExecutionFollower follower = harness.Ports.Changes.Follow(key);
        Task<bool> grown = WaitAsync(follower, 2, TimeSpan.FromSeconds(300));
        await harness.StartAsync(machine, "two", """{"seconds":1}""");
        StateMachineRecord other = await harness.CreateMachineAsync("m", Machines.Wait, tenant: HarnessSteps.Bert);
        await harness.StartAsync(other, "one", """{"seconds":1}""");
        await harness.AdvanceAsync(TimeSpan.FromSeconds(300));
        Assert.False(await grown);
    }

    [Fact]
    public async Task Follower_of_an_execution_that_does_not_exist_yet_learns_of_its_start()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Wait);
        using IExecutionFollower follower = harness.Ports.Changes.Follow(new ExecutionKey(HarnessSteps.Anna, "m:one"));
        Task<bool> grown = WaitAsync(follower, 0, TimeSpan.FromHours(1));
        await harness.StartAsync(machine, "one", """{"seconds":60}""");
        await harness.AdvanceAsync(harness.FollowerDelay);
        Assert.True(await grown);
    }

    private static Task<bool> WaitAsync(IExecutionFollower follower, long after, TimeSpan wait, CancellationToken cancellation = default) =>
        follower.WaitAsync(after, wait, cancellation).AsTask().WaitAsync(HarnessSteps.Patience, CancellationToken.None);
}
