using Lockstep.Azure.Orchestration;
using Lockstep.Azure.Orchestration.Pump;
using Lockstep.Azure.Recovery;
using Lockstep.Engine;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.TestKit.Azure.Durable;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Azure.Tests.Orchestration;

/// <summary>An interpreter that decides otherwise than it did, or a pump that loses turns, is found out before anything else takes effect.</summary>
public sealed class QuarantineTests
{
    [Fact]
    public void A_changed_interpreter_is_found_by_the_first_answer_and_the_execution_is_quarantined()
    {
        PumpHarness harness = RunUntilCallIsOpen(calls: 2, out TaskCompletionSource open);
        int turns = harness.Turns().Count;

        open.SetResult();
        harness.RunToEnd();

        Assert.Contains("decides otherwise", harness.Head.Quarantine, StringComparison.Ordinal);
        Assert.Equal((InstanceStatus.Completed, OrchestrationEnds.Quarantined), (harness.Instance.Status, harness.Instance.Outcome));
        Assert.Equal((ExecutionStatus.Running, turns), (harness.Head.Record.Status, harness.Turns().Count));
    }

    [Fact]
    public void A_change_of_what_has_been_replayed_already_fails_the_orchestration_and_changes_nothing()
    {
        PumpHarness harness = RunUntilCallIsOpen(calls: 3, out TaskCompletionSource open);
        harness.Host.ThrowsOnFailure = false;
        int turns = harness.Turns().Count;

        open.SetResult();
        harness.RunToEnd();

        Assert.Equal(InstanceStatus.Failed, harness.Instance.Status);
        Assert.Contains("not deterministic", harness.Instance.Outcome, StringComparison.Ordinal);
        Assert.Equal((ExecutionStatus.Running, turns), (harness.Head.Record.Status, harness.Turns().Count));
    }

    [Fact]
    public void An_orchestration_that_a_changed_interpreter_has_failed_is_quarantined_until_the_right_one_is_back()
    {
        PumpHarness harness = RunUntilCallIsOpen(calls: 3, out TaskCompletionSource open);
        DecideTurn changed = harness.Decide;
        harness.Host.ThrowsOnFailure = false;
        open.SetResult();
        harness.RunToEnd();
        Assert.Equal(InstanceStatus.Failed, harness.Instance.Status);

        Assert.Equal(RecoveredAs.Quarantined, harness.Recover().As);
        Assert.Contains("decides turn 2 otherwise than it is stored", harness.Head.Quarantine, StringComparison.Ordinal);
        Assert.Contains("Deploy the release that it ran on", harness.Head.Quarantine, StringComparison.Ordinal);
        Assert.Equal(RecoveredAs.Quarantined, harness.Recover().As);

        harness.Decide = Interpreter.DecideWithVisits;
        harness.World.Hold = _ => null;
        Assert.Equal(RecoveredAs.Restarted, harness.Recover().As);
        harness.RunToEnd();
        Assert.Equal((ExecutionStatus.Succeeded, null), (harness.Head.Record.Status, harness.Head.Quarantine));
        Assert.Equal(4, harness.World.Calls.Select(call => call.IdempotencyKey).Distinct().Count());
        harness.Decide = changed;
        Assert.Equal(RecoveredAs.Fine, harness.Recover().As);
    }

    [Fact]
    public void Forgetting_turns_that_were_sent_once_is_caught_by_the_simulation()
    {
        Assert.All(Enumerable.Range(1, 20), seed => Assert.Null(RunWithFaults(seed, forgets: false).Head.Quarantine));
        Assert.Contains(Enumerable.Range(1, 20), seed => RunWithFaults(seed, forgets: true).Head.Quarantine is not null);
    }

    private static PumpHarness RunUntilCallIsOpen(int calls, out TaskCompletionSource open)
    {
        var harness = new PumpHarness();
        var held = new TaskCompletionSource();
        int seen = 0;
        harness.World.Hold = _ => ++seen == calls ? held.Task : null;
        harness.Start(Machines.Tasks(calls + 1));
        harness.Host.Run();

        // What a deployment brings that must not have been one; the real runtime compares no inputs.
        harness.Host.ComparesInputs = false;
        harness.Decide = (machine, state, stimulus, tokens, ended) => Interpreter.DecideWithVisits(
            machine, state, stimulus is TaskSucceeded succeeded ? succeeded with { Output = JsonString.Of("changed") } : stimulus, tokens, ended);
        open = held;
        return harness;
    }

    private static PumpHarness RunWithFaults(int seed, bool forgets)
    {
        var harness = new PumpHarness(faults: DurableFaults.Many(seed), forgetsWhatWasSent: forgets);
        harness.Start(Machines.Tasks(8));
        harness.RunToEnd();
        return harness;
    }
}
