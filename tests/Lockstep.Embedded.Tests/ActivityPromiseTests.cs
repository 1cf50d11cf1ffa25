using Lockstep.Embedded.Activities;
using Lockstep.Embedded.Tests.Support;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Activities;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Executions;
using Lockstep.TestKit.Drivers;
using Lockstep.TestKit.Time;

namespace Lockstep.Embedded.Tests;

public sealed class ActivityPromiseTests
{
    private const long FirstTenant = 1;

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Taking_is_in_history_before_the_task_is_handed_out()
    {
        await using TestService service = await TestService.NewAsync(_time);
        await service.Host.Activities.CreateAsync(
            new ActivityRecord(TestService.Tenant, "work", TestService.Arns.Activity(TestService.Tenant, "work"), _time.GetUtcNow()), CancellationToken.None);
        ExecutionKey key = await service.StartAsync(await service.CreateMachineAsync("m", Machines.Activity), "one", "3");
        await service.RestAsync();

        Assert.NotNull(await service.Host.Activities.PollAsync(TestService.Tenant, "work", "w", TimeSpan.Zero, CancellationToken.None));
        Assert.Contains(await service.HistoryAsync(key), item => item.Type == HistoryEventType.ActivityStarted);
    }

    [Fact]
    public async Task Execution_that_is_loaded_between_promise_and_taking_of_its_task_still_waits_for_the_worker()
    {
        await using TestService service = await TestService.NewAsync(_time);
        await service.Host.Activities.CreateAsync(
            new ActivityRecord(TestService.Tenant, "work", TestService.Arns.Activity(TestService.Tenant, "work"), _time.GetUtcNow()), CancellationToken.None);
        ExecutionKey key = await service.StartAsync(await service.CreateMachineAsync("m", Machines.Activity), "one", "3");
        await service.RestAsync();
        await service.ParkAllAsync();

        // A worker has been promised the task and has not yet told the execution so, when something else brings the execution into memory.
        WaitingTask promised = await service.Host.ActivityQueues.Take(FirstTenant, "work").Promise;
        await service.Host.Driver.DeliverAsync(new TaskTokenClaims(key, 1, promised.Task), new TaskHeartbeatReport(), CancellationToken.None);
        await service.RestAsync();
        service.Host.ActivityQueues.Return(FirstTenant, "work", promised);

        ActivityTask? task = await service.Host.Activities.PollAsync(TestService.Tenant, "work", "w", TimeSpan.Zero, CancellationToken.None);

        Assert.NotNull(task);
        await service.ReportAsync(task.TaskToken, new TaskSuccessReport(JsonValue.Parse("4")));
        Assert.Equal("4", (await service.EndAsync(key)).Output);
    }
}
