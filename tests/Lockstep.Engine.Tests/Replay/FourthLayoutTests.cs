using Lockstep.Engine.Codec;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Tests.Support;
using Lockstep.Json;

namespace Lockstep.Engine.Tests.Replay;

/// <summary>
/// Records of layout 4, as the program of that time wrote them: never regenerated. It knew no redrives, and an execution that had failed kept no frames.
/// </summary>
public sealed class FourthLayoutTests
{
    private const string Definition = """
        {"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":1,"End":true,"ItemProcessor":{"StartAt":"T","States":{
          "T":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","End":true}}}}}}
        """;

    /// <summary>The first turn.</summary>
    private const string First = "BAnTAQIIbmFybjphd3M6c3RhdGVzOmxvY2FsOjAwMDAwMDAwMDAwMTpleGVjdXRpb246bWFjaGluZTpydW4GcnVubGFybjphd3M6c3RhdGVzOmxvY2Fs"
        + "OjAwMDAwMDAwMDAwMTpzdGF0ZU1hY2hpbmU6bWFjaGluZQ5tYWNoaW5lRmFybjphd3M6aWFtOjowMDAwMDAwMDAwMDE6cm9sZS9ub25lBGsxAk0CVFhh"
        + "cm46YXdzOmxhbWJkYTpsb2NhbDowMDAwMDAwMDAwMDE6ZnVuY3Rpb246ZgVbMSwyXQExAICCuOvy6qTeEQECAwQFKgAAAAAAAAAABgIAAAABgIAQ6AcA"
        + "6AeAgIAC6AcogIAQgK3iBOgHkE6AgBCAgBCAgIAFwIQ9rAIHAYCCuOvy6qTeEQAADAEBBQAAAAAhAwcBAgAkDQICABkOBwACADUDCAICABEHCQIAAAAC"
        + "ABMArpafqZcf4iUtLVnL14AHDw==";

    /// <summary>The state after the second turn, in which the first iteration succeeded.</summary>
    private const string State = "BArUAQQRbmFybjphd3M6c3RhdGVzOmxvY2FsOjAwMDAwMDAwMDAwMTpleGVjdXRpb246bWFjaGluZTpydW4GcnVubGFybjphd3M6c3RhdGVzOmxvY2Fs"
        + "OjAwMDAwMDAwMDAwMTpzdGF0ZU1hY2hpbmU6bWFjaGluZQ5tYWNoaW5lRmFybjphd3M6aWFtOjowMDAwMDAwMDAwMDE6cm9sZS9ub25lBGsxWGFybjph"
        + "d3M6bGFtYmRhOmxvY2FsOjAwMDAwMDAwMDAwMTpmdW5jdGlvbjpmAAJmAlQFWzEsMl0Ce30FIm9uZSIBMgACDgKA3Pz08uqk3hGAgrjr8uqk3hEAAAAA"
        + "AAAAAAEBAgMEBSoAAAAAAAAAAAYCAAAAgIAQ6AcA6AeAgIAC6AcogIAQgK3iBOgHkE6AgBCAgBCAgIAFwIQ9rAIBAAADAgABAAACAAEKAoCCuOvy6qTe"
        + "EQAFAQECAQADAQECAgABBAIBBA4MgNz89PLqpN4RAAECBwAICQAKBAAAAAAMgNz89PLqpN4RAAAAAAAAQV6GOlADOzk=";

    /// <summary>The third turn, in which the second iteration failed, and the execution with it.</summary>
    private const string Last = "BAMSAAAMQnJva2VuEGl0IGJyb2tlAk0DgLbB/vLqpN4RAgECAwQPgLbB/vLqpN4RAgAQBQECAgAYDgMBBAAjAAIACgUBAmn1wEp5ZN20Vc5S53j2u/Y=";

    /// <summary>The state after it.</summary>
    private const string Ended = "BAaiAQEGbmFybjphd3M6c3RhdGVzOmxvY2FsOjAwMDAwMDAwMDAwMTpleGVjdXRpb246bWFjaGluZTpydW4GcnVubGFybjphd3M6c3RhdGVzOmxvY2Fs"
        + "OjAwMDAwMDAwMDAwMTpzdGF0ZU1hY2hpbmU6bWFjaGluZQ5tYWNoaW5lRmFybjphd3M6aWFtOjowMDAwMDAwMDAwMDE6cm9sZS9ub25lBGsxBVsxLDJd"
        + "AgMSA4C2wf7y6qTeEYCCuOvy6qTeEQAAAAAAAAAAAQECAwQFKgAAAAAAAAAABgIAAACAgBDoBwDoB4CAgALoByiAgBCAreIE6AeQToCAEICAEICAgAXA"
        + "hD2sAgEAAAMAAAAUg6mPWFdx8Q==";

    [Fact]
    public void ATurnReplaysAsItWasDecided()
    {
        (Stimulus stimulus, TurnDigest digest) = TurnCodec.ReadForReplay(Convert.FromBase64String(First));
        Decision decision = Engine.Interpreter.Decide(Machines.Load(Definition), ExecutionState.Initial, stimulus, FixedTokens.Instance);

        Assert.Equal(digest, TurnCodec.Digest(decision.Events.AsSpan()));
    }

    [Fact]
    public void AnExecutionThatFailedThenIsRedrivenFromItsTurns()
    {
        (Stimulus stimulus, TurnDigest digest) = TurnCodec.ReadForReplay(Convert.FromBase64String(Last));
        var run = new Run(Machines.Load(Definition)) { State = StateCodec.Read(Convert.FromBase64String(State)) };
        Decision failed = run.Send(stimulus);
        var driver = new Driver(run, call => new TaskSucceeded(run.Now, call.Id, JsonString.Of("two")));
        driver.Accept();
        run.Redrive();
        driver.Drive();

        Assert.Equal(digest, TurnCodec.Digest(failed.Events.AsSpan()));
        Assert.Equal("""["one","two"]""", run.Finished?.Output?.ToString());
    }

    [Fact]
    public void AStateOfThatTimeWasNeverRedriven()
    {
        ExecutionState ended = StateCodec.Read(Convert.FromBase64String(Ended));

        Assert.Equal((ExecutionStatus.Failed, 0, null), (ended.Status, ended.RedriveCount, ended.RedriveTime));
        Assert.Empty(ended.RedriveTokens);
    }
}
