using Lockstep.Engine.Codec;
using Lockstep.Engine.Commands;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.Replay;

/// <summary>
/// Records of layout 2, as the program of that time wrote them: never regenerated. It knew neither the span that started an execution nor the
/// visit that a call belongs to.
/// </summary>
public sealed class SecondLayoutTests
{
    private const string Definition = """
        {"StartAt":"A","States":{
          "A":{"Type":"Pass","Assign":{"x.$":"$.a"},"Next":"T"},
          "T":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","Next":"B"},
          "B":{"Type":"Pass","Parameters":{"x.$":"$x"},"End":true}}}
        """;

    /// <summary>The first turn.</summary>
    private const string Turn = "AgnTAQIUbmFybjphd3M6c3RhdGVzOmxvY2FsOjAwMDAwMDAwMDAwMTpleGVjdXRpb246bWFjaGluZTpydW4GcnVubGFybjphd3M6c3RhdGVzOmxvY2FsOjAw"
        + "MDAwMDAwMDAwMTpzdGF0ZU1hY2hpbmU6bWFjaGluZQ5tYWNoaW5lRmFybjphd3M6aWFtOjowMDAwMDAwMDAwMDE6cm9sZS9ub25lBGsxAkECVFhhcm46YXdz"
        + "OmxhbWJkYTpsb2NhbDowMDAwMDAwMDAwMDE6ZnVuY3Rpb246Zgl7ImEiOiJiIn0JeyJ4IjoiYiJ9AICCuOvy6qTeEQECAwQFKgAAAAAAAAAABgEAAAGAgBDo"
        + "BwDoB4CAgALoByiAgBCAreIE6AeQToCAEICAEICAgAUGAYCCuOvy6qTeEQAADAEBBQAAAAAsAwcBAgAtBAcBAgIANQMIAQIAEQcJAQAAAAIAEwAa6v2lobJj"
        + "QnrDTHkKX29A";

    /// <summary>The state after it.</summary>
    private const string State = "AgrUAQIUbmFybjphd3M6c3RhdGVzOmxvY2FsOjAwMDAwMDAwMDAwMTpleGVjdXRpb246bWFjaGluZTpydW4GcnVubGFybjphd3M6c3RhdGVzOmxvY2FsOjAw"
        + "MDAwMDAwMDAwMTpzdGF0ZU1hY2hpbmU6bWFjaGluZQ5tYWNoaW5lRmFybjphd3M6aWFtOjowMDAwMDAwMDAwMDE6cm9sZS9ub25lBGsxWGFybjphd3M6bGFt"
        + "YmRhOmxvY2FsOjAwMDAwMDAwMDAwMTpmdW5jdGlvbjpmAAJmAlQJeyJhIjoiYiJ9CXsieCI6ImIifQABBgGAgrjr8uqk3hGAgrjr8uqk3hEAAAAAAAAAAAEB"
        + "AgMEBSoAAAAAAAAAAAYBAACAgBDoBwDoB4CAgALoByiAgBCAreIE6AeQToCAEICAEICAgAUBAAABAQABAAACAQEGBICCuOvy6qTeEQABAQcACAkACgEAAAAA"
        + "AAAAAAAA7D/fP+qAcr8=";

    /// <summary>The call that it commands.</summary>
    private const string Call = "AgQyAQpYYXJuOmF3czpsYW1iZGE6bG9jYWw6MDAwMDAwMDAwMDAxOmZ1bmN0aW9uOmYAAmYCVAl7ImEiOiJiIn0BAQACAwAEAQAAAACn//HxNPohug==";

    [Fact]
    public void ATurnReplaysAsItWasDecided()
    {
        (Stimulus stimulus, TurnDigest digest) = TurnCodec.ReadForReplay(Convert.FromBase64String(Turn));
        Decision decision = Engine.Interpreter.Decide(Machines.Load(Definition), ExecutionState.Initial, stimulus, FixedTokens.Instance);

        Assert.Equal(digest, TurnCodec.Digest(decision.Events.AsSpan()));
        Assert.Null(Assert.IsType<Started>(stimulus).Identity.TraceParent);
    }

    [Fact]
    public void AnExecutionGoesOnFromItsState()
    {
        ExecutionState state = StateCodec.Read(Convert.FromBase64String(State));
        var ended = new List<StateVisit>();
        var answered = new TaskSucceeded(Run.Epoch.AddSeconds(1), state.OutstandingCommands().Single().Id, JsonObject.Empty);

        Decision decision = Engine.Interpreter.DecideWithVisits(Machines.Load(Definition), state, answered, FixedTokens.Instance, ended);

        Assert.Equal("""{"x":"b"}""", Assert.IsType<Finish>(decision.Commands[^1]).Output?.ToString());
        Assert.Equal(["T", "B"], ended.Select(visit => visit.StateName));
    }

    [Fact]
    public void ACallNamesNoVisit()
    {
        InvokeTask call = InvocationCodec.Read(Convert.FromBase64String(Call));

        Assert.Equal("T", call.StateName);
        Assert.Equal((0, default), (call.EnteredEventId, call.ScheduledTime));
    }
}
