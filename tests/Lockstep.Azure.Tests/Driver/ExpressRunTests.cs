using Lockstep.Azure.Driver;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Work;
using Lockstep.Engine;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Drivers;
using static Lockstep.Azure.Tests.Driver.DriverSteps;

namespace Lockstep.Azure.Tests.Driver;

public sealed class ExpressRunTests
{
    [Fact]
    public async Task Synchronous_run_answers_with_its_end_and_leaves_no_trace()
    {
        using var fixture = new DriverFixture();

        ExecutionRecord ended = Ok(await fixture.Driver.StartSyncAsync(fixture.Request(Machines.Pass, WorkflowType.Express), CancellationToken.None));

        Assert.Equal((ExecutionStatus.Succeeded, """{"done":true}""", "{}"), (ended.Status, ended.Output, ended.Input));
        Assert.Empty(fixture.Cloud.Tables.All(TableName.Executions));
        Assert.Equal(0, fixture.Sync.Running);
    }

    [Fact]
    public async Task Synchronous_run_beyond_the_bound_goes_on_with_a_row_and_ends_there()
    {
        using var fixture = new DriverFixture(new DriverOptions { SyncAnswer = TimeSpan.FromSeconds(200) });
        StartRequest request = fixture.Request(Machines.Wait, WorkflowType.Express, input: """{"seconds":201}""");
        Task<Result<ExecutionRecord>> answer = fixture.Driver.StartSyncAsync(request, CancellationToken.None).AsTask();
        await WaitsAsync(fixture);
        fixture.Time.Advance(TimeSpan.FromSeconds(199));
        Assert.False(answer.IsCompleted);

        fixture.Time.Advance(TimeSpan.FromSeconds(1));

        ExecutionRecord running = Ok(await answer.WaitAsync(HarnessSteps.Patience, TestContext.Current.CancellationToken));
        Assert.Equal((ExecutionStatus.Running, request.Key), (running.Status, running.Key));
        Assert.Equal([IntentKind.Start], fixture.Intents.Open.Select(intent => intent.Kind));
        Assert.Equal(ExecutionStatus.Running, (await fixture.HeadAsync(request.Key)).Record.Status);
        Assert.Equal(1, fixture.Sync.Running);

        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() => fixture.Intents.Open.Count == 0);
        ExecutionRecord ended = (await fixture.HeadAsync(request.Key)).Record;
        Assert.Equal((ExecutionStatus.Succeeded, 0), (ended.Status, fixture.Sync.Running));
        Assert.Equal(1, ended.Transitions);
    }

    [Fact]
    public async Task Synchronous_run_that_went_on_and_lost_its_worker_is_run_again_by_another()
    {
        using var fixture = new DriverFixture(new DriverOptions { SyncAnswer = TimeSpan.FromSeconds(200) });
        StartRequest request = fixture.Request(Machines.Wait, WorkflowType.Express, input: """{"seconds":201}""");
        Task<Result<ExecutionRecord>> answer = fixture.Driver.StartSyncAsync(request, CancellationToken.None).AsTask();
        await WaitsAsync(fixture);
        fixture.Time.Advance(TimeSpan.FromSeconds(200));
        await answer.WaitAsync(HarnessSteps.Patience, TestContext.Current.CancellationToken);

        fixture.Sync.Stop();
        Assert.Equal([IntentKind.Start], fixture.Intents.Open.Select(intent => intent.Kind));
        await EndAsync(fixture, fixture.Worker.HandleAsync(new WorkMessage(request.Key, null).ToMessage().Body, CancellationToken.None).AsTask());

        Assert.Equal(ExecutionStatus.Succeeded, (await fixture.HeadAsync(request.Key)).Record.Status);
    }

    [Fact]
    public async Task Synchronous_runs_are_counted_up_to_the_limit_and_no_further()
    {
        using var fixture = new DriverFixture(new DriverOptions { MaxSyncExecutions = 1 });
        using var gone = new CancellationTokenSource();
        Task<Result<ExecutionRecord>> first = fixture.Driver.StartSyncAsync(
            fixture.Request(Machines.Wait, WorkflowType.Express, input: """{"seconds":5}"""), gone.Token).AsTask();
        Assert.Equal(
            ErrorCodes.Throttling,
            (await fixture.Driver.StartSyncAsync(fixture.Request(Machines.Pass, WorkflowType.Express), CancellationToken.None)).Error?.Code);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await UntilAsync(() => fixture.Sync.Running == 0);
        Assert.True((await fixture.Driver.StartSyncAsync(fixture.Request(Machines.Pass, WorkflowType.Express), CancellationToken.None)).Succeeded);
    }

    [Fact]
    public async Task Asynchronous_Express_run_is_carried_out_once_however_often_its_message_comes()
    {
        using var fixture = new DriverFixture();
        StartRequest request = fixture.Request(Machines.Tasks(1), WorkflowType.Express);
        await fixture.Driver.StartAsync(request, CancellationToken.None);
        Assert.Empty(fixture.Scheduler.Scheduled);
        DeliveredMessage message = Assert.Single(fixture.Cloud.Messages.Pending, message => message.Route == MessageRoute.Tasks);

        Assert.True(await fixture.Worker.HandleAsync(message.Message.Body, CancellationToken.None));
        Assert.True(await fixture.Worker.HandleAsync(message.Message.Body, CancellationToken.None));

        Assert.Equal(ExecutionStatus.Succeeded, (await fixture.HeadAsync(request.Key)).Record.Status);
        Assert.Single(fixture.Targets.Calls);
        Assert.Equal(DriverErrors.ExpressStop, (await StopOfRunningExpressAsync(fixture)).Error);
    }
}
