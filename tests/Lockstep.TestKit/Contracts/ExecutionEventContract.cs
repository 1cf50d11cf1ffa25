using Lockstep.Engine;
using Lockstep.Service.Events;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit.Drivers;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What every reader of execution events sees.</summary>
public abstract class ExecutionEventContract : HarnessContract
{
    [Fact]
    public async Task Every_change_of_status_is_one_event_in_a_sequence_without_a_gap()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord pass = await harness.CreateMachineAsync("pass", Machines.Pass);
        StateMachineRecord wait = await harness.CreateMachineAsync("wait", Machines.Wait);
        DateTimeOffset start = harness.Time.GetUtcNow();
        await harness.StartAsync(pass, "one", "1");
        ExecutionKey stopped = await harness.StartAsync(wait, "two", """{"seconds":1000}""");
        await harness.AdvanceAsync(TimeSpan.FromSeconds(10));
        await harness.StopAsync(stopped, "E", "C");
        await harness.StopAsync(stopped, "F", "D");

        IReadOnlyList<ExecutionEvent> events = await harness.EventsAsync(HarnessSteps.Anna);
        Assert.Equal([1L, 2, 3, 4], events.Select(item => item.Sequence));
        Assert.Equal(
            [
                ("one", ExecutionStatus.Running), ("one", ExecutionStatus.Succeeded),
                ("two", ExecutionStatus.Running), ("two", ExecutionStatus.Aborted),
            ],
            events.Select(item => (item.Execution.Name, item.Status)));
        Assert.Equal([0, 0, 0, 10], events.Select(item => (item.Time - start).TotalSeconds));
        Assert.Equal((null, """{"done":true}""", "E"), (events[0].Execution.Output, events[1].Execution.Output, events[3].Execution.Error));
        Assert.Equal((null, start.AddSeconds(10)), (events[2].Execution.StoppedAt, events[3].Execution.StoppedAt));
    }

    [Fact]
    public async Task Reader_resumes_after_any_event_with_any_page_size()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Pass);
        for (int number = 0; number < 4; number++)
        {
            await harness.StartAsync(machine, $"e{number}");
        }

        IReadOnlyList<ExecutionEvent> all = await harness.EventsAsync(HarnessSteps.Anna);
        Assert.Equal(8, all.Count);
        for (int seen = 0; seen <= all.Count; seen++)
        {
            for (int size = 1; size <= 9; size++)
            {
                Assert.Equal(
                    all.Skip(seen).Select(item => item.Sequence),
                    (await harness.EventsAsync(HarnessSteps.Anna, after: seen, size)).Select(item => item.Sequence));
            }
        }

        Page<ExecutionEvent> last = await harness.Ports.Events.ReadAsync(HarnessSteps.Anna, all[^1].Sequence, 10, CancellationToken.None);
        Assert.Equal((0, null), (last.Items.Count, last.Next));
        await harness.StartAsync(machine, "later");
        Assert.Equal(
            ["later", "later"], (await harness.EventsAsync(HarnessSteps.Anna, all[^1].Sequence)).Select(item => item.Execution.Name));
    }

    [Fact]
    public async Task Events_of_many_executions_at_once_keep_the_order_of_each_and_none_is_lost_or_twice()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Tasks(2));
        string[] names = [.. Enumerable.Range(0, 40).Select(number => $"e{number}")];
        await Task.WhenAll(names.Select(name => Task.Run(() => harness.TryStartAsync(machine, name))));
        await harness.RunUntilIdleAsync();

        IReadOnlyList<ExecutionEvent> events = await harness.EventsAsync(HarnessSteps.Anna, pageSize: 7);
        Assert.Equal(Enumerable.Range(1, 80).Select(sequence => (long)sequence), events.Select(item => item.Sequence));
        Assert.All(
            names,
            name => Assert.Equal(
                [ExecutionStatus.Running, ExecutionStatus.Succeeded], events.Where(item => item.Execution.Name == name).Select(item => item.Status)));
    }

    [Fact]
    public async Task Each_tenant_has_a_sequence_of_its_own()
    {
        await using IDriverHarness harness = await OpenAsync();
        await harness.RunAsync(Machines.Pass);
        StateMachineRecord machine = await harness.CreateMachineAsync("n", Machines.Pass, tenant: HarnessSteps.Bert);
        await harness.StartAsync(machine, "his");

        IReadOnlyList<ExecutionEvent> events = await harness.EventsAsync(HarnessSteps.Bert);
        Assert.Equal([(1L, "his"), (2L, "his")], events.Select(item => (item.Sequence, item.Execution.Name)));
        Assert.All(events, item => Assert.Equal(HarnessSteps.Bert, item.Execution.Key.Tenant));
        Assert.All(await harness.EventsAsync(HarnessSteps.Anna), item => Assert.Equal("one", item.Execution.Name));
        Assert.Empty(await harness.EventsAsync(HarnessSteps.TenantOf(3)));
    }

    [Fact]
    public async Task Sequence_goes_on_after_a_crash()
    {
        await using IDriverHarness harness = await OpenAsync();
        Assert.SkipUnless(harness.CanCrash, "This host cannot be made to crash.");
        ExecutionKey key = await harness.RunAsync(Machines.Wait, """{"seconds":60}""");
        await harness.CrashAndRestartAsync();
        await harness.AdvanceAsync(TimeSpan.FromSeconds(60));
        await harness.EndAsync(key);
        Assert.Equal(
            [(1L, ExecutionStatus.Running), (2L, ExecutionStatus.Succeeded)],
            (await harness.EventsAsync(HarnessSteps.Anna)).Select(item => (item.Sequence, item.Status)));
    }
}
