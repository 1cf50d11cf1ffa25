using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Engine.Tests.Support;
using Lockstep.TestKit.Azure.Durable;

namespace Lockstep.Azure.Tests.Orchestration;

public sealed class PumpTests
{
    private readonly PumpHarness _harness = new();

    [Fact]
    public void Ten_states_of_Pass_and_Choice_cost_one_episode_of_deciding_and_one_activity()
    {
        string definition = TestKit.Drivers.Machines.Passes(10);

        _harness.Start(definition);
        _harness.RunToEnd();

        Assert.Equal(ExecutionStatus.Succeeded, _harness.Head.Record.Status);
        Assert.Equal((1, 2, 0), (_harness.Host.Cost.Activities, _harness.Host.Cost.Episodes, _harness.Host.Cost.Timers));
        Assert.Equal(InstanceStatus.Completed, _harness.Instance.Status);
        Assert.Equal([PumpHarness.Key], _harness.World.Ended);
        Assert.Equal(_harness.Replayed(definition), _harness.History());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void A_chain_of_tasks_costs_an_activity_each_and_one_for_the_end(int tasks)
    {
        _harness.Start(TestKit.Drivers.Machines.Tasks(tasks));
        _harness.RunToEnd();

        Assert.Equal(ExecutionStatus.Succeeded, _harness.Head.Record.Status);
        Assert.Equal(tasks + 1, _harness.Host.Cost.Activities);
        Assert.Equal(tasks, _harness.World.Calls.Count);
    }

    [Fact]
    public void A_fan_out_costs_an_activity_for_each_branch_one_for_the_turn_and_one_for_the_end()
    {
        const int branches = 12;
        IEnumerable<string> each = Enumerable.Range(0, branches).Select(index => $$"""
            {"StartAt":"T{{index}}","States":{"T{{index}}":{"Type":"Task","Resource":"arn:aws:lambda:local:000000000001:function:f","End":true } } }
            """);
        _harness.Start($$"""
            {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[{{string.Join(',', each)}}] } } }
            """);
        _harness.RunToEnd();

        Assert.Equal(ExecutionStatus.Succeeded, _harness.Head.Record.Status);
        Assert.Equal(branches + 2, _harness.Host.Cost.Activities);
    }

    [Fact]
    public void A_machine_with_every_kind_of_waiting_gives_the_history_that_the_interpreter_gives()
    {
        _harness.Start(Machines.Everything, Machines.EverythingInput);
        _harness.RunToEnd();

        Assert.Equal(ExecutionStatus.Succeeded, _harness.Head.Record.Status);
        Assert.Equal(_harness.Replayed(Machines.Everything), _harness.History());
        Assert.Equal(4, _harness.History().Count(shown => shown.Type == HistoryEventType.ActivitySucceeded));
    }
}
