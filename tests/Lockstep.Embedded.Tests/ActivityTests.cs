using Lockstep.Embedded.Tests.Support;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Activities;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit.Drivers;
using Lockstep.TestKit.Time;

namespace Lockstep.Embedded.Tests;

public sealed class ActivityTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Worker_gets_the_task_once_and_its_outcome_ends_the_state()
    {
        await using TestService service = await OpenAsync();
        ExecutionKey key = await StartAsync(service, """{"a":1}""");

        ActivityTask? task = await PollAsync(service);
        ActivityTask? none = await PollAsync(service);

        Assert.NotNull(task);
        Assert.Null(none);
        Assert.Equal("""{"a":1}""", task.Input);
        Assert.True((await service.ReportAsync(task.TaskToken, new TaskSuccessReport(JsonValue.Parse("2")))).Succeeded);
        Assert.Equal("2", (await service.EndAsync(key)).Output);
        Assert.Contains(await service.HistoryAsync(key), item => item.Type == HistoryEventType.ActivityStarted);
    }

    [Fact]
    public async Task Poll_that_came_first_gets_the_task_as_soon_as_it_is_scheduled()
    {
        await using TestService service = await OpenAsync();
        Task<ActivityTask?> poll = PollAsync(service, TimeSpan.FromSeconds(60)).AsTask();
        Assert.False(poll.IsCompleted);

        await StartAsync(service, "3");

        Assert.Equal("3", (await poll.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken))?.Input);
    }

    [Fact]
    public async Task Cancelled_poll_takes_nothing()
    {
        await using TestService service = await OpenAsync();
        using var cancelled = new CancellationTokenSource();
        Task<ActivityTask?> poll = service.Host.Activities.PollAsync(
            TestService.Tenant, "work", "w", TimeSpan.FromSeconds(60), cancelled.Token).AsTask();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll);

        await StartAsync(service, "3");

        Assert.NotNull(await PollAsync(service));
    }

    [Fact]
    public async Task Task_that_timed_out_is_not_handed_out_any_more()
    {
        await using TestService service = await OpenAsync();
        ExecutionKey key = await StartAsync(service, "3");

        ExecutionRecord ended = await service.AdvanceUntilAsync(service.EndAsync(key).AsTask(), TimeSpan.FromSeconds(10));

        Assert.Equal("States.Timeout", ended.Error);
        Assert.Null(await PollAsync(service));
        await service.RestartAsync();
        Assert.Null(await PollAsync(service));
    }

    [Fact]
    public async Task Task_waits_through_a_restart_for_a_worker()
    {
        await using TestService service = await OpenAsync();
        ExecutionKey key = await StartAsync(service, "3");
        await service.ParkAllAsync();
        await service.RestartAsync();

        ActivityTask? task = await PollAsync(service);

        Assert.NotNull(task);
        await service.ReportAsync(task.TaskToken, new TaskFailureReport("Mine", "why"));
        Assert.Equal("Mine", (await service.EndAsync(key)).Error);
    }

    [Fact]
    public async Task Worker_that_falls_silent_misses_its_heartbeat()
    {
        await using TestService service = await OpenAsync();
        ExecutionKey key = await StartAsync(service, "3");
        Assert.NotNull(await PollAsync(service));

        ExecutionRecord ended = await service.AdvanceUntilAsync(service.EndAsync(key).AsTask(), TimeSpan.FromSeconds(1));

        // The machine's heartbeat is 10 s and its timeout 100 s.
        Assert.InRange((ended.StoppedAt - ended.StartedAt ?? default).TotalSeconds, 10, 12);
    }

    [Fact]
    public async Task Task_for_an_activity_that_does_not_exist_fails()
    {
        await using TestService service = await TestService.NewAsync(_time);
        ExecutionKey key = await StartAsync(service, "3");

        ExecutionRecord ended = await service.EndAsync(key);

        Assert.Equal(ExecutionStatus.Failed, ended.Status);
        Assert.Contains("does not exist", ended.Cause, StringComparison.Ordinal);
    }

    private static ValueTask<ActivityTask?> PollAsync(TestService service, TimeSpan wait = default) =>
        service.Host.Activities.PollAsync(TestService.Tenant, "work", "w", wait, CancellationToken.None);

    private static async Task<ExecutionKey> StartAsync(TestService service, string input)
    {
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Activity);
        ExecutionKey key = await service.StartAsync(machine, "one", input);

        // The start is acknowledged when it is durable; the task is offered to workers just after.
        await service.RestAsync();
        return key;
    }

    private async Task<TestService> OpenAsync()
    {
        TestService service = await TestService.NewAsync(_time);
        await service.Host.Activities.CreateAsync(
            new ActivityRecord(TestService.Tenant, "work", TestService.Arns.Activity(TestService.Tenant, "work"), _time.GetUtcNow()), CancellationToken.None);
        return service;
    }
}
