using Lockstep.Embedded.Tests.Support;
using Lockstep.Json;
using Lockstep.Service.Channels;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Embedded.Tests;

/// <summary>What <see cref="TestKit.Contracts.StatusChangeContract"/> cannot provoke: changes that are not on the bus when a process ends.</summary>
public sealed class StatusChangeTests
{
    private static readonly ChannelPlace Bus = new(TestService.Tenant, ChannelKind.EventBus, ChannelNames.DefaultBus);

    [Fact]
    public async Task What_a_process_did_not_put_on_the_bus_the_next_one_does()
    {
        await using TestService service = await TestService.NewAsync();
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Pass);
        await service.Host.Channels.CreateAsync(new ChannelRecord(Bus, service.Time.GetUtcNow()), CancellationToken.None);
        await service.EndAsync(await service.StartAsync(machine, "one"));
        await service.Host.StatusChangesForwarded;
        await service.Host.ExecuteAsync("UPDATE channels SET forwarded = 1");
        await service.Host.ExecuteAsync("DELETE FROM messages WHERE seq = 2");
        await service.RestartAsync();

        Assert.Equal(["one RUNNING", "one SUCCEEDED"], await ChangesAsync(service));
    }

    private static async Task<string[]> ChangesAsync(TestService service)
    {
        await service.Host.StatusChangesForwarded;
        Page<MessageRecord> page = await service.Host.Channels.ReadAsync(
            Bus, 0, DateTimeOffset.UnixEpoch, new PageRequest(100, null), CancellationToken.None);
        return
        [
            .. page.Items.Select(message => (JsonObject)message.Content["detail"]!) // Every event has it.
                .Select(detail => $"{((JsonString)detail["name"]!).Value} {((JsonString)detail["status"]!).Value}"), // As above.
        ];
    }
}
