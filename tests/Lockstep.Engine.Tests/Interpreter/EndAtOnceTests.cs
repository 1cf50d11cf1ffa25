using Lockstep.Engine.Commands;
using Lockstep.Engine.History;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.Interpreter;

/// <summary>States.Runtime inside a Parallel or Map state ends the execution from where it arose; what is around and beside it leaves no trace.</summary>
public sealed class EndAtOnceTests
{
    private const string Wrong = """{"StartAt":"W","States":{"W":{"Type":"Pass","InputPath":"$.no","End":true}}}""";
    private const string Waiting = """{"StartAt":"T","States":{"T":{"Type":"Wait","Seconds":60,"End":true}}}""";

    [Theory]
    [InlineData(
        """{"Type":"Parallel","Branches":[WAITING,WRONG],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"Z"}],"End":true}""",
        "ParallelStateStarted WaitStateEntered PassStateEntered ExecutionFailed",
        "PassStateEntered")]
    [InlineData(
        """{"Type":"Map","ItemProcessor":WRONG,"Retry":[{"ErrorEquals":["States.ALL"]}],"End":true}""",
        "MapStateStarted MapIterationStarted MapIterationStarted PassStateEntered ExecutionFailed",
        "PassStateEntered")]
    [InlineData(
        """{"Type":"Map","MaxConcurrency":1,"ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[WRONG],"End":true}}},"End":true}""",
        "MapStateStarted MapIterationStarted ParallelStateEntered ParallelStateStarted PassStateEntered ExecutionFailed",
        "PassStateEntered")]
    [InlineData(
        """{"Type":"Map","ItemSelector":{"x.$":"$$.Map.Item.Value.a"},"ItemProcessor":WAITING,"End":true}""",
        "MapStateStarted MapIterationStarted ExecutionFailed",
        "MapStateStarted")]
    public void HistoryEndsWhereTheErrorArose(string state, string events, string previous)
    {
        Run run = StartOf(state, Engine.Interpreter.CurrentRevision);

        Assert.Equal(events, string.Join(' ', run.Types.Skip(2)));
        HistoryEvent end = run.History[^1];
        Assert.Equal(previous, run.History.Single(e => e.Id == end.PreviousEventId).Type.ToString());
        Assert.Equal("States.Runtime", ((ErrorDetails)end.Details!).Error); // ExecutionFailed has an error
        Assert.Equal(ExecutionStatus.Failed, run.State.Status);
        Assert.All(run.Commands.OfType<StartTimer>(), timer => Assert.Contains(run.Commands, command => command is CancelTimer cancel && cancel.Timer == timer.Id));
    }

    [Fact]
    public void ExecutionsOfEarlierRevisionsKeepTheirHistory()
    {
        Run run = StartOf("""{"Type":"Parallel","Branches":[WAITING,WRONG],"End":true}""", revision: 3);

        Assert.Equal(
            "ParallelStateStarted WaitStateEntered PassStateEntered WaitStateAborted ParallelStateFailed ExecutionFailed", string.Join(' ', run.Types.Skip(2)));
    }

    [Fact]
    public void ARedriveGoesOnWithTheBranchesAsTheyWere()
    {
        Run run = StartOf("""{"Type":"Parallel","Branches":[WAITING,WRONG],"End":true}""", Engine.Interpreter.CurrentRevision);
        run.Redrive(JsonValue.Parse("""{"no":1}"""));

        Assert.Equal("ExecutionRedriven PassStateExited", string.Join(' ', run.Types.SkipWhile(type => type != HistoryEventType.ExecutionRedriven)));
    }

    private static Run StartOf(string state, int revision)
    {
        string a = state.Replace("WRONG", Wrong, StringComparison.Ordinal).Replace("WAITING", Waiting, StringComparison.Ordinal);
        var run = new Run(Machines.Load("{\"StartAt\":\"A\",\"States\":{\"A\":" + a + ",\"Z\":{\"Type\":\"Succeed\"}}}"));
        run.Send(new Started(
            run.Now, Run.Identity with { InterpreterRevision = revision }, JsonValue.Parse("""[{"a":1},{"b":2}]"""), ExecutionLimits.Default));
        return run;
    }
}
