using Lockstep.Engine.Commands;
using Lockstep.Engine.History;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.MapRuns;

public sealed class DistributedMapTests
{
    private const string Retried = """
        {"StartAt":"M","States":{"M":{"Type":"Map","Label":"each","End":true,"MaxConcurrency":3,"ItemsPath":"$.items",
          "Retry":[{"ErrorEquals":["States.ItemReaderFailed"],"MaxAttempts":1}],
          "Catch":[{"ErrorEquals":["States.ExceedToleratedFailureThreshold"],"Next":"C"}],
          "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}},
          "C":{"Type":"Pass","End":true}}}
        """;

    private const string Processor =
        "{\"Mode\":\"DISTRIBUTED\",\"ExecutionType\":\"EXPRESS\"},\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"End\":true}}}}}}";

    [Fact]
    public void CallsItsMapRunAndTakesItsOutcome()
    {
        var run = new Run(Machines.Load(Retried));
        run.Start("""{"items":[1,2]}""");
        InvokeTask call = run.Last<InvokeTask>();
        Assert.True(MapRunResources.IsRun(call.Resource));
        var request = new MapRunRequest((JsonObject)call.Parameters);
        Assert.Equal((3, "each", 0), (request.Settings.MaxConcurrency, request.Label, request.MapState));
        Assert.Equal(JsonValue.Parse("[1,2]"), request.Items);
        Assert.Matches("^arn:aws:states:local:000000000001:mapRun:machine/each:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", request.Arn);
        run.Send(new TaskSubmitted(run.Now, call.Id, JsonNull.Instance));
        Assert.Empty(run.State.OutstandingCommands());
        run.Send(new TaskSucceeded(run.Now, call.Id, JsonValue.Parse("[3]")));
        Assert.Equal(JsonValue.Parse("[3]"), run.Finished?.Output);
        Assert.Equal(
            [
                HistoryEventType.ExecutionStarted, HistoryEventType.MapStateEntered, HistoryEventType.MapStateStarted, HistoryEventType.MapRunStarted,
                HistoryEventType.MapRunSucceeded, HistoryEventType.MapStateSucceeded, HistoryEventType.MapStateExited, HistoryEventType.ExecutionSucceeded,
            ],
            run.Types);
    }

    [Theory]
    [InlineData("\"ItemsPath\":\"$.items\"", "{\"items\":{\"b\":1,\"a\":[2]}}")]
    [InlineData("\"ItemsPath\":\"$\"", "{\"b\":1,\"a\":[2]}")]
    [InlineData("\"QueryLanguage\":\"JSONata\",\"Items\":\"{% $states.input.items %}\"", "{\"items\":{\"b\":1,\"a\":[2]}}")]
    [InlineData("\"QueryLanguage\":\"JSONata\",\"Items\":{\"b\":1,\"a\":\"{% [2] %}\"}", "{}")]
    [InlineData("\"QueryLanguage\":\"JSONata\"", "{\"b\":1,\"a\":[2]}")]
    public void GoesOverTheMembersOfAnObject(string fields, string input)
    {
        string machine = $"{{\"StartAt\":\"M\",\"States\":{{\"M\":{{\"Type\":\"Map\",\"End\":true,{fields},\"ItemProcessor\":{{\"ProcessorConfig\":" + Processor;
        var run = new Run(Machines.Load(machine));
        run.Start(input);
        var request = new MapRunRequest((JsonObject)run.Last<InvokeTask>().Parameters);
        Assert.Equal(JsonValue.Parse("[{\"Key\":\"b\",\"Value\":1},{\"Key\":\"a\",\"Value\":[2]}]"), request.Items);
        Assert.True(request.AreMembers);

        // An execution that began before goes on as it began.
        var older = new Run(Machines.Load(machine));
        older.Send(new Started(older.Now, Run.Identity with { InterpreterRevision = 4 }, JsonValue.Parse(input), ExecutionLimits.Default));
        Assert.Equal(ExecutionStatus.Failed, older.Finished?.Status);
    }

    [Fact]
    public void RetriesWithAMapRunOfItsOwnAndCatches()
    {
        var run = new Run(Machines.Load(Retried));
        run.Start("""{"items":[]}""");
        InvokeTask first = run.Last<InvokeTask>();
        run.Send(new TaskFailed(run.Now, first.Id, "States.ItemReaderFailed", "gone"));
        run.Send(new TimerFired(run.Now, run.Last<StartTimer>().Id));
        InvokeTask second = run.Last<InvokeTask>();
        Assert.NotEqual(new MapRunRequest((JsonObject)first.Parameters).Name, new MapRunRequest((JsonObject)second.Parameters).Name);
        run.Send(new TaskFailed(run.Now, second.Id, "States.ExceedToleratedFailureThreshold", "too many"));
        Assert.Equal(ExecutionStatus.Succeeded, run.Finished?.Status);
        Assert.Equal(2, run.Types.Count(type => type == HistoryEventType.MapRunFailed));
        Assert.Contains(HistoryEventType.MapStateFailed, run.Types);
    }

    [Fact]
    public void GivesItsMapRunUpWhenTheExecutionIsStopped()
    {
        var run = new Run(Machines.Load(Retried));
        run.Start("""{"items":[1]}""");
        CommandId task = run.Last<InvokeTask>().Id;
        run.Send(new StopRequested(run.Now, null, null));
        Assert.Equal(task, run.Last<CancelTask>().Task);
    }

    [Theory]
    [InlineData(null, 3, false, true)]
    [InlineData("States.ResultWriterFailed", 3, false, true)]
    [InlineData("States.DataLimitExceeded", 3, false, false)]
    [InlineData("States.Runtime", 3, false, false)]
    [InlineData("States.QueryEvaluationError", 3, false, false)]
    [InlineData("States.ResultWriterFailed", 2, false, false)]
    [InlineData("States.ResultWriterFailed", 3, true, false)]
    public void RedrivesItsMapRunUnlessThatHasNoMoreUseOrCannotBe(string? error, int revision, bool startsNew, bool redrives)
    {
        var run = new Run(Machines.Load(Retried));
        run.Send(new Started(run.Now, Run.Identity with { InterpreterRevision = revision }, JsonValue.Parse("""{"items":[1]}"""), ExecutionLimits.Default));
        var first = new MapRunRequest((JsonObject)run.Last<InvokeTask>().Parameters);
        run.Send(error is null ? new StopRequested(run.Now, null, null) : new TaskFailed(run.Now, run.Last<InvokeTask>().Id, error, "c"));
        int events = run.History.Count;
        run.Send(new Redriven(run.Now, null, null, null) { StartsNewMapRuns = startsNew });
        var second = new MapRunRequest((JsonObject)run.Last<InvokeTask>().Parameters);
        Assert.Equal((redrives, redrives ? 1 : 0), (first.Arn == second.Arn, second.Redrives));
        Assert.Equal(redrives ? HistoryEventType.MapRunRedriven : HistoryEventType.MapStateStarted, run.History[events + 1].Type);
        run.Send(new TaskSucceeded(run.Now, run.Last<InvokeTask>().Id, JsonValue.Parse("[3]")));
        Assert.Equal(JsonValue.Parse("[3]"), run.Finished?.Output);
    }

    [Fact]
    public void StartsANewMapRunWhenItsOwnResultWasWhatFailed()
    {
        var run = new Run(Machines.Load(Retried.Replace("\"MaxConcurrency\":3", "\"MaxConcurrency\":3,\"ResultSelector\":{\"a.$\":\"$.none\"}", StringComparison.Ordinal)));
        run.Start("""{"items":[1]}""");
        var first = new MapRunRequest((JsonObject)run.Last<InvokeTask>().Parameters);
        run.Send(new TaskSucceeded(run.Now, run.Last<InvokeTask>().Id, JsonValue.Parse("[3]")));
        Assert.Equal(ExecutionStatus.Failed, run.Finished?.Status);
        run.Redrive();
        Assert.NotEqual(first.Arn, new MapRunRequest((JsonObject)run.Last<InvokeTask>().Parameters).Arn);
    }
}
