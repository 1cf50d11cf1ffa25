using Lockstep.Engine.Commands;
using Lockstep.Engine.History;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.Interpreter;

public sealed class CallbackTests
{
    private const string Ask = """
        {"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","TimeoutSeconds":60,
          "Parameters":{"MessageBody.$":"$$.Task.Token"},"Retry":[{"ErrorEquals":["Again"]}],"End":true}}}
        """;

    [Fact]
    public void ACallbackThatComesBeforeItsSubmissionIsHeld()
    {
        var run = new Run(Machines.Load(Ask));
        run.Start("{}");
        InvokeTask call = run.Last<InvokeTask>();

        run.Send(new TaskSucceeded(run.Now, call.Id, JsonNumber.Of(7)));
        Assert.Equal(HistoryEventType.TaskStarted, run.Types.Last());
        Assert.Contains(call, run.State.OutstandingCommands());
        run.Send(new TaskSubmitted(run.Now, call.Id, JsonObject.Empty));

        Assert.Equal("7", run.Finished?.Output?.ToString());
        Assert.Equal(
            [HistoryEventType.TaskSubmitted, HistoryEventType.TaskSucceeded, HistoryEventType.TaskStateExited, HistoryEventType.ExecutionSucceeded],
            run.Types.TakeLast(4));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void AJobThatEndsBeforeItsSubmissionIsHeldFromRevisionTwo(int revision, bool held)
    {
        var run = new Run(Machines.Load(
            """
            {"StartAt":"J","States":{"J":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2","Parameters":{"StateMachineArn":"a"},"End":true}}}
            """));
        run.Send(new Started(run.Now, Run.Identity with { InterpreterRevision = revision }, JsonObject.Empty, ExecutionLimits.Default));
        InvokeTask call = run.Last<InvokeTask>();
        run.Send(new TaskSucceeded(run.Now, call.Id, JsonNumber.Of(7)));
        Assert.Equal(held, run.Finished is null);
        run.Send(new TaskSubmitted(run.Now, call.Id, JsonObject.Empty));

        Assert.Equal("7", run.Finished?.Output?.ToString());
        Assert.Equal(held, run.Types.Contains(HistoryEventType.TaskSubmitted));
    }

    [Fact]
    public void AHeldCallbackCountsWhenTheTimeoutStrikes()
    {
        var run = new Run(Machines.Load(Ask));
        run.Start("{}");
        run.Send(new TaskSucceeded(run.Now, run.Last<InvokeTask>().Id, JsonNumber.Of(7)));
        run.Send(new TimerFired(run.Now.AddSeconds(60), run.Last<StartTimer>().Id));

        Assert.Equal("7", run.Finished?.Output?.ToString());
    }

    [Fact]
    public void ASubmissionThatIsRefusedFailsTheTask()
    {
        var run = new Run(Machines.Load(Ask));
        run.Start("{}");
        run.Send(new TaskFailed(run.Now, run.Last<InvokeTask>().Id, "NoQueue", "gone", TaskFailureStage.Submit));

        Assert.Equal([HistoryEventType.TaskSubmitFailed, HistoryEventType.ExecutionFailed], run.Types.TakeLast(2));
    }

    [Fact]
    public void ASubmittedTaskIsNotCommandedAgainButItsTimeoutIs()
    {
        var run = new Run(Machines.Load(Ask));
        run.Start("{}");
        InvokeTask call = run.Last<InvokeTask>();
        run.Send(new TaskSubmitted(run.Now, call.Id, JsonObject.Empty));

        Assert.Equal([run.Last<StartTimer>()], run.State.OutstandingCommands());
        Assert.True(run.State.FindTask(call.Id)?.Submitted);
    }

    [Fact]
    public void EveryAttemptHasATokenOfItsOwn()
    {
        var run = new Run(Machines.Load(Ask));
        run.Start("{}");
        InvokeTask first = run.Last<InvokeTask>();
        run.Send(new TaskSubmitted(run.Now, first.Id, JsonObject.Empty));
        run.Send(new TaskFailed(run.Now, first.Id, "Again", null));
        run.Send(new TimerFired(run.Now, run.Last<StartTimer>().Id));
        InvokeTask second = run.Last<InvokeTask>();

        Assert.NotEqual(first.TaskToken, second.TaskToken);
        Assert.Equal($$"""{"MessageBody":"{{second.TaskToken}}"}""", second.Parameters.ToString());
        Assert.Equal(1, second.Attempt);
    }

    [Fact]
    public void AnActivityStartsWhenAWorkerTakesIt()
    {
        var run = new Run(Machines.Load("""
            {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:local:000000000001:activity:a","End":true}}}
            """));
        run.Start("{}");
        InvokeTask call = run.Last<InvokeTask>();
        Assert.NotNull(call.TaskToken);
        Assert.Equal(HistoryEventType.ActivityScheduled, run.Types.Last());
        run.Send(new ActivityTaken(run.Now, call.Id, "w1"));
        run.Send(new ActivityTaken(run.Now, call.Id, "w2"));
        run.Send(new TaskSucceeded(run.Now, call.Id, JsonNull.Instance));

        Assert.Single(run.Types, HistoryEventType.ActivityStarted);
        Assert.Contains(HistoryEventType.ActivitySucceeded, run.Types);
    }
}
