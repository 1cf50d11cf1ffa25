using Lockstep.Embedded.Tests.Support;
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
