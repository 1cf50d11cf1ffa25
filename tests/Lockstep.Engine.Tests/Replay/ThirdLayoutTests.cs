using Lockstep.Engine.Codec;
using Lockstep.Engine.Commands;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.Replay;

/// <summary>
/// Records of layout 3, as the program of that time wrote them: never regenerated. It ran no JSONata, so its limits tell none of expressions.
/// </summary>
public sealed class ThirdLayoutTests
{
    private const string Definition = """
        {"StartAt":"A","States":{
          "A":{"Type":"Pass","Assign":{"x.$":"$.a"},"Next":"T"},
          "T":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","Next":"B"},
          "B":{"Type":"Pass","Parameters":{"x.$":"$x"},"End":true}}}
        """;

    /// <summary>The first turn.</summary>
    private const string Turn = "AwqLAgIUbmFybjphd3M6c3RhdGVzOmxvY2FsOjAwMDAwMDAwMDAwMTpleGVjdXRpb246bWFjaGluZTpydW4GcnVubGFybjphd3M6c3RhdGVzOmxvY2FsOjAw"
        + "MDAwMDAwMDAwMTpzdGF0ZU1hY2hpbmU6bWFjaGluZQ5tYWNoaW5lRmFybjphd3M6aWFtOjowMDAwMDAwMDAwMDE6cm9sZS9ub25lBGsxbjAwLTBhZjc2NTE5"
        + "MTZjZDQzZGQ4NDQ4ZWIyMTFjODAzMTljLWI3YWQ2YjcxNjkyMDMzMzEtMDECQQJUWGFybjphd3M6bGFtYmRhOmxvY2FsOjAwMDAwMDAwMDAwMTpmdW5jdGlv"
        + "bjpmCXsiYSI6ImIifQl7IngiOiJiIn0AgIK46/LqpN4RAQIDBAUqAAAAAAAAAAAGAgAABwGAgBDoBwDoB4CAgALoByiAgBCAreIE6AeQToCAEICAEICAgAUG"
        + "AYCCuOvy6qTeEQAADAEBBQAAAAAsAwgBAgAtBAgBAgIANQMJAQIAEQcKAQAAAAIAEwAa6v2lobJjQhrMpOZ28yiW";

    /// <summary>The state after it.</summary>
    private const string State = "AwuMAgIUbmFybjphd3M6c3RhdGVzOmxvY2FsOjAwMDAwMDAwMDAwMTpleGVjdXRpb246bWFjaGluZTpydW4GcnVubGFybjphd3M6c3RhdGVzOmxvY2FsOjAw"
        + "MDAwMDAwMDAwMTpzdGF0ZU1hY2hpbmU6bWFjaGluZQ5tYWNoaW5lRmFybjphd3M6aWFtOjowMDAwMDAwMDAwMDE6cm9sZS9ub25lBGsxbjAwLTBhZjc2NTE5"
        + "MTZjZDQzZGQ4NDQ4ZWIyMTFjODAzMTljLWI3YWQ2YjcxNjkyMDMzMzEtMDFYYXJuOmF3czpsYW1iZGE6bG9jYWw6MDAwMDAwMDAwMDAxOmZ1bmN0aW9uOmYA"
        + "AmYCVAl7ImEiOiJiIn0JeyJ4IjoiYiJ9AAEGAYCCuOvy6qTeEYCCuOvy6qTeEQAAAAAAAAAAAQECAwQFKgAAAAAAAAAABgIAAAeAgBDoBwDoB4CAgALoByiA"
        + "gBCAreIE6AeQToCAEICAEICAgAUBAAABAQABAAACAQEGBICCuOvy6qTeEQABAQgACQoACwEAAAAABICCuOvy6qTeEQAAAAAAAJ7vYQZRjMt0";

    /// <summary>The call that it commands.</summary>
    private const string Call = "AwQyAQpYYXJuOmF3czpsYW1iZGE6bG9jYWw6MDAwMDAwMDAwMDAxOmZ1bmN0aW9uOmYAAmYCVAl7ImEiOiJiIn0BAQACAwAEAQAAAAAEgIK46/LqpN4RKULB"
        + "k5/9xQg=";

    [Fact]
    public void ATurnReplaysAsItWasDecided()
    {
        (Stimulus stimulus, TurnDigest digest) = TurnCodec.ReadForReplay(Convert.FromBase64String(Turn));
        Decision decision = Engine.Interpreter.Decide(Machines.Load(Definition), ExecutionState.Initial, stimulus, FixedTokens.Instance);

        Assert.Equal(digest, TurnCodec.Digest(decision.Events.AsSpan()));
        Assert.Equal("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", Assert.IsType<Started>(stimulus).Identity.TraceParent);
    }

    [Fact]
    public void AnExecutionGoesOnFromItsState()
    {
        ExecutionState state = StateCodec.Read(Convert.FromBase64String(State));
        var ended = new List<StateVisit>();
        var answered = new TaskSucceeded(Run.Epoch.AddSeconds(1), state.OutstandingCommands().Single().Id, JsonObject.Empty);

        Decision decision = Engine.Interpreter.DecideWithVisits(Machines.Load(Definition), state, answered, FixedTokens.Instance, ended);

        Assert.Equal("""{"x":"b"}""", Assert.IsType<Finish>(decision.Commands[^1]).Output?.ToString());
        Assert.Equal((1_000_000, 300), (state.Limits.MaxExpressionFuel, state.Limits.MaxExpressionDepth));
        Assert.Equal(["T", "B"], ended.Select(visit => visit.StateName));
    }

    [Fact]
    public void ACallNamesItsVisit()
    {
        InvokeTask call = InvocationCodec.Read(Convert.FromBase64String(Call));

        Assert.Equal(("T", 4L, Run.Epoch), (call.StateName, call.EnteredEventId, call.ScheduledTime));
    }
}
