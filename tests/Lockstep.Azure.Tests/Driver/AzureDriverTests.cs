using Lockstep.Azure.Driver;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Work;
using Lockstep.Engine;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Drivers;
using static Lockstep.Azure.Tests.Driver.DriverSteps;

namespace Lockstep.Azure.Tests.Driver;

public sealed class AzureDriverTests
{
    [Fact]
    public async Task Start_is_durable_scheduled_and_leaves_no_intent()
    {
        using var fixture = new DriverFixture();
        StartRequest request = fixture.Request(Machines.Pass, input: """{"a":1}""");

        StartOutcome started = Ok(await fixture.Driver.StartAsync(request, CancellationToken.None));

        Assert.True(started.Created);
        Assert.Null(started.Execution.Input);
        Assert.Equal([request.Key], fixture.Scheduler.Scheduled);
        Assert.Empty(fixture.Intents.Open);
        Assert.Equal("""{"a":1}""", (await fixture.HeadAsync(request.Key)).Record.Input);
    }

    [Fact]
    public async Task Start_whose_scheduling_fails_leaves_an_intent_and_is_completed_by_the_same_request()
    {
        using var fixture = new DriverFixture();
        StartRequest request = fixture.Request(Machines.Pass);
        fixture.Scheduler.Failure = new StorageUnavailableException("down");
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await fixture.Driver.StartAsync(request, CancellationToken.None));
        Assert.Equal([IntentKind.Start], fixture.Intents.Open.Select(intent => intent.Kind));

        fixture.Scheduler.Failure = null;
        StartOutcome again = Ok(await fixture.Driver.StartAsync(request, CancellationToken.None));

        Assert.False(again.Created);
        Assert.Equal([request.Key], fixture.Scheduler.Scheduled);
    }

    [Fact]
    public async Task Same_name_is_the_same_request_while_it_runs_with_the_same_input_and_no_other()
    {
        using var fixture = new DriverFixture();
        await fixture.Driver.StartAsync(fixture.Request(Machines.Pass), CancellationToken.None);

        Assert.False(Ok(await fixture.Driver.StartAsync(fixture.Request(Machines.Pass), CancellationToken.None)).Created);
        Assert.Equal(
            ErrorCodes.ExecutionAlreadyExists,
            (await fixture.Driver.StartAsync(fixture.Request(Machines.Pass, input: "1"), CancellationToken.None)).Error?.Code);
        Assert.Empty(fixture.Intents.Open);
    }

    [Fact]
    public async Task Task_of_a_parent_has_one_child()
    {
        using var fixture = new DriverFixture();
        StartRequest parent = fixture.Request(Machines.Pass, name: "parent");
        await fixture.Driver.StartAsync(parent, CancellationToken.None);
        var task = new ParentTask(parent.Key, new CommandId(1), Waits: true);

        StartOutcome first = Ok(await fixture.Driver.StartAsync(fixture.Request(Machines.Pass, name: "a") with { Parent = task }, CancellationToken.None));
        StartOutcome second = Ok(await fixture.Driver.StartAsync(fixture.Request(Machines.Pass, name: "b") with { Parent = task }, CancellationToken.None));

        Assert.True(first.Created);
        Assert.False(second.Created);
        Assert.Equal(first.Execution.Key, second.Execution.Key);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Child_that_comes_after_its_task_was_given_up_is_stopped_if_the_task_was_to_wait(bool waits, bool isGivenUp)
    {
        using var fixture = new DriverFixture();
        StartRequest parent = fixture.Request(Machines.Pass, name: "parent");
        await fixture.Driver.StartAsync(parent, CancellationToken.None);
        await fixture.OpenAsync(parent.Key, Child(1));
        if (isGivenUp)
        {
            await fixture.Ledger.AppendAsync(parent.Key, new AppendBatch { Epoch = 1, Closes = [new CommandId(1)] }, CancellationToken.None);
        }

        StartRequest child = fixture.Request(Machines.Pass, name: "child") with { Parent = new ParentTask(parent.Key, new CommandId(1), waits) };
        Assert.True(Ok(await fixture.Driver.StartAsync(child, CancellationToken.None)).Created);
        Assert.Equal(waits && isGivenUp ? 1 : 0, (await fixture.InboxAsync(child.Key)).OfType<StopRequested>().Count());
        Assert.False(Ok(await fixture.Driver.StartAsync(child, CancellationToken.None)).Created);
        Assert.Equal(waits && isGivenUp ? 1 : 0, (await fixture.InboxAsync(child.Key)).OfType<StopRequested>().Count());
    }

    [Fact]
    public async Task A_quarantined_parent_keeps_its_child()
    {
        using var fixture = new DriverFixture();
        StartRequest parent = fixture.Request(Machines.Pass, name: "parent");
        await fixture.Driver.StartAsync(parent, CancellationToken.None);
        await fixture.OpenAsync(parent.Key, Child(1));
        await fixture.Ledger.QuarantineAsync(parent.Key, "why", CancellationToken.None);
        StartRequest child = fixture.Request(Machines.Pass, name: "child") with { Parent = new ParentTask(parent.Key, new CommandId(1), Waits: true) };

        Assert.True(Ok(await fixture.Driver.StartAsync(child, CancellationToken.None)).Created);
        Assert.Empty(await fixture.InboxAsync(child.Key));
    }

    [Fact]
    public async Task Parent_that_waits_has_to_be_there_and_another_need_not()
    {
        using var fixture = new DriverFixture();
        var task = new ParentTask(new ExecutionKey(HarnessSteps.Anna, "m:none"), new CommandId(1), Waits: true);

        Assert.Equal(
            ErrorCodes.ExecutionDoesNotExist,
            (await fixture.Driver.StartAsync(fixture.Request(Machines.Pass) with { Parent = task }, CancellationToken.None)).Error?.Code);
        Assert.True(Ok(await fixture.Driver.StartAsync(
            fixture.Request(Machines.Pass) with { Parent = task with { Waits = false } }, CancellationToken.None)).Created);
    }

    [Fact]
    public async Task Stop_is_put_into_the_inbox_once_and_wakes()
    {
        using var fixture = new DriverFixture();
        StartRequest request = fixture.Request(Machines.Callback);
        await fixture.Driver.StartAsync(request, CancellationToken.None);

        ExecutionRecord record = Ok(await fixture.Driver.StopAsync(request.Key, "E", "c", CancellationToken.None));

        Assert.Equal(ExecutionStatus.Running, record.Status);
        Assert.Equal(
            [new StopRequested(fixture.Time.GetUtcNow(), "E", "c")], await fixture.InboxAsync(request.Key));
        Assert.Equal([ExecutionInstances.IdOf(request.Key)], Sessions(fixture, MessageRoute.Callbacks));
        Assert.Equal([IntentKind.Wake], fixture.Intents.Open.Select(intent => intent.Kind));
        Assert.Equal(
            ErrorCodes.ExecutionDoesNotExist,
            (await fixture.Driver.StopAsync(request.Key with { Tenant = HarnessSteps.Bert }, null, null, CancellationToken.None)).Error?.Code);
    }

    [Fact]
    public async Task Stop_waits_for_the_end_and_no_longer_than_it_may()
    {
        using var fixture = new DriverFixture(new DriverOptions { StopWait = TimeSpan.FromSeconds(5) });
        StartRequest request = fixture.Request(Machines.Callback);
        await fixture.Driver.StartAsync(request, CancellationToken.None);
        ValueTask<Result<ExecutionRecord>> ended = fixture.Driver.StopAsync(request.Key, null, null, CancellationToken.None);
        await UntilAsync(() => fixture.Time.NextDue is not null);
        Assert.False(ended.IsCompleted);
        await fixture.Ledger.AppendAsync(
            request.Key,
            new AppendBatch
            {
                Epoch = 1,
                Turns = [Ledger.LedgerFixture.Turn(1, 1, 2, 0)],
                End = new ExecutionEnd(ExecutionStatus.Aborted, fixture.Time.GetUtcNow(), null, null, null),
            },
            CancellationToken.None);
        Assert.Equal(ExecutionStatus.Aborted, Ok(await EndAsync(fixture, ended.AsTask())).Status);

        StartRequest other = fixture.Request(Machines.Callback, name: "other");
        await fixture.Driver.StartAsync(other, CancellationToken.None);
        Task<Result<ExecutionRecord>> bounded = fixture.Driver.StopAsync(other.Key, null, null, CancellationToken.None).AsTask();
        DateTimeOffset asked = fixture.Time.GetUtcNow();
        Assert.Equal(ExecutionStatus.Running, Ok(await EndAsync(fixture, bounded)).Status);
        Assert.InRange(fixture.Time.GetUtcNow() - asked, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task Report_is_accepted_once_and_again_when_it_is_the_same()
    {
        using var fixture = new DriverFixture();
        StartRequest request = fixture.Request(Machines.Callback);
        await fixture.Driver.StartAsync(request, CancellationToken.None);
        await fixture.OpenAsync(request.Key, Ledger.LedgerFixture.Open(3, heartbeatSeconds: 10));
        var claims = new TaskTokenClaims(request.Key, 1, new CommandId(3));

        Assert.True((await fixture.Driver.DeliverAsync(claims, new TaskHeartbeatReport(), CancellationToken.None)).Succeeded);
        Assert.Empty(Sessions(fixture, MessageRoute.Callbacks));
        Assert.True((await fixture.Driver.DeliverAsync(claims, new TaskSuccessReport(JsonNumber.Of(1)), CancellationToken.None)).Succeeded);
        Assert.True((await fixture.Driver.DeliverAsync(claims, new TaskSuccessReport(JsonNumber.Of(1)), CancellationToken.None)).Succeeded);

        Result<Accepted> late = await fixture.Driver.DeliverAsync(claims, new TaskFailureReport("E", null), CancellationToken.None);
        Assert.Equal(ErrorCodes.TaskTimedOut, late.Error?.Code);
        Assert.Equal(DriverErrors.TaskGone, late.Error);
        Assert.Equal(DriverErrors.UnknownTask, (await fixture.Driver.DeliverAsync(claims with { Task = new CommandId(99) }, new TaskSuccessReport(JsonNull.Instance), CancellationToken.None)).Error);
        Assert.Equal(DriverErrors.UnknownTask, (await fixture.Driver.DeliverAsync(claims with { Incarnation = 2 }, new TaskHeartbeatReport(), CancellationToken.None)).Error);
        Assert.Single(await fixture.InboxAsync(request.Key));
    }

    [Fact]
    public async Task Report_whose_wake_cannot_be_sent_is_accepted_and_left_to_the_sweep()
    {
        using var fixture = new DriverFixture();
        StartRequest request = fixture.Request(Machines.Callback);
        await fixture.Driver.StartAsync(request, CancellationToken.None);
        await fixture.OpenAsync(request.Key, Ledger.LedgerFixture.Open(3));
        fixture.Cloud.Before = operation => operation.Kind == StorageOperationKind.MessageSend
            ? throw new StorageUnavailableException("down")
            : Task.CompletedTask;

        Result<Accepted> accepted = await fixture.Driver.DeliverAsync(
            new TaskTokenClaims(request.Key, 1, new CommandId(3)), new TaskSuccessReport(JsonNull.Instance), CancellationToken.None);

        Assert.True(accepted.Succeeded);
        Assert.Single(fixture.Warnings);
        Intent intent = Assert.Single(fixture.Intents.Open);
        Assert.Equal(IntentKind.Wake, intent.Kind);
        Assert.InRange(intent.Due - fixture.Time.GetUtcNow(), fixture.Options.SweepAfter, fixture.Options.SweepAfter * 2);
    }

    [Fact]
    public async Task Queued_task_is_called_with_one_key_and_reported_once()
    {
        using var fixture = new DriverFixture();
        StartRequest request = fixture.Request(Machines.Tasks(1));
        await fixture.Driver.StartAsync(request, CancellationToken.None);
        await fixture.OpenAsync(request.Key, Queued(5));
        ReadOnlyMemory<byte> message = new WorkMessage(request.Key, new CommandId(5)).ToMessage().Body;

        Assert.True(await fixture.Worker.HandleAsync(message, CancellationToken.None));
        Assert.True(await fixture.Worker.HandleAsync(message, CancellationToken.None));

        TaskInvocation call = Assert.Single(fixture.Targets.Calls);
        Assert.Equal((request.Key, new CommandId(5)), (call.Execution, call.Task));
        Assert.IsType<TaskSucceeded>(Assert.Single(await fixture.InboxAsync(request.Key)));
    }

    [Fact]
    public async Task Queued_task_whose_worker_stops_is_called_again_with_the_same_key()
    {
        using var fixture = new DriverFixture();
        StartRequest request = fixture.Request(Machines.Tasks(1));
        await fixture.Driver.StartAsync(request, CancellationToken.None);
        await fixture.OpenAsync(request.Key, Queued(5));
        ReadOnlyMemory<byte> message = new WorkMessage(request.Key, new CommandId(5)).ToMessage().Body;
        CallGate gate = fixture.Targets.NewGate();
        fixture.Targets.Answer = async (_, cancellation) =>
        {
            await gate.PassAsync(cancellation);
            return new TaskAnswered(JsonNull.Instance);
        };
        using var stopping = new CancellationTokenSource();
        Task<bool> stopped = fixture.Worker.HandleAsync(message, stopping.Token).AsTask();
        await UntilAsync(() => fixture.Targets.Held == 1);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);

        gate.Open();
        Assert.True(await fixture.Worker.HandleAsync(message, CancellationToken.None));
        Assert.Single(fixture.Targets.Calls.Select(call => call.IdempotencyKey).Distinct());
        Assert.Equal(2, fixture.Targets.Calls.Count);
    }

    [Fact]
    public async Task Work_that_no_worker_brought_to_an_end_fails_with_a_clear_error()
    {
        using var fixture = new DriverFixture();
        StartRequest request = fixture.Request(Machines.Tasks(1));
        await fixture.Driver.StartAsync(request, CancellationToken.None);
        await fixture.OpenAsync(request.Key, Queued(5));
        StartRequest express = fixture.Request(Machines.Pass, WorkflowType.Express, "run");
        await fixture.Driver.StartAsync(express, CancellationToken.None);

        Assert.True(await fixture.Worker.GiveUpAsync(new WorkMessage(request.Key, new CommandId(5)).ToMessage().Body, 10, CancellationToken.None));
        Assert.True(await fixture.Worker.GiveUpAsync(new WorkMessage(express.Key, null).ToMessage().Body, 10, CancellationToken.None));
        Assert.False(await fixture.Worker.GiveUpAsync("x"u8.ToArray(), 10, CancellationToken.None));
        Assert.False(await fixture.Worker.HandleAsync("x"u8.ToArray(), CancellationToken.None));

        var failed = Assert.IsType<TaskFailed>(Assert.Single(await fixture.InboxAsync(request.Key)));
        Assert.Equal((TaskWorker.AbandonedError, true), (failed.Error, failed.Cause?.Contains("10 times", StringComparison.Ordinal)));
        ExecutionRecord record = (await fixture.HeadAsync(express.Key)).Record;
        Assert.Equal((ExecutionStatus.Failed, TaskWorker.AbandonedError), (record.Status, record.Error));
    }

    [Fact]
    public async Task End_of_a_child_is_reported_to_the_task_that_waits_and_a_task_given_up_stops_its_child()
    {
        using var fixture = new DriverFixture();
        StartRequest parent = fixture.Request(Machines.Pass, name: "parent");
        await fixture.Driver.StartAsync(parent, CancellationToken.None);
        await fixture.OpenAsync(parent.Key, Child(1), Child(2));
        StartRequest[] children = [.. new[] { 1, 2 }.Select(task => fixture.Request(Machines.Pass, name: $"child{task}") with
        {
            Parent = new ParentTask(parent.Key, new CommandId(task), Waits: true),
        })];
        foreach (StartRequest child in children)
        {
            await fixture.Driver.StartAsync(child, CancellationToken.None);
        }

        await fixture.Children.ReportAsync(children[0].Key, CancellationToken.None);
        Assert.Empty(await fixture.InboxAsync(parent.Key));
        await fixture.Ledger.AppendAsync(
            children[0].Key,
            new AppendBatch
            {
                Epoch = 1,
                Turns = [Ledger.LedgerFixture.Turn(1, 1, 2, 0)],
                End = new ExecutionEnd(ExecutionStatus.Succeeded, fixture.Time.GetUtcNow(), JsonNumber.Of(7), null, null),
            },
            CancellationToken.None);
        await fixture.Children.ReportAsync(children[0].Key, CancellationToken.None);
        await fixture.Children.ReportAsync(children[0].Key, CancellationToken.None);

        var outcome = Assert.IsType<TaskSucceeded>(Assert.Single(await fixture.InboxAsync(parent.Key)));
        Assert.Equal((new CommandId(1), "7"), (outcome.Task, ((JsonObject)outcome.Output)["Output"]?.ToString()));

        await fixture.Children.StopAsync(parent.Key, new CommandId(1), CancellationToken.None);
        await fixture.Children.StopAsync(parent.Key, new CommandId(2), CancellationToken.None);
        await fixture.Children.StopAsync(parent.Key, new CommandId(3), CancellationToken.None);
        Assert.Empty(await fixture.InboxAsync(children[0].Key));
        Assert.IsType<StopRequested>(Assert.Single(await fixture.InboxAsync(children[1].Key)));
    }
}
