using Lockstep.Engine.Commands;
using Lockstep.Engine.Redrives;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.Redrives;

public sealed class RedrivePlanTests
{
    private const string Before = """
        {"StartAt":"A","States":{"A":{"Type":"Pass","Next":"P"},"P":{"Type":"Parallel","End":true,"Branches":[
          {"StartAt":"X","States":{"X":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","End":true}}},
          {"StartAt":"Y","States":{"Y":{"Type":"Map","End":true,"ItemsPath":"$.items","ItemProcessor":{"StartAt":"Z","States":{"Z":{"Type":"Wait","Seconds":9,"End":true}}}}}}]}}}
        """;

    [Fact]
    public void OtherIndicesOfTheSameStatesAreFound()
    {
        Run run = Failed();
        run.Redrive(other: Machines.Load(Before.Replace("\"StartAt\":\"A\",\"States\":{", "\"StartAt\":\"N\",\"States\":{\"N\":{\"Type\":\"Pass\",\"Next\":\"A\"},", StringComparison.Ordinal)));
        new Driver(run, call => new TaskSucceeded(run.Now, call.Id, JsonString.Of("done"))).Drive();

        Assert.Equal("""["done",[1,2]]""", run.Finished?.Output?.ToString());
    }

    [Theory]
    [InlineData("\"X\"", "\"X2\"", RedriveProblemKind.StateMissing, "'X'")]
    [InlineData("\"Y\"", "\"Y2\"", RedriveProblemKind.StateMissing, "'Y'")]
    [InlineData("\"Z\":{\"Type\":\"Wait\",\"Seconds\":9", "\"Z\":{\"Type\":\"Pass\"", RedriveProblemKind.StateChanged, "a Pass state instead of a Wait state")]
    [InlineData("}}]}}}", "}},{\"StartAt\":\"B\",\"States\":{\"B\":{\"Type\":\"Succeed\"}}}]}}}", RedriveProblemKind.StateChanged, "3 branches instead of 2")]
    [InlineData("\"ItemProcessor\":{", "\"ItemProcessor\":{\"ProcessorConfig\":{\"Mode\":\"DISTRIBUTED\",\"ExecutionType\":\"STANDARD\"},", RedriveProblemKind.StateChanged, "DISTRIBUTED")]
    public void ARevisionThatDoesNotFitIsNamedWithTheState(string before, string after, RedriveProblemKind kind, string message)
    {
        Run run = Failed();
        var plan = RedrivePlan.Of(Machines.Load(Before), run.State, null, ("other", Machines.Load(Before.Replace(before, after, StringComparison.Ordinal))));

        Assert.Equal(kind, plan.Problem?.Kind);
        Assert.Contains(message, plan.Problem?.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => plan.At(run.Now, null));
    }

    [Fact]
    public void TheInputGoesToTheStateThatFailed()
    {
        Run run = Failed();
        run.Redrive(JsonNumber.Of(7));

        Assert.Equal("7", run.Last<InvokeTask>().Parameters.ToString());
        Assert.Equal("""{"items":[1,2]}""", run.Commands.OfType<InvokeTask>().First().Parameters.ToString());
    }

    [Fact]
    public void OfSeveralStatesThatWereGivenUpNoneGetsAnInput()
    {
        var run = new Run(Machines.Load(Before));
        run.Start("""{"items":[1,2]}""");
        run.Send(new StopRequested(run.Now, null, null));

        Assert.Equal(RedriveProblemKind.InputFitsNoState, RedrivePlan.Of(Machines.Load(Before), run.State, JsonNull.Instance, null).Problem?.Kind);
    }

    private static Run Failed()
    {
        var run = new Run(Machines.Load(Before));
        run.Start("""{"items":[1,2]}""");
        run.Send(new TaskFailed(run.Now, run.Last<InvokeTask>().Id, "E", "C"));
        Assert.Equal(ExecutionStatus.Failed, run.State.Status);
        return run;
    }
}
