using Lockstep.Embedded.Hosting;
using Lockstep.Embedded.Tests.Support;
using Lockstep.Engine;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit.Drivers;
using Lockstep.TestKit.Time;

namespace Lockstep.Embedded.Tests;

public sealed class TimerTests
{
    private static readonly EmbeddedOptions _daily = new()
    {
        Driver = new DriverOptions { ParkInterval = TimeSpan.FromDays(1), WakeHorizon = TimeSpan.FromDays(4), ParkAfter = TimeSpan.FromHours(1) },
    };

    [Fact]
    public async Task Year_long_wait_leaves_memory_survives_a_restart_and_ends_in_time()
    {
        var time = new ManualTimeProvider();
        await using TestService service = await TestService.NewAsync(time, _daily);
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Wait);
        ExecutionKey key = await service.StartAsync(machine, "one", """{"seconds":31536000}""");
        DateTimeOffset start = time.GetUtcNow();
        await service.ParkAllAsync();

        for (int month = 0; month < 6; month++)
        {
            time.Advance(TimeSpan.FromDays(30));
            await service.RestAsync();
        }

        await service.RestartAsync();
        Assert.Equal(0, service.Host.ExecutionsInMemory);
        ExecutionRecord ended = await service.AdvanceUntilAsync(service.EndAsync(key).AsTask(), TimeSpan.FromDays(1));

        Assert.Equal(ExecutionStatus.Succeeded, ended.Status);
        Assert.InRange(ended.StoppedAt ?? start, start + TimeSpan.FromDays(365), start + TimeSpan.FromDays(366));
    }

    [Fact]
    public async Task Wait_that_became_due_while_no_process_ran_ends_at_once()
    {
        var time = new ManualTimeProvider();
        await using TestService service = await TestService.NewAsync(time, _daily);
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Wait);
        ExecutionKey resident = await service.StartAsync(machine, "resident", """{"seconds":100}""");
        await service.CloseAsync();
        time.Advance(TimeSpan.FromSeconds(200));

        await service.OpenAsync();

        Assert.Equal(
            ExecutionStatus.Succeeded, (await service.AdvanceUntilAsync(service.EndAsync(resident).AsTask(), TimeSpan.Zero)).Status);
    }
}
