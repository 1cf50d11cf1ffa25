using Lockstep.Embedded.Committing;
using Lockstep.Embedded.Tests.Support;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Redrives;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.TestKit.Drivers;
using Lockstep.TestKit.Time;

namespace Lockstep.Embedded.Tests;

/// <summary>
/// A child whose parent does not wait for it any more is stopped, as AWS does, also when the process dies between the commit that gave it up and its stop,
/// and when it was just being started.
/// </summary>
public sealed class GivenUpChildTests
{
    private const string Nested = """
        "Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2",
        "Parameters":{"StateMachineArn":"arn:aws:states:local:000000000001:stateMachine:child"},"End":true
        """;

    private const string Waiting = """{"StartAt":"N","States":{"N":{""" + Nested + "}}}";

    /// <summary>Gives its child up after ten seconds, and goes on.</summary>
    private const string Impatient = """{"StartAt":"N","States":{"N":{""" + Nested + """
        ,"TimeoutSeconds":10,"Catch":[{"ErrorEquals":["States.Timeout"],"Next":"W"}]},
        "W":{"Type":"Wait","Seconds":100000,"End":true}}}
        """;

    private const string Endless = """{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":100000,"End":true}}}""";

    private static readonly ExecutionKey _parent = new(TestService.Tenant, "parent:p");
    private static readonly ExecutionKey _child = new(TestService.Tenant, "child:c");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Death_after_a_parent_was_stopped_leaves_no_child_running(bool parked) => DieAfterAsync(
        Waiting,
        parked,
        dying => dying.Host.Driver.StopAsync(_parent, null, null, CancellationToken.None).AsTask(),
        async next => (await next.DescribeAsync(_parent)).Status == ExecutionStatus.Aborted);

    [Fact]
    public Task Death_after_a_parent_went_on_without_its_child_leaves_no_child_running() => DieAfterAsync(
        Impatient,
        parked: false,
        dying =>
        {
            ((ManualTimeProvider)dying.Time).Advance(TimeSpan.FromSeconds(10));
            return Task.CompletedTask;
        },
        async next => (await next.HistoryAsync(_parent)).Any(item => item.Type == HistoryEventType.TaskTimedOut));

    [Fact]
    public async Task Child_that_was_redriven_by_itself_runs_on_though_its_parent_has_ended()
    {
        await using TestService service = await WithChildAsync(Waiting);
        await service.Host.Driver.StopAsync(_parent, null, null, CancellationToken.None);
        await service.EndAsync(_child);
        ((ManualTimeProvider)service.Time).Advance(TimeSpan.FromSeconds(1));
        Result<RedriveOutcome> redriven = await service.Host.Driver.RedriveAsync(new RedriveRequest(_child, RedriveRules.Of(new ServiceLimits())), CancellationToken.None);
        Assert.True(redriven.Succeeded);
        await service.RestartAsync();
        await service.RestAsync();

        Assert.Equal(ExecutionStatus.Running, (await service.DescribeAsync(_child)).Status);
    }

    [Theory]
    [InlineData(Waiting, true)]
    [InlineData(Impatient, false)]
    public async Task Child_that_is_being_started_while_its_parent_gives_it_up_does_not_run(string parent, bool stop)
    {
        var answered = new TaskCompletionSource<Result<StartOutcome>>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestService service = await TestService.NewAsync(new ManualTimeProvider());
        StateMachineRecord child = await service.CreateMachineAsync("child", Endless);
        CallGate mayStart = service.Targets.NewGate();
        service.Targets.Answer = async (call, _) =>
        {
            await mayStart.PassAsync(CancellationToken.None);
            answered.SetResult(await StartChildAsync(service, child, call));
            return new TaskAnswered(JsonObject.Empty);
        };
        await service.StartAsync(await service.CreateMachineAsync("parent", parent), "p");
        await service.RestAsync();
        Assert.Equal(1, service.Targets.Held);
        if (stop)
        {
            await service.Host.Driver.StopAsync(_parent, null, null, CancellationToken.None);
        }
        else
        {
            ((ManualTimeProvider)service.Time).Advance(TimeSpan.FromSeconds(10));
            await service.EventAsync(_parent, HistoryEventType.WaitStateEntered);
        }

        mayStart.Open();
        Result<StartOutcome> started = await answered.Task;

        Assert.False(started.Succeeded);
        Assert.Null(await service.Host.Executions.FindAsync(_child, CancellationToken.None));
    }

    private static async Task<TestService> WithChildAsync(string parent, DeadEnd? failpoints = null)
    {
        TestService service = TestService.Closed(new ManualTimeProvider());
        service.Failpoints = failpoints ?? service.Failpoints;
        await service.OpenAsync();
        StateMachineRecord child = await service.CreateMachineAsync("child", Endless);
        service.Targets.Answer = async (call, _) =>
        {
            Result<StartOutcome> started = await StartChildAsync(service, child, call);
            Assert.True(started.Succeeded);
            return new TaskAnswered(JsonObject.Of("ExecutionArn", JsonString.Of(started.Value.Execution.Arn)));
        };
        await service.StartAsync(await service.CreateMachineAsync("parent", parent), "p");
        await service.EventAsync(_parent, HistoryEventType.TaskSubmitted);
        await service.RestAsync();
        return service;
    }

    private static ValueTask<Result<StartOutcome>> StartChildAsync(TestService service, StateMachineRecord child, TaskInvocation call) =>
        service.Host.Driver.StartAsync(
            StartRequest.For(TestService.Arns, child, "c", JsonObject.Empty) with { Parent = new ParentTask(call.Execution, call.Task, Waits: true) },
            CancellationToken.None);

    /// <summary>Dies after the commit that gave the child up, which may come after others, such as one that parks what is idle.</summary>
    private static async Task DieAfterAsync(string parent, bool parked, Func<TestService, Task> giveUp, Func<TestService, Task<bool>> isGivenUp)
    {
        for (int death = 1; death < 5; death++)
        {
            var failpoints = new DeadEnd(Failpoint.AfterCommit, death);
            await using TestService next = TestService.Closed(new ManualTimeProvider());
            TestService dying = await WithChildAsync(parent, failpoints);
            if (parked)
            {
                await dying.ParkAllAsync();
            }

            failpoints.Arm();
            Task cause = giveUp(dying);
            await failpoints.Dead.WaitAsync(TimeSpan.FromSeconds(30));
            dying.CopyTo(next);
            await next.OpenAsync();
            failpoints.Release();
            await cause;
            await dying.DisposeAsync();
            if (await isGivenUp(next))
            {
                Assert.Equal(ExecutionStatus.Aborted, (await next.EndAsync(_child)).Status);
                return;
            }
        }

        Assert.Fail("The parent never gave its child up.");
    }
}
