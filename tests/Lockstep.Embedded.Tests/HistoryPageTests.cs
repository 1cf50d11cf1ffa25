using System.Globalization;
using Lockstep.Embedded.Tests.Support;
using Lockstep.Engine.History;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Embedded.Tests;

public sealed class HistoryPageTests
{
    [Fact]
    public async Task Pages_of_every_size_in_both_directions_add_up_to_the_whole()
    {
        await using TestService service = await TestService.NewAsync();
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Tasks(3));
        var key = await service.StartAsync(machine, "one", "5");
        await service.EndAsync(key);
        long[] whole = [.. (await service.HistoryAsync(key)).Select(item => item.Id)];
        Assert.Equal(Enumerable.Range(1, 17).Select(id => (long)id), whole);

        for (int size = 1; size <= whole.Length + 1; size++)
        {
            Assert.Equal(whole, await ReadAsync(size, reverse: false));
            Assert.Equal(whole.Reverse(), await ReadAsync(size, reverse: true));
        }

        async Task<long[]> ReadAsync(int size, bool reverse)
        {
            List<long> ids = [];
            string? cursor = null;
            do
            {
                Page<HistoryEvent>? page = await service.Host.Executions.ReadHistoryAsync(
                    key, reverse, new PageRequest(size, cursor), CancellationToken.None);
                Assert.NotNull(page);
                Assert.True(page.Items.Count == size || page.Next is null);
                ids.AddRange(page.Items.Select(item => item.Id));
                cursor = page.Next;
            }
            while (cursor is not null);
            return [.. ids];
        }
    }

    [Fact]
    public async Task Reader_can_resume_after_any_event_and_a_page_ends_at_its_bytes()
    {
        await using TestService service = await TestService.NewAsync();
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Tasks(3));
        var key = await service.StartAsync(machine, "one", $"\"{new string('x', 1_000)}\"");
        await service.EndAsync(key);

        for (long seen = 0; seen <= 17; seen++)
        {
            Page<HistoryEvent>? rest = await service.Host.Executions.ReadHistoryAsync(
                key, reverse: false, new PageRequest(100, seen.ToString(CultureInfo.InvariantCulture)), CancellationToken.None);
            Assert.Equal((int)(17 - seen), rest?.Items.Count);
        }

        Page<HistoryEvent>? bounded = await service.Host.Executions.ReadHistoryAsync(
            key, reverse: false, new PageRequest(100, null) { MaxBytes = 2_000 }, CancellationToken.None);
        Assert.Equal((2, "2"), (bounded?.Items.Count, bounded?.Next));
    }
}
