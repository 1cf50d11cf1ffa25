using System.Buffers;
using Lockstep.Engine.Codec;
using Lockstep.Engine.Commands;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;

namespace Lockstep.Engine.Tests.Interpreter;

/// <summary>The limits of the sizes of variables, at the limit and one beyond. The text "12345678" has 10 bytes as JSON.</summary>
public sealed class VariableLimitTests
{
    private const string TooLarge = "States.DataLimitExceeded";

    private static readonly ExecutionLimits Tight = new() { MaxStoredVariableBytes = 20 };

    [Theory]
    [InlineData(10, null)]
    [InlineData(9, TooLarge)]
    public void BytesOfAVariable(int limit, string? error)
    {
        Run run = Start("""{"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x":1,"y":"12345678"},"End":true}}}""", new() { MaxVariableBytes = limit });

        Assert.Equal(error, run.Finished?.Error);
        Assert.Equal(
            error is null ? null : "An error occurred while executing the state 'A' (entered at the event id #2). "
                + "The variable 'y' has 10 bytes, more than the maximum of 9.",
            run.Finished?.Cause);
    }

    [Theory]
    [InlineData(262_144, null)]
    [InlineData(262_145, TooLarge)]
    public void AnInputOfTheGreatestSizeMayBeKept(int bytes, string? error)
    {
        Run run = Start(
            """{"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x.$":"$"},"OutputPath":null,"End":true}}}""",
            ExecutionLimits.Default,
            $"\"{new string('a', bytes - 2)}\"");

        Assert.Equal(error, run.Finished?.Error);
    }

    [Theory]
    [InlineData(20, null)]
    [InlineData(19, TooLarge)]
    public void BytesOfAnAssign(int limit, string? error)
    {
        Run run = Start(
            """{"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x":"12345678","y":"12345678"},"End":true}}}""", new() { MaxAssignBytes = limit });

        Assert.Equal(error, run.Finished?.Error);
    }

    [Theory]
    [InlineData(20, null)]
    [InlineData(19, TooLarge)]
    public void BytesOfAllVariables(int limit, string? error)
    {
        Run run = Start(
            """
            {"StartAt":"A","States":{
              "A":{"Type":"Pass","Assign":{"x":"12345678"},"Next":"B"},
              "B":{"Type":"Choice","Choices":[{"Variable":"$x","IsString":true,"Assign":{"y":"12345678"},"Next":"C"}]},
              "C":{"Type":"Succeed"}}}
            """,
            new() { MaxStoredVariableBytes = limit });

        Assert.Equal(error, run.Finished?.Error);
    }

    [Fact]
    public void AValueThatTakesThePlaceOfAnotherCountsOnce()
    {
        Run run = Start(
            """
            {"StartAt":"A","States":{
              "A":{"Type":"Pass","Assign":{"x":"12345678","y":"12345678"},"Next":"B"},
              "B":{"Type":"Pass","Assign":{"x":"1234567","y":"123456789"},"Next":"C"},
              "C":{"Type":"Pass","Assign":{"y":"1234567890"},"End":true}}}
            """,
            Tight);

        Assert.Equal(TooLarge, run.Finished?.Error);
        Assert.Contains("'C'", run.Finished?.Cause, StringComparison.Ordinal);
        Assert.Contains("would have 21 bytes", run.Finished?.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(21, null)]
    [InlineData(20, TooLarge)]
    public void OpenBranchesCountTogether(int limit, string? error)
    {
        Run run = Start(Branches("12345678"), new() { MaxStoredVariableBytes = limit });
        if (error is null)
        {
            Answer(run);
        }

        Assert.Equal(error, run.Finished?.Error);
    }

    [Fact]
    public void AVariableEndsWithItsScope()
    {
        // One iteration at a time: each finds all the room that the one before it had.
        Run run = Start(
            """
            {"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":1,"Next":"P","ItemProcessor":{"StartAt":"A","States":{
                "A":{"Type":"Pass","Assign":{"x":"12345678","y":"12345678"},"Next":"W"},"W":{"Type":"Wait","Seconds":1,"End":true}}}},
              "P":{"Type":"Pass","Assign":{"z":"123456789012345678"},"End":true}}}
            """,
            Tight,
            "[1,2,3,4]");
        for (int i = 0; i < 4; i++)
        {
            Restore(run);
            run.Send(new TimerFired(run.Now.AddSeconds(1), run.Last<StartTimer>().Id));
        }

        Assert.Equal(ExecutionStatus.Succeeded, run.State.Status);
    }

    [Fact]
    public void AbortedBranchesGiveTheirRoomBack()
    {
        Run run = Start(
            """
            {"StartAt":"M","States":{
              "M":{"Type":"Parallel","Next":"P","Catch":[{"ErrorEquals":["Stop"],"Next":"P"}],"Branches":[
                {"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x":"12345678"},"Next":"W"},"W":{"Type":"Wait","Seconds":9,"End":true}}},
                {"StartAt":"B","States":{"B":{"Type":"Pass","Assign":{"y":"12345678"},"Next":"V"},"V":{"Type":"Wait","Seconds":1,"Next":"F"},
                  "F":{"Type":"Fail","Error":"Stop"}}}]},
              "P":{"Type":"Pass","Assign":{"z":"123456789012345678"},"End":true}}}
            """,
            Tight);
        Restore(run);
        run.Send(new TimerFired(run.Now.AddSeconds(1), run.Last<StartTimer>().Id));

        Assert.Equal(ExecutionStatus.Succeeded, run.State.Status);
    }

    [Fact]
    public void ACatcherAssignsWithinTheLimits()
    {
        Run run = Start(
            """
            {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","End":true,
              "Catch":[{"ErrorEquals":["Stop"],"Assign":{"x":"1234567890123456789"},"Next":"P"}]},"P":{"Type":"Succeed"}}}
            """,
            Tight);
        run.Send(new TaskFailed(run.Now, run.Last<InvokeTask>().Id, "Stop", null));

        Assert.Equal(TooLarge, run.Finished?.Error);
    }

    [Fact]
    public void ARefusedAssignCanBeCaughtByItsName()
    {
        Run run = Start(
            """
            {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","Assign":{"x.$":"$"},"End":true,
              "Catch":[{"ErrorEquals":["States.DataLimitExceeded"],"Next":"P"}]},"P":{"Type":"Succeed"}}}
            """,
            Tight);
        run.Send(new TaskSucceeded(run.Now, run.Last<InvokeTask>().Id, Json.JsonValue.Parse("\"1234567890123456789\"")));

        Assert.Equal(ExecutionStatus.Succeeded, run.State.Status);
    }

    [Fact]
    public void TheSumIsThatOfTheFramesAfterEveryTurn()
    {
        Run run = Start(Branches("123"), ExecutionLimits.Default);
        Assert.Equal(11, run.State.VariableBytes);
        Assert.Equal(11, Restored(run.State).VariableBytes);
        run.Send(new TimerFired(run.Now.AddSeconds(1), run.Commands.OfType<StartTimer>().First().Id));
        Assert.Equal(6, run.State.VariableBytes);
        Assert.Equal(6, Restored(run.State).VariableBytes);
        run.Send(new TimerFired(run.Now.AddSeconds(1), run.Commands.OfType<StartTimer>().Last().Id));
        Assert.Equal(0, run.State.VariableBytes);
    }

    /// <summary>One byte in the machine, and a text in each of two branches, which then wait.</summary>
    private static string Branches(string value) => """
        {"StartAt":"A","States":{
          "A":{"Type":"Pass","Assign":{"a":1},"Next":"M"},
          "M":{"Type":"Parallel","Next":"Z","Branches":[
            {"StartAt":"B","States":{"B":{"Type":"Pass","Assign":{"x":"VALUE"},"Next":"W"},"W":{"Type":"Wait","Seconds":1,"End":true}}},
            {"StartAt":"C","States":{"C":{"Type":"Pass","Assign":{"y":"VALUE"},"Next":"V"},"V":{"Type":"Wait","Seconds":1,"End":true}}}]},
          "Z":{"Type":"Succeed"}}}
        """.Replace("VALUE", value, StringComparison.Ordinal);

    private static void Answer(Run run)
    {
        foreach (StartTimer timer in run.Commands.OfType<StartTimer>().ToArray())
        {
            run.Send(new TimerFired(run.Now.AddSeconds(1), timer.Id));
        }
    }

    private static Run Start(string definition, ExecutionLimits limits, string input = "{}")
    {
        var run = new Run(Machines.Load(definition));
        run.Start(input, limits);
        return run;
    }

    private static void Restore(Run run) => run.State = Restored(run.State);

    private static ExecutionState Restored(ExecutionState state)
    {
        var bytes = new ArrayBufferWriter<byte>();
        StateCodec.Write(bytes, state);
        return StateCodec.Read(bytes.WrittenSpan);
    }
}
