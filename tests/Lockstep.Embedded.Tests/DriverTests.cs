using Lockstep.Embedded.Tests.Support;
using Lockstep.Engine;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Embedded.Tests;

/// <summary>What the embedded driver does beyond the contracts.</summary>
public sealed class DriverTests
{
    [Fact]
    public async Task Execution_that_never_waits_has_ended_when_its_start_is_answered()
    {
        await using TestService service = await TestService.NewAsync();
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Pass);

        ExecutionKey key = await service.StartAsync(machine, "one", """{"a":1}""");

        Assert.Equal(ExecutionStatus.Succeeded, (await service.DescribeAsync(key)).Status);
    }
}
