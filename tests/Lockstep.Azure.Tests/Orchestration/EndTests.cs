using Lockstep.Engine;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Errors;
using Lockstep.TestKit.Azure.Durable;

namespace Lockstep.Azure.Tests.Orchestration;

/// <summary>An execution has ended when the ledger says so, whatever its orchestration still waits for.</summary>
public sealed class EndTests
{
    private const string Call = """
        {"StartAt":"T","TimeoutSeconds":30,"States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","End":true}}}
        """;

    private const string CallBesideOneThatFails = """
        {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
          {"StartAt":"Slow","States":{"Slow":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","End":true}}},
          {"StartAt":"Bad","States":{"Bad":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","Parameters":{"ApiEndpoint":"https://fails","Method":"GET"},"End":true}}}]}}}
        """;

    private readonly PumpHarness _harness = new();
    private readonly TaskCompletionSource _open = new();

    public EndTests() => _harness.World.Hold = call => call.Resource.Service == "http" ? null : _open.Task;

    [Fact]
    public void A_stop_ends_the_execution_at_once_although_a_call_is_open()
    {
        _harness.Start(Call);
        _harness.Host.Run();
        _harness.Stop();
        _harness.Host.Run();

        AssertEndedWhileOpen(ExecutionStatus.Aborted);
    }

    [Fact]
    public void The_timeout_of_the_machine_ends_the_execution_at_once_although_a_call_is_open()
    {
        _harness.Start(Call);
        _harness.Host.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(ExecutionStatus.Running, _harness.Head.Record.Status);
        _harness.Host.Advance(TimeSpan.FromSeconds(1));

        AssertEndedWhileOpen(ExecutionStatus.TimedOut);
    }

    [Fact]
    public void A_branch_that_fails_ends_the_execution_at_once_although_another_one_calls()
    {
        _harness.World.Script = call => new TaskFailed(default, call.Task, "Bad", null);
        _harness.Start(CallBesideOneThatFails);
        _harness.Host.Run();

        AssertEndedWhileOpen(ExecutionStatus.Failed);
    }

    [Fact]
    public void A_stop_ends_the_execution_at_once_although_it_waits_for_a_quiet_point_to_roll_over()
    {
        var harness = new PumpHarness(new() { FunctionCallSeconds = 60, RolloverActions = 1 });
        harness.World.Hold = _ => _open.Task;
        harness.Start(Call);
        harness.Host.Run();
        harness.Stop();
        harness.Host.Run();

        Assert.Equal(ExecutionStatus.Aborted, harness.Head.Record.Status);
    }

    [Fact]
    public void An_endless_loop_stays_stoppable_and_rolls_over()
    {
        int appends = 0;
        _harness.Host.OnActivity = (_, _) =>
        {
            if (++appends == 30)
            {
                _harness.Stop();
            }
        };
        _harness.Start("""{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"}}}""");
        _harness.Host.Run();

        Assert.Equal(ExecutionStatus.Aborted, _harness.Head.Record.Status);
        Assert.InRange(appends, 30, 40);
        Assert.InRange(_harness.Instance.Cost.Rollovers, 1, 5);
    }

    [Fact]
    public void A_report_after_the_end_is_refused()
    {
        _harness.Start(Call);
        _harness.Stop();
        _harness.Host.Run();

        Assert.Equal(ErrorCodes.TaskTimedOut, _harness.Report(new TaskSucceeded(default, new CommandId(2), Json.JsonNull.Instance)).Error?.Code);
    }

    private void AssertEndedWhileOpen(ExecutionStatus status)
    {
        Assert.Equal(status, _harness.Head.Record.Status);
        Assert.Equal((InstanceStatus.Running, true), (_harness.Instance.Status, _harness.Instance.HasReturned));
        int turns = _harness.Turns().Count;

        _open.SetResult();
        _harness.RunToEnd();

        Assert.Equal(InstanceStatus.Completed, _harness.Instance.Status);
        Assert.Equal(turns, _harness.Turns().Count);
        Assert.Single(_harness.World.Ended);
    }
}
