using Lockstep.Engine.Codec;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;

namespace Lockstep.Engine.Tests.Replay;

/// <summary>
/// Records of layout 1, as the program of that time wrote them: never regenerated. Executions go on from them under the limits of that time.
/// </summary>
public sealed class FirstLayoutTests
{
    private const string Definition = """
        {"StartAt":"A","States":{
          "A":{"Type":"Pass","Assign":{"x.$":"$.a"},"Next":"W"},
          "W":{"Type":"Wait","Seconds":1,"Next":"B"},
          "B":{"Type":"Pass","Parameters":{"x.$":"$x"},"End":true}}}
        """;

    /// <summary>The first turn.</summary>
    private const string Turn = "AQimAQIUbmFybjphd3M6c3RhdGVzOmxvY2FsOjAwMDAwMDAwMDAwMTpleGVjdXRpb246bWFjaGluZTpydW4GcnVubGFybjphd3M6c3RhdGVzOm"
        + "xvY2FsOjAwMDAwMDAwMDAwMTpzdGF0ZU1hY2hpbmU6bWFjaGluZQ5tYWNoaW5lRmFybjphd3M6aWFtOjowMDAwMDAwMDAwMDE6cm9sZS9ub25l"
        + "BGsxAkECVwl7ImEiOiJiIn0JeyJ4IjoiYiJ9AICCuOvy6qTeEQECAwQFKgAAAAAAAAAABgEAAAGAgBDoBwDoB4CAgALoBygEAYCCuOvy6qTeEQ"
        + "AADAEBBQAAAAAsAwcBAgAtBAcBAgIAPAMIAeXpIKcG2Lf7WM6jGVAHRtw=";

    /// <summary>The state after it.</summary>
    private const string State = "AQaiAQIUbmFybjphd3M6c3RhdGVzOmxvY2FsOjAwMDAwMDAwMDAwMTpleGVjdXRpb246bWFjaGluZTpydW4GcnVubGFybjphd3M6c3RhdGVzOm"
        + "xvY2FsOjAwMDAwMDAwMDAwMTpzdGF0ZU1hY2hpbmU6bWFjaGluZQ5tYWNoaW5lRmFybjphd3M6aWFtOjowMDAwMDAwMDAwMDE6cm9sZS9ub25l"
        + "BGsxCXsiYSI6ImIifQl7IngiOiJiIn0AAQQBgIK46/LqpN4RgIK46/LqpN4RAAAAAAAAAAABAQIDBAUqAAAAAAAAAAAGAQAAgIAQ6AcA6AeAgI"
        + "AC6AcoAQAAAQEAAQAAAgEBBASAgrjr8uqk3hEAAgGA3Pz08uqk3hEAAACb4X7SkQrJOg==";

    [Fact]
    public void ATurnReplaysAsItWasDecided()
    {
        (Stimulus stimulus, TurnDigest digest) = TurnCodec.ReadForReplay(Convert.FromBase64String(Turn));
        Decision decision = Engine.Interpreter.Decide(Machines.Load(Definition), ExecutionState.Initial, stimulus, FixedTokens.Instance);

        Assert.Equal(digest, TurnCodec.Digest(decision.Events.AsSpan()));
        AssertLimitsOfThatTime(Assert.IsType<Started>(stimulus).Limits);
    }

    [Fact]
    public void AnExecutionGoesOnFromItsState()
    {
        ExecutionState state = StateCodec.Read(Convert.FromBase64String(State));
        AssertLimitsOfThatTime(state.Limits);

        var fired = new TimerFired(Run.Epoch.AddSeconds(1), state.OutstandingCommands().Single().Id);
        Decision decision = Engine.Interpreter.Decide(Machines.Load(Definition), state, fired, FixedTokens.Instance);

        Assert.Equal(ExecutionStatus.Succeeded, decision.Next.Status);
        Assert.Equal("""{"x":"b"}""", Assert.IsType<Commands.Finish>(decision.Commands[^1]).Output?.ToString());
    }

    private static void AssertLimitsOfThatTime(ExecutionLimits limits)
    {
        Assert.Equal(10_000_000, limits.MaxFieldWork);
        Assert.Equal(1_000, limits.MaxRangeElements);
        Assert.Equal(10_000, limits.MaxEncodedCharacters);
        Assert.Equal(262_144, limits.MaxComputedBytes);
        Assert.Equal(int.MaxValue, limits.MaxVariableBytes);
        Assert.Equal(int.MaxValue, limits.MaxAssignBytes);
        Assert.Equal(int.MaxValue, limits.MaxStoredVariableBytes);
    }
}
