using Lockstep.Engine.Commands;
using Lockstep.Engine.History;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.Redrives;

public sealed class RedriveTests
{
    [Fact]
    public void AnExecutionThatRunsOrHasSucceededTakesARedriveInWithoutEffect()
    {
        var run = new Run(Machines.Load("""{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"End":true}}}"""));
        run.Start("{}");
        Decision running = run.Send(new Redriven(run.Now, null, null, null));
        run.Send(new TimerFired(run.Now.AddSeconds(1), run.Last<StartTimer>().Id));
        Decision succeeded = run.Send(new Redriven(run.Now, null, null, null));

        Assert.Equal(ExecutionStatus.Succeeded, run.State.Status);
        Assert.Equal((0, 0, 0, 0), (running.Events.Length, running.Commands.Length, succeeded.Events.Length, succeeded.Commands.Length));
        Assert.Equal((0, null), (run.State.RedriveCount, run.State.RedriveTime));
    }

    [Fact]
    public void WhatComesLateForAnAttemptOfBeforeIsDropped()
    {
        var run = new Run(Machines.Load("""{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","TimeoutSeconds":9,"End":true}}}"""));
        run.Start("{}");
        InvokeTask before = run.Last<InvokeTask>();
        StartTimer timer = run.Last<StartTimer>();
        run.Send(new StopRequested(run.Now, null, null));
        run.Redrive();
        InvokeTask after = run.Last<InvokeTask>();
        Decision late = run.Send(new TaskSucceeded(run.Now, before.Id, JsonNull.Instance));
        Decision lateTimer = run.Send(new TimerFired(run.Now, timer.Id));

        Assert.True(after.Id.Ordinal > before.Id.Ordinal);
        Assert.Equal((0, 0), (late.Events.Length, lateTimer.Events.Length));
        Assert.Null(run.State.FindTask(before.Id));
        Assert.NotNull(run.State.FindTask(after.Id));
        run.Send(new TaskSucceeded(run.Now, after.Id, JsonNumber.Of(2)));
        Assert.Equal("2", run.Finished?.Output?.ToString());
    }

    [Fact]
    public void AStateThatEndedKeepsNothingToCarryOut()
    {
        var run = new Run(Machines.Load(Machines.Everything));
        run.Start(Machines.EverythingInput);
        run.Send(new StopRequested(run.Now, null, null));

        Assert.Empty(run.State.OutstandingCommands());
        Assert.False(run.State.Frames.Count == 0);
    }

    [Fact]
    public void AnExpressExecutionKeepsNoFrames()
    {
        var run = new Run(Machines.Load("""{"StartAt":"F","States":{"F":{"Type":"Fail"}}}"""));
        run.Send(new Started(
            run.Now,
            Run.Identity with { ExecutionArn = "arn:aws:states:local:000000000001:express:machine:run:1" },
            JsonObject.Empty,
            ExecutionLimits.Default));

        Assert.Equal(0, run.State.Frames.Count);
    }

    [Fact]
    public void AFailureThatWasCaughtLeavesNothingBehind()
    {
        var run = new Run(Machines.Load("""
            {"StartAt":"P","States":{
              "P":{"Type":"Parallel","Catch":[{"ErrorEquals":["States.ALL"],"Next":"F"}],"End":true,"Branches":[
                {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","End":true}}},
                {"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":9,"End":true}}}]},
              "F":{"Type":"Fail","Error":"E"}}}
            """));
        run.Start("{}");
        run.Send(new TaskFailed(run.Now, run.Last<InvokeTask>().Id, "Broken", null));

        Assert.Equal(1, run.State.Frames.Count);
        run.Redrive();
        Assert.Equal(2, run.Types.Count(type => type == HistoryEventType.FailStateEntered));
        Assert.Single(run.Types, HistoryEventType.ParallelStateEntered);
    }

    [Fact]
    public void VariablesAreThereAgainAndCountOnce()
    {
        var run = new Run(Machines.Load("""
            {"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},"Next":"P"},
              "P":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"B","States":{"B":{"Type":"Pass","Assign":{"y":[1,2,3]},"Next":"T"},
                "T":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","Parameters":{"x.$":"$x","y.$":"$y"},"End":true}}}]}}}
            """));
        run.Start("{}");
        long bytes = run.State.VariableBytes;
        JsonValue parameters = run.Last<InvokeTask>().Parameters;
        run.Send(new TaskFailed(run.Now, run.Last<InvokeTask>().Id, "Broken", null));
        run.Redrive();

        Assert.Equal((bytes, parameters), (run.State.VariableBytes, run.Last<InvokeTask>().Parameters));
    }

    [Fact]
    public void AnItemThatCouldNotBeSelectedIsSelectedAgain()
    {
        var run = new Run(Machines.Load("""
            {"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":2,"ItemsPath":"$.items","ItemSelector":{"v.$":"$$.Map.Item.Value.v"},"End":true,
              "ItemProcessor":{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","End":true}}}}}}
            """));
        run.Start("""{"items":[{"v":1},{"v":2},{},{"v":4}]}""");
        run.Send(new TaskSucceeded(run.Now, run.Commands.OfType<InvokeTask>().First().Id, JsonNumber.Of(1)));
        Assert.Equal(ExecutionStatus.Failed, run.State.Status);
        run.Redrive();

        Assert.Equal(ExecutionStatus.Failed, run.State.Status);
        Assert.Equal(1, run.State.RedriveCount);
        Assert.Equal(2, run.Commands.OfType<InvokeTask>().Count());
    }

    [Fact]
    public void StatesWaitTheirTurnWhenTheBudgetIsSpent()
    {
        var run = new Run(Machines.Load("""
            {"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","End":true}}}}}}
            """));
        run.Start("[1,2,3,4,5,6,7]", new ExecutionLimits { MaxTransitionsPerTurn = 3, MaxOpenIterations = 7 });
        run.Send(new Continued(run.Now));
        run.Send(new Continued(run.Now));
        run.Send(new StopRequested(run.Now, null, null));
        int before = run.Commands.OfType<InvokeTask>().Count();
        Decision first = run.Redrive();
        var driver = new Driver(run, call => new TaskSucceeded(run.Now, call.Id, call.Parameters));
        driver.Drive();

        Assert.Equal((7, 3), (before, first.Commands.OfType<InvokeTask>().Count()));
        Assert.IsType<Continue>(first.Commands[^1]);
        Assert.Equal("[1,2,3,4,5,6,7]", run.Finished?.Output?.ToString());
    }

    [Fact]
    public void AHistoryThatHasNoRoomForTheRedriveEndsWithAFailure()
    {
        var run = new Run(Machines.Load("""{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"F"},"F":{"Type":"Fail"}}}"""));
        run.Start("{}", new ExecutionLimits { MaxHistoryEvents = 6 });
        run.Redrive();

        Assert.Equal([1L, 2, 3, 4, 5, 6], run.History.Select(item => item.Id));
        Assert.Equal((ExecutionStatus.Failed, HistoryEventType.ExecutionFailed), (run.State.Status, run.History[^1].Type));
    }

    [Fact]
    public void TheLastTenClientTokensAreRemembered()
    {
        var run = new Run(Machines.Load("""{"StartAt":"F","States":{"F":{"Type":"Fail"}}}"""));
        run.Start("{}");
        for (int i = 0; i < 12; i++)
        {
            run.Now = run.Now.AddMinutes(1);
            run.Send(new Redriven(run.Now, $"t{i}", null, null));
        }

        Assert.Equal(Enumerable.Range(2, 10).Select(i => new RedriveToken($"t{i}", Run.Epoch.AddMinutes(i + 1))), run.State.RedriveTokens);
    }
}
