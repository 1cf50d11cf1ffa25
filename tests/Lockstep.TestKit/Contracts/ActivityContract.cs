using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Activities;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;
using Lockstep.TestKit.Drivers;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What every keeper of activities does, and how it hands out the tasks that executions schedule.</summary>
public abstract class ActivityContract : HarnessContract
{
    private static readonly TimeSpan _minute = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Activity_is_created_once_found_and_deleted_within_its_tenant()
    {
        await using IDriverHarness harness = await OpenAsync();
        IActivityStore store = harness.Ports.Activities;
        ActivityRecord first = New(harness, 1, "a");
        Assert.Equal(first, await store.CreateAsync(first, CancellationToken.None));
        Assert.Equal(first, await store.CreateAsync(first with { CreatedAt = first.CreatedAt.AddDays(1) }, CancellationToken.None));
        await store.CreateAsync(New(harness, 2, "a"), CancellationToken.None);

        Assert.Equal(first, await store.FindAsync(HarnessSteps.Anna, "a", CancellationToken.None));
        Assert.Null(await store.FindAsync(HarnessSteps.Anna, "b", CancellationToken.None));
        Assert.Equal(1, await store.CountAsync(HarnessSteps.Anna, CancellationToken.None));
        Assert.True(await store.DeleteAsync(HarnessSteps.Anna, "a", CancellationToken.None));
        Assert.False(await store.DeleteAsync(HarnessSteps.Anna, "a", CancellationToken.None));
        Assert.Null(await store.FindAsync(HarnessSteps.Anna, "a", CancellationToken.None));
        Assert.Equal(0, await store.CountAsync(HarnessSteps.Anna, CancellationToken.None));
        Assert.NotNull(await store.FindAsync(HarnessSteps.Bert, "a", CancellationToken.None));
        Assert.Equal(0, await store.CountAsync(HarnessSteps.TenantOf(3), CancellationToken.None));
    }

    [Fact]
    public async Task Pages_add_up_to_the_whole_in_the_order_of_names()
    {
        await using IDriverHarness harness = await OpenAsync();
        IActivityStore store = harness.Ports.Activities;
        string[] names = [.. Enumerable.Range(0, 7).Select(number => $"a{number}")];
        foreach (string name in names.Reverse())
        {
            await store.CreateAsync(New(harness, 1, name), CancellationToken.None);
        }

        await store.CreateAsync(New(harness, 2, "a00"), CancellationToken.None);
        for (int size = 1; size <= names.Length + 1; size++)
        {
            List<string> read = [];
            string? cursor = null;
            do
            {
                Page<ActivityRecord> page = await store.ListAsync(HarnessSteps.Anna, new PageRequest(size, cursor), CancellationToken.None);
                Assert.InRange(page.Items.Count, 0, size);
                read.AddRange(page.Items.Select(activity => activity.Name));
                cursor = page.Next;
            }
            while (cursor is not null);
            Assert.Equal(names, read);
        }
    }

    [Fact]
    public async Task Worker_gets_a_waiting_task_once_and_its_outcome_ends_the_state()
    {
        await using IDriverHarness harness = await OpenWithActivityAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Activity, """{"a":1}""");
        ActivityTask? task = await Poll(harness, worker: "Ada");
        ActivityTask? none = await Poll(harness);
        Assert.Equal("""{"a":1}""", task?.Input);
        Assert.Null(none);
        Assert.True((await harness.ReportAsync(task?.TaskToken, new TaskSuccessReport(JsonNumber.Of(2)))).Succeeded);

        Assert.Equal("2", (await harness.EndAsync(key)).Output);
        IReadOnlyList<HistoryEvent> history = await harness.HistoryAsync(key);
        HistoryEvent started = Assert.Single(history, item => item.Type == HistoryEventType.ActivityStarted);
        Assert.Equal(new ActivityStartedDetails("Ada"), started.Details);
        Assert.Equal(
            [HistoryEventType.ActivityScheduled, HistoryEventType.ActivityStarted, HistoryEventType.ActivitySucceeded],
            history.Where(item => item.Type.ToString().StartsWith("Activity", StringComparison.Ordinal)).Select(item => item.Type));
    }

    [Fact]
    public async Task Worker_without_a_name_is_shown_without_one()
    {
        await using IDriverHarness harness = await OpenWithActivityAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Activity);
        Assert.NotNull(await Poll(harness, worker: null));
        await harness.RunUntilIdleAsync();
        Assert.Equal(
            new ActivityStartedDetails(null), Assert.Single(await harness.HistoryAsync(key), item => item.Type == HistoryEventType.ActivityStarted).Details);
    }

    [Fact]
    public async Task Taking_is_recorded_before_the_task_is_handed_out()
    {
        await using IDriverHarness harness = await OpenWithActivityAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Activity);
        Assert.NotNull(await Poll(harness));

        // Recorded is what decides; a host may write it into history a moment later.
        await harness.RunUntilIdleAsync();
        Assert.Contains(await harness.HistoryAsync(key), item => item.Type == HistoryEventType.ActivityStarted);
    }

    [Fact]
    public async Task Poll_that_came_first_gets_the_task_as_soon_as_it_is_scheduled()
    {
        await using IDriverHarness harness = await OpenWithActivityAsync();
        Task<ActivityTask?> poll = Poll(harness, wait: _minute);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(59));
        Assert.False(poll.IsCompleted);
        await harness.RunAsync(Machines.Activity, "3");
        Assert.Equal("3", (await poll)?.Input);
    }

    [Fact]
    public async Task Poll_ends_empty_when_its_wait_is_over_and_takes_nothing_afterwards()
    {
        await using IDriverHarness harness = await OpenWithActivityAsync();
        Task<ActivityTask?> poll = Poll(harness, wait: _minute);
        await harness.AdvanceAsync(_minute - TimeSpan.FromMilliseconds(1));
        Assert.False(poll.IsCompleted);
        await harness.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        Assert.Null(await poll);
        await harness.RunAsync(Machines.Activity, "3");
        Assert.NotNull(await Poll(harness));
    }

    [Fact]
    public async Task Cancelled_poll_takes_nothing()
    {
        await using IDriverHarness harness = await OpenWithActivityAsync();
        using var cancelled = new CancellationTokenSource();
        Task<ActivityTask?> poll = Poll(harness, wait: _minute, cancellation: cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll);
        await harness.RunAsync(Machines.Activity, "3");
        Assert.NotNull(await Poll(harness));
    }

    [Fact]
    public async Task Of_two_workers_that_wait_one_gets_the_task()
    {
        await using IDriverHarness harness = await OpenWithActivityAsync();
        Task<ActivityTask?> first = Poll(harness, wait: _minute);
        Task<ActivityTask?> second = Poll(harness, wait: _minute);
        await harness.RunAsync(Machines.Activity, "3");
        Task<ActivityTask?> got = await Task.WhenAny(first, second);
        Assert.NotNull(await got);
        await harness.AdvanceAsync(_minute);
        Assert.Null(await (got == first ? second : first));
    }

    [Fact]
    public async Task Many_workers_at_once_share_out_the_tasks_and_no_task_goes_twice()
    {
        await using IDriverHarness harness = await OpenWithActivityAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Activity);
        for (int number = 0; number < 8; number++)
        {
            await harness.StartAsync(machine, $"e{number}", $"{number}");
        }

        ActivityTask?[] tasks = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => Poll(harness))));
        Assert.Equal(Enumerable.Range(0, 8).Select(number => $"{number}"), tasks.OfType<ActivityTask>().Select(task => task.Input).Order());
        Assert.Equal(8, tasks.OfType<ActivityTask>().Select(task => task.TaskToken).Distinct().Count());
    }

    [Fact]
    public async Task Tasks_are_handed_out_oldest_first()
    {
        await using IDriverHarness harness = await OpenWithActivityAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Activity);
        for (int number = 0; number < 5; number++)
        {
            await harness.StartAsync(machine, $"e{number}", $"{number}");
            await harness.AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        for (int number = 0; number < 5; number++)
        {
            Assert.Equal($"{number}", (await Poll(harness))?.Input);
        }
    }

    [Fact]
    public async Task Worker_that_falls_silent_misses_its_heartbeat_counted_from_when_it_took_the_task()
    {
        await using IDriverHarness harness = await OpenWithActivityAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Activity);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(30));
        string? token = (await Poll(harness))?.TaskToken;
        await harness.AdvanceAsync(TimeSpan.FromSeconds(9));
        Assert.True((await harness.ReportAsync(token, new TaskHeartbeatReport())).Succeeded);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(9));
        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(key)).Status);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(1));

        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal((ExecutionStatus.Failed, "States.Timeout", TimeSpan.FromSeconds(49)), (ended.Status, ended.Error, ended.StoppedAt - ended.StartedAt));
        Assert.Equal(ErrorCodes.TaskTimedOut, (await harness.ReportAsync(token, new TaskHeartbeatReport())).Error?.Code);
    }

    [Fact]
    public async Task Task_that_timed_out_is_not_handed_out_any_more()
    {
        await using IDriverHarness harness = await OpenWithActivityAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Activity);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(100));
        Assert.Equal("States.Timeout", (await harness.EndAsync(key)).Error);
        Assert.Null(await Poll(harness));
    }

    [Fact]
    public async Task Task_of_an_execution_that_was_stopped_is_not_handed_out_any_more()
    {
        await using IDriverHarness harness = await OpenWithActivityAsync();
        await harness.StopAsync(await harness.RunAsync(Machines.Activity));
        Assert.Null(await Poll(harness));
    }

    [Fact]
    public async Task Failure_that_a_worker_reports_is_retried_as_a_new_task()
    {
        await using IDriverHarness harness = await OpenWithActivityAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Activity.Replace(
            "\"End\"", "\"Retry\":[{\"ErrorEquals\":[\"Again\"],\"IntervalSeconds\":5}],\"End\"", StringComparison.Ordinal));
        string? first = (await Poll(harness))?.TaskToken;
        await harness.ReportAsync(first, new TaskFailureReport("Again", null));
        Assert.Null(await Poll(harness));
        await harness.AdvanceAsync(TimeSpan.FromSeconds(5));
        string? second = (await Poll(harness))?.TaskToken;
        Assert.Equal(ErrorCodes.TaskTimedOut, (await harness.ReportAsync(first, new TaskSuccessReport(JsonNull.Instance))).Error?.Code);
        await harness.ReportAsync(second, new TaskFailureReport("Mine", "why"));
        Assert.Equal(("Mine", "why"), ((await harness.EndAsync(key)).Error, (await harness.DescribeAsync(key)).Cause));
    }

    [Fact]
    public async Task Task_for_an_activity_that_does_not_exist_fails()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionRecord ended = await harness.EndAsync(await harness.RunAsync(Machines.Activity));
        Assert.Equal((ExecutionStatus.Failed, ErrorCodes.ActivityDoesNotExist), (ended.Status, ended.Error));
        Assert.Contains(await harness.HistoryAsync(ended.Key), item => item.Type == HistoryEventType.ActivityScheduleFailed);
    }

    [Fact]
    public async Task Workers_of_one_tenant_get_no_task_of_another()
    {
        await using IDriverHarness harness = await OpenWithActivityAsync();
        await harness.Ports.Activities.CreateAsync(New(harness, 2, "work"), CancellationToken.None);
        await harness.RunAsync(Machines.Activity);
        Assert.Null(await Poll(harness, tenant: HarnessSteps.Bert));
        Assert.NotNull(await Poll(harness));
    }

    private static Task<ActivityTask?> Poll(
        IDriverHarness harness, string? worker = "w", TimeSpan wait = default, TenantId? tenant = null, CancellationToken cancellation = default) =>
        harness.Ports.Activities.PollAsync(tenant ?? HarnessSteps.Anna, "work", worker, wait, cancellation)
            .AsTask().WaitAsync(HarnessSteps.Patience, CancellationToken.None);

    private static ActivityRecord New(IDriverHarness harness, int tenant, string name) => new(
        HarnessSteps.TenantOf(tenant), name, harness.Service.Arns.Activity(HarnessSteps.TenantOf(tenant), name), harness.Time.GetUtcNow());

    private async Task<IDriverHarness> OpenWithActivityAsync()
    {
        IDriverHarness harness = await OpenAsync();
        await harness.Ports.Activities.CreateAsync(New(harness, 1, "work"), CancellationToken.None);
        return harness;
    }
}
