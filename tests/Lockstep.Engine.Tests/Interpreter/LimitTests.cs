using Lockstep.Engine.Commands;
using Lockstep.Engine.History;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.Interpreter;

/// <summary>Every limit of an execution, at the limit and one beyond.</summary>
public sealed class LimitTests
{
    private const string Endless = """{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"A"}}}""";

    [Theory]
    [InlineData(10, ExecutionStatus.Succeeded)]
    [InlineData(9, ExecutionStatus.Failed)]
    public void PayloadBytes(int limit, ExecutionStatus expected)
    {
        var run = new Run(Machines.Load("""{"StartAt":"A","States":{"A":{"Type":"Pass","Result":"12345678","End":true}}}"""));
        run.Start("{}", new ExecutionLimits { MaxPayloadBytes = limit });

        Assert.Equal(expected, run.State.Status);
        Assert.Equal(expected == ExecutionStatus.Failed ? "States.DataLimitExceeded" : null, run.Finished?.Error);
    }

    [Theory]
    [InlineData(3, ExecutionStatus.Succeeded)]
    [InlineData(2, ExecutionStatus.Failed)]
    public void PayloadDepth(int limit, ExecutionStatus expected)
    {
        var run = new Run(Machines.Load("""{"StartAt":"A","States":{"A":{"Type":"Pass","Result":[[[1]]],"End":true}}}"""));
        run.Start("{}", new ExecutionLimits { MaxPayloadDepth = limit });

        Assert.Equal(expected, run.State.Status);
    }

    [Theory]
    [InlineData(5, ExecutionStatus.Succeeded)]
    [InlineData(4, ExecutionStatus.Failed)]
    public void TaskOutputBytes(int limit, ExecutionStatus expected)
    {
        var run = new Run(Machines.Load("""
            {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","End":true,
              "Catch":[{"ErrorEquals":["States.DataLimitExceeded"],"Next":"F"}]},"F":{"Type":"Fail","Error":"Large"}}}
            """));
        run.Start("[]", new ExecutionLimits { MaxPayloadBytes = limit });
        run.Send(new TaskSucceeded(run.Now, run.Last<InvokeTask>().Id, JsonString.Of("123")));

        // The error output is over the limit as well, so the Catcher cannot pass it on.
        Assert.Equal(expected, run.State.Status);
        Assert.Equal(expected == ExecutionStatus.Succeeded, run.Types.Contains(HistoryEventType.LambdaFunctionSucceeded));
    }

    [Theory]
    [InlineData(4, ExecutionStatus.Succeeded)]
    [InlineData(3, ExecutionStatus.Failed)]
    public void HistoryEvents(long limit, ExecutionStatus expected)
    {
        var run = new Run(Machines.Load("""{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"""));
        run.Start("{}", new ExecutionLimits { MaxHistoryEvents = limit });

        Assert.Equal(expected, run.State.Status);
        Assert.Equal(limit, run.History.Count);
        if (expected == ExecutionStatus.Failed)
        {
            Assert.Equal("States.Runtime", run.Finished?.Error);
            Assert.Equal("The execution reached the maximum number of history events (3).", run.Finished?.Cause);
        }
    }

    [Fact]
    public void AnEndlessLoopEndsAtAwssQuotaOfEvents()
    {
        var run = new Run(Machines.Load(Endless));
        run.Start("{}", new ExecutionLimits { MaxHistoryEvents = 25_000 });
        new Driver(run, _ => throw new InvalidOperationException()).Drive();

        Assert.Equal(ExecutionStatus.Failed, run.State.Status);
        Assert.Equal(25_000, run.History.Count);
        Assert.Equal("The execution reached the maximum number of history events (25000).", run.Finished?.Cause);
    }

    [Fact]
    public void AnEndlessLoopStaysStoppable()
    {
        var run = new Run(Machines.Load(Endless));
        run.Start("{}");
        Assert.Equal(1_000, run.Types.Count(t => t == HistoryEventType.PassStateEntered));
        Continue first = Assert.IsType<Continue>(Assert.Single(run.Commands));
        Assert.Equal([first], run.State.OutstandingCommands());

        run.Send(new Continued(run.Now));
        Assert.Equal(2_000, run.Types.Count(t => t == HistoryEventType.PassStateEntered));
        run.Send(new StopRequested(run.Now, null, null));

        Assert.Equal(ExecutionStatus.Aborted, run.State.Status);
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(2, true)]
    public void TransitionsPerTurn(int limit, bool continues) => AssertContinues(
        new ExecutionLimits { MaxTransitionsPerTurn = limit },
        """{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"C"},"C":{"Type":"Succeed"}}}""",
        continues);

    [Theory]
    [InlineData(9, false)]
    [InlineData(8, true)]
    public void BytesPerTurn(int limit, bool continues) => AssertContinues(
        new ExecutionLimits { MaxBytesPerTurn = limit },
        """{"StartAt":"A","States":{"A":{"Type":"Pass","Result":"12","Next":"B"},"B":{"Type":"Pass","Result":"34","Next":"C"},"C":{"Type":"Succeed"}}}""",
        continues);

    [Theory]
    [InlineData(3, false)]
    [InlineData(2, true)]
    public void CommandsPerTurn(int limit, bool continues)
    {
        var run = new Run(Machines.Load("""
            {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
              {"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":1,"End":true}}},
              {"StartAt":"B","States":{"B":{"Type":"Wait","Seconds":1,"End":true}}},
              {"StartAt":"C","States":{"C":{"Type":"Pass","End":true}}}]}}}
            """));
        run.Start("{}", new ExecutionLimits { MaxCommandsPerTurn = limit });

        Assert.Equal(continues, run.Commands.OfType<Continue>().Any());
    }

    [Theory]
    [InlineData(3, 0, 3)]
    [InlineData(3, 2, 2)]
    [InlineData(3, 5, 3)]
    public void OpenIterations(int limit, int maxConcurrency, int open)
    {
        var run = new Run(Machines.Load("""
            {"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":CAP,"End":true,
              "ItemProcessor":{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"End":true}}}}}}
            """.Replace("CAP", $"{maxConcurrency}", StringComparison.Ordinal)));
        run.Start("[1,2,3,4,5,6]", new ExecutionLimits { MaxOpenIterations = limit });
        Assert.Equal(open, run.Commands.OfType<StartTimer>().Count());

        run.Send(new TimerFired(run.Now.AddSeconds(1), run.Last<StartTimer>().Id));
        Assert.Equal(open + 1, run.Commands.OfType<StartTimer>().Count());
    }

    [Fact]
    public void TimeNeverGoesBack()
    {
        var run = new Run(Machines.Load("""{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"Next":"V"},"V":{"Type":"Wait","Seconds":1,"End":true}}}"""));
        run.Start("{}");
        run.Send(new TimerFired(run.Now.AddDays(-1), run.Last<StartTimer>().Id));

        Assert.All(run.History, e => Assert.Equal(Run.Epoch, e.Timestamp));
        Assert.Equal(Run.Epoch.AddSeconds(1), run.Last<StartTimer>().Due);
    }

    private static void AssertContinues(ExecutionLimits limits, string definition, bool continues)
    {
        var run = new Run(Machines.Load(definition));
        run.Start("{}", limits);
        Assert.Equal(continues, run.State.Status == ExecutionStatus.Running);
        Assert.Equal(continues, run.Commands.OfType<Continue>().Any());
        if (continues)
        {
            run.Send(new Continued(run.Now));
            Assert.Equal(ExecutionStatus.Succeeded, run.State.Status);
        }
    }
}
