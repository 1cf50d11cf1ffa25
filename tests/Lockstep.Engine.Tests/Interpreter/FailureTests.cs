using Lockstep.Engine.Commands;
using Lockstep.Engine.History;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.Interpreter;

public sealed class FailureTests
{
    private const string Parallel = """
        {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,
          "Branches":[
            {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","TimeoutSeconds":10,"End":true}}},
            {"StartAt":"B","States":{"B":{"Type":"Wait","Seconds":60,"End":true}}},
            {"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.items","End":true,
              "ItemProcessor":{"StartAt":"C","States":{"C":{"Type":"Wait","Seconds":90,"End":true}}}}}}],
          "Catch":[{"ErrorEquals":["Boom"],"ResultPath":"$.error","Next":"Caught"}]},
          "Caught":{"Type":"Succeed"}}}
        """;

    [Fact]
    public void AFailedBranchAbortsItsSiblingsAndGivesUpWhatTheyWaitFor()
    {
        var run = new Run(Machines.Load(Parallel));
        run.Start("""{"items":[1,2]}""");
        InvokeTask call = run.Last<InvokeTask>();
        int commands = run.Commands.Count;
        int events = run.History.Count;

        run.Send(new TaskFailed(run.Now, call.Id, "Boom", "bang"));

        Assert.Equal(
            [
                HistoryEventType.LambdaFunctionFailed, HistoryEventType.WaitStateAborted, HistoryEventType.WaitStateAborted,
                HistoryEventType.MapIterationAborted, HistoryEventType.WaitStateAborted, HistoryEventType.MapIterationAborted,
                HistoryEventType.MapStateAborted, HistoryEventType.ParallelStateFailed, HistoryEventType.ParallelStateExited,
                HistoryEventType.SucceedStateEntered, HistoryEventType.SucceedStateExited, HistoryEventType.ExecutionSucceeded,
            ],
            run.Types.Skip(events));
        Assert.Equal(4, run.Commands.Skip(commands).OfType<CancelTimer>().Count());
        Assert.Equal("""{"items":[1,2],"error":{"Error":"Boom","Cause":"bang"}}""", run.Finished?.Output?.ToString());
        Assert.Empty(run.State.OutstandingCommands());
    }

    [Fact]
    public void ATaskThatRunsOutOfTimeIsCancelledAndItsLateAnswerIgnored()
    {
        var run = new Run(Machines.Load(Task("\"TimeoutSeconds\":10,\"Catch\":[{\"ErrorEquals\":[\"States.Timeout\"],\"Next\":\"W\"}]")));
        run.Start("{}");
        InvokeTask call = run.Last<InvokeTask>();
        StartTimer timer = run.Last<StartTimer>();
        Assert.Equal(run.Now.AddSeconds(10), timer.Due);

        run.Now = timer.Due;
        run.Send(new TimerFired(run.Now, timer.Id));
        Assert.Equal(call.Id, run.Last<CancelTask>().Task);
        int events = run.History.Count;

        run.Send(new TaskSucceeded(run.Now, call.Id, JsonNumber.Of(1)));
        run.Send(new TimerFired(run.Now, timer.Id));
        run.Send(new HeartbeatMissed(run.Now, call.Id));

        Assert.Equal(events, run.History.Count);
        Assert.Contains(HistoryEventType.LambdaFunctionTimedOut, run.Types);
        Assert.Equal(ExecutionStatus.Running, run.State.Status);
    }

    [Theory]
    [InlineData("States.HeartbeatTimeout")]
    [InlineData("States.Timeout")]
    [InlineData("States.ALL")]
    public void AMissedHeartbeatIsATimeoutByEitherName(string name)
    {
        var run = new Run(Machines.Load(Task($"\"HeartbeatSeconds\":5,\"Catch\":[{{\"ErrorEquals\":[\"{name}\"],\"Next\":\"W\"}}]")));
        run.Start("{}");
        run.Send(new HeartbeatMissed(run.Now, run.Last<InvokeTask>().Id));

        Assert.Equal(HistoryEventType.WaitStateEntered, run.Types.Last());
    }

    [Fact]
    public void TaskFailedMatchesAnyErrorOfATaskButATimeout()
    {
        const string Catch = "\"TimeoutSeconds\":10,\"Catch\":[{\"ErrorEquals\":[\"States.TaskFailed\"],\"Next\":\"W\"}]";
        var failed = new Run(Machines.Load(Task(Catch)));
        failed.Start("{}");
        failed.Send(new TaskFailed(failed.Now, failed.Last<InvokeTask>().Id, "Any", null));
        Assert.Equal(ExecutionStatus.Running, failed.State.Status);

        var late = new Run(Machines.Load(Task(Catch)));
        late.Start("{}");
        late.Send(new TimerFired(late.Now.AddSeconds(10), late.Last<StartTimer>().Id));
        Assert.Equal(ExecutionStatus.Failed, late.State.Status);
        Assert.Equal("States.Timeout", late.Finished?.Error);
    }

    [Fact]
    public void RetriesBackOffAreCappedAndEndAfterTheirNumber()
    {
        var run = new Run(Machines.Load(Task(
            "\"Retry\":[{\"ErrorEquals\":[\"E\"],\"IntervalSeconds\":3,\"BackoffRate\":3,\"MaxAttempts\":3,\"MaxDelaySeconds\":10}]")));
        run.Start("{}");
        var delays = new List<double>();
        while (run.State.Status == ExecutionStatus.Running)
        {
            run.Send(new TaskFailed(run.Now, run.Last<InvokeTask>().Id, "E", null));
            if (run.State.Status == ExecutionStatus.Running)
            {
                StartTimer timer = run.Last<StartTimer>();
                delays.Add((timer.Due - run.Now).TotalSeconds);
                run.Now = timer.Due;
                run.Send(new TimerFired(run.Now, timer.Id));
            }
        }

        Assert.Equal([3, 9, 10], delays);
        Assert.Equal([0, 1, 2, 3], run.Commands.OfType<InvokeTask>().Select(c => c.Attempt));
        Assert.Equal("E", run.Finished?.Error);
    }

    [Fact]
    public void RuntimeErrorsPassEveryCatcher()
    {
        var run = new Run(Machines.Load(Task(
            "\"Parameters\":{\"x.$\":\"$.absent\"},\"Catch\":[{\"ErrorEquals\":[\"States.ALL\"],\"Next\":\"W\"}]")));
        run.Start("{}");

        Assert.Equal(ExecutionStatus.Failed, run.State.Status);
        Assert.StartsWith("An error occurred while executing the state 'T' (entered at the event id #2). ", run.Finished?.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void TheMachinesTimeoutEndsTheExecution()
    {
        var run = new Run(Machines.Load("""{"StartAt":"W","TimeoutSeconds":5,"States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}"""));
        run.Start("{}");
        StartTimer timeout = run.Commands.OfType<StartTimer>().Single(t => t.Purpose == TimerPurpose.ExecutionTimeout);
        run.Send(new TimerFired(timeout.Due, timeout.Id));

        Assert.Equal(ExecutionStatus.TimedOut, run.State.Status);
        Assert.Equal([HistoryEventType.ExecutionStarted, HistoryEventType.WaitStateEntered, HistoryEventType.ExecutionTimedOut], run.Types);
        Assert.Equal(run.Commands.OfType<StartTimer>().Single(t => t.Purpose == TimerPurpose.Wait).Id, run.Last<CancelTimer>().Timer);
    }

    [Fact]
    public void StoppingAbortsWhateverIsOpen()
    {
        var run = new Run(Machines.Load(Machines.Everything));
        run.Start(Machines.EverythingInput);
        run.Send(new StopRequested(run.Now, "Why", "because"));
        run.Send(new TaskSucceeded(run.Now, run.Commands.OfType<InvokeTask>().First().Id, JsonNull.Instance));

        Assert.Equal(ExecutionStatus.Aborted, run.State.Status);
        Assert.Equal(new ErrorDetails("Why", "because"), run.History[^1].Details);
        Assert.Equal(2, run.Commands.OfType<CancelTask>().Count());
        Assert.Empty(run.State.OutstandingCommands());
    }

    private static string Task(string fields) => """
        {"StartAt":"T","States":{
          "T":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f",FIELDS,"End":true},
          "W":{"Type":"Wait","Seconds":60,"End":true}}}
        """.Replace("FIELDS", fields, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"Parameters\":{\"QueueUrl.$\":\"$.url\",\"MessageBody.$\":\"$\"}", """{"url":1}""", "[The value for the field 'QueueUrl' must be a STRING]")]
    [InlineData("\"QueryLanguage\":\"JSONata\",\"Arguments\":\"{% $states.input %}\"", """{"Foo":1,"Bar":2}""",
        "[The field 'Foo' is not supported by Step Functions, The field 'Bar' is not supported by Step Functions]")]
    [InlineData("\"Parameters\":{\"QueueUrl.$\":\"$.url\",\"MessageBody.$\":\"$\"}", """{"url":null}""", null)]
    public void ATaskIsNotScheduledWithParametersThatItsIntegrationDoesNotTake(string fields, string input, string? problems)
    {
        var run = new Run(Machines.Load(
            "{\"StartAt\":\"T\",\"States\":{\"T\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::sqs:sendMessage\"," + fields + ",\"End\":true}}}"));
        run.Start(input);

        Assert.Equal(problems is null, run.Types.Contains(HistoryEventType.TaskScheduled));
        if (problems is not null)
        {
            var failed = (ErrorDetails)run.History[^1].Details!; // ExecutionFailed has an error
            Assert.Equal("States.Runtime", failed.Error);
            Assert.StartsWith("An error occurred while executing the state 'T' (entered at the event id #2). The Parameters '{", failed.Cause, StringComparison.Ordinal);
            Assert.EndsWith("}' could not be used to start the Task: " + problems, failed.Cause, StringComparison.Ordinal);
        }
    }
}
