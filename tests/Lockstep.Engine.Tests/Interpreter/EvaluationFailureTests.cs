using Lockstep.Engine.Commands;
using Lockstep.Engine.History;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.Interpreter;

/// <summary>What becomes of a JSONata expression that fails: its event, Retry, Catch, and the limits of expressions.</summary>
public sealed class EvaluationFailureTests
{
    private const string Function = "arn:aws:lambda:local:000000000001:function:f";

    [Fact]
    public void OnEntryTheEventFollowsTheOneBeforeTheEntry()
    {
        Run run = Start("\"A\":{\"Type\":\"Pass\",\"Next\":\"B\"},\"B\":{\"Type\":\"Pass\",\"Output\":{\"a\":[\"{% $states.input.x %}\"]},\"End\":true}");

        HistoryEvent failed = run.History.Single(e => e.Type == HistoryEventType.EvaluationFailed);
        const string Cause = "An error occurred while executing the state 'B' (entered at the event id #4). "
            + "The JSONata expression '$states.input.x' specified for the field 'Output/a[0]' returned nothing (undefined).";
        Assert.Equal(new EvaluationFailedDetails("B", "States.QueryEvaluationError", Cause, "Output/a[0]"), failed.Details);
        Assert.Equal((5, 3), (failed.Id, failed.PreviousEventId));
        Assert.Equal(
            (HistoryEventType.ExecutionFailed, 5L, new ErrorDetails("States.QueryEvaluationError", Cause)),
            (run.History[^1].Type, run.History[^1].PreviousEventId, run.History[^1].Details));
    }

    [Fact]
    public void AfterAResultTheEventFollowsTheResult()
    {
        Run run = Start($"\"A\":{{\"Type\":\"Task\",\"Resource\":\"{Function}\",\"Output\":\"{{% $states.result.x %}}\",\"End\":true}}");
        run.Send(new TaskSucceeded(run.Now, run.Last<InvokeTask>().Id, JsonObject.Empty));

        HistoryEvent failed = run.History.Single(e => e.Type == HistoryEventType.EvaluationFailed);
        Assert.Equal(run.History.Single(e => e.Type == HistoryEventType.LambdaFunctionSucceeded).Id, failed.PreviousEventId);
    }

    [Fact]
    public void AfterAWaitTheEventFollowsTheEntry()
    {
        Run run = Start("\"A\":{\"Type\":\"Wait\",\"Seconds\":1,\"Output\":\"{% $states.input.x %}\",\"End\":true}");
        StartTimer timer = run.Last<StartTimer>();
        run.Now = timer.Due;
        run.Send(new TimerFired(run.Now, timer.Id));

        Assert.Equal(2, run.History.Single(e => e.Type == HistoryEventType.EvaluationFailed).PreviousEventId);
    }

    [Theory]
    [InlineData("States.QueryEvaluationError")]
    [InlineData("States.ALL")]
    public void ItCanBeCaughtUnderItsNameOrAny(string name)
    {
        Run run = Start(
            $"\"A\":{{\"Type\":\"Task\",\"Resource\":\"{Function}\",\"Arguments\":\"{{% $states.input.x %}}\",\"Catch\":[{{\"ErrorEquals\":[\"{name}\"],"
            + "\"Output\":{\"error\":\"{% $states.errorOutput.Error %}\",\"input\":\"{% $states.input.y %}\"},\"Assign\":{\"why\":\"{% $states.errorOutput.Cause %}\"},\"Next\":\"B\"}],\"End\":true},"
            + "\"B\":{\"Type\":\"Pass\",\"Output\":{\"in\":\"{% $states.input %}\",\"why\":\"{% $contains($why, 'Arguments') %}\"},\"End\":true}",
            """{"y":1}""");

        Assert.Equal("""{"in":{"error":"States.QueryEvaluationError","input":1},"why":true}""", run.Finished?.Output?.ToString());
        Assert.Equal(
            [HistoryEventType.TaskStateEntered, HistoryEventType.EvaluationFailed, HistoryEventType.TaskStateExited],
            run.Types.Skip(1).Take(3));
    }

    [Fact]
    public void ItCanBeRetried()
    {
        Run run = Start(
            $"\"A\":{{\"Type\":\"Task\",\"Resource\":\"{Function}\",\"Arguments\":\"{{% $states.context.State.RetryCount > 0 ? 'again' : $states.input.x %}}\","
            + "\"Retry\":[{\"ErrorEquals\":[\"States.QueryEvaluationError\"]}],\"End\":true}");
        StartTimer timer = run.Last<StartTimer>();
        run.Now = timer.Due;
        run.Send(new TimerFired(run.Now, timer.Id));

        Assert.Equal("\"again\"", run.Last<InvokeTask>().Parameters.ToString());
    }

    [Fact]
    public void WhatFailsInACatcherIsNotCaughtByAnother()
    {
        Run run = Start(
            $"\"A\":{{\"Type\":\"Task\",\"Resource\":\"{Function}\",\"Catch\":[{{\"ErrorEquals\":[\"E\"],\"Output\":\"{{% $states.errorOutput.x %}}\",\"Next\":\"B\"}},"
            + "{\"ErrorEquals\":[\"States.ALL\"],\"Next\":\"B\"}],\"Next\":\"B\"},\"B\":{\"Type\":\"Succeed\"}");
        run.Send(new TaskFailed(run.Now, run.Last<InvokeTask>().Id, "E", "c"));

        EvaluationFailedDetails failed = run.History.Select(e => e.Details).OfType<EvaluationFailedDetails>().Single();
        Assert.Equal("Catch[0]/Output", failed.Location);
        Assert.Equal((ExecutionStatus.Failed, "States.QueryEvaluationError"), (run.State.Status, run.Finished?.Error));
    }

    [Fact]
    public void AnItemSelectorThatFailsEndsTheIterationsThatRun()
    {
        Run run = Start("""
            "A":{"Type":"Map","Items":[{"x":1},{}],"ItemSelector":{"x":"{% $states.context.Map.Item.Value.x %}"},
              "ItemProcessor":{"StartAt":"B","States":{"B":{"Type":"Wait","Seconds":9,"End":true}}},"End":true}
            """);

        Assert.Equal("ItemSelector/x", run.History.Select(e => e.Details).OfType<EvaluationFailedDetails>().Single().Location);
        Assert.Equal(ExecutionStatus.Failed, run.State.Status);
        Assert.Empty(run.State.OutstandingCommands());
    }

    [Theory]
    [InlineData(1_000, true)]
    [InlineData(50, false)]
    public void AnExpressionMayCostAsMuchFuelAsTheExecutionAllows(int fuel, bool ends)
    {
        Run run = Start("\"A\":{\"Type\":\"Pass\",\"Output\":\"{% $sum([1..100]) %}\",\"End\":true}", limits: new() { MaxExpressionFuel = fuel });

        Assert.Equal(ends ? ExecutionStatus.Succeeded : ExecutionStatus.Failed, run.State.Status);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(40, false)]
    public void AnExpressionMayNestAsDeepAsTheExecutionAllows(int depth, bool ends)
    {
        const string Output = "($f := function($n){ $n = 0 ? 0 : 1 + $f($n - 1) }; $f(20))";
        Run run = Start($"\"A\":{{\"Type\":\"Pass\",\"Output\":\"{{% {Output} %}}\",\"End\":true}}", limits: new() { MaxExpressionDepth = depth });

        Assert.Equal(ends ? ExecutionStatus.Succeeded : ExecutionStatus.Failed, run.State.Status);
    }

    private static Run Start(string states, string input = "{}", ExecutionLimits? limits = null)
    {
        var run = new Run(Machines.Load("{\"StartAt\":\"A\",\"QueryLanguage\":\"JSONata\",\"States\":{" + states + "}}"));
        run.Start(input, limits);
        return run;
    }
}
