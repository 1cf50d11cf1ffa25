using Lockstep.Embedded.Tests.Support;
using Lockstep.Engine;
using Lockstep.Service.Events;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Embedded.Tests;

public sealed class ExecutionEventTests
{
    [Fact]
    public async Task Every_change_of_status_is_an_event_in_one_sequence_without_a_gap()
    {
        await using TestService service = await TestService.NewAsync();
        StateMachineRecord pass = await service.CreateMachineAsync("pass", Machines.Pass);
        StateMachineRecord wait = await service.CreateMachineAsync("wait", Machines.Wait);
        await service.StartAsync(pass, "one", "1");
        await service.RestartAsync();
        var stopped = await service.StartAsync(wait, "two", """{"seconds":1000}""");
        await service.Host.Driver.StopAsync(stopped, "E", "C", CancellationToken.None);

        List<ExecutionEvent> events = [];
        Page<ExecutionEvent> page;
        do
        {
            page = await service.Host.Events.ReadAsync(
                TestService.Tenant, events.Count == 0 ? 0 : events[^1].Sequence, maxItems: 3, CancellationToken.None);
            events.AddRange(page.Items);
        }
        while (page.Next is not null);

        Assert.Equal([1L, 2, 3, 4], events.Select(item => item.Sequence));
        Assert.Equal(
            [
                ("one", ExecutionStatus.Running), ("one", ExecutionStatus.Succeeded),
                ("two", ExecutionStatus.Running), ("two", ExecutionStatus.Aborted),
            ],
            events.Select(item => (item.Execution.Name, item.Status)));
        Assert.Null(events[0].Execution.Output);
        Assert.Equal("""{"done":true}""", events[1].Execution.Output);
        Assert.Equal("E", events[3].Execution.Error);
    }
}
