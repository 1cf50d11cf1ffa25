using Lockstep.Service.Logging;
using Lockstep.Service.Paging;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What every keeper of log events does. An adapter derives from this class and supplies a new, empty store.</summary>
public abstract class LogStoreContract
{
    private static readonly LogGroup _group = new(Tenants.Of(1), "/aws/vendedlogs/states/orders");

    /// <summary>A new, empty store; disposed by the test.</summary>
    protected abstract Task<StoreLease<ILogStore>> OpenAsync();

    [Fact]
    public async Task Events_are_read_by_time_and_those_of_an_execution_by_id_on_pages_of_any_size()
    {
        await using StoreLease<ILogStore> lease = await OpenAsync();
        LogEvent[] one = [.. Enumerable.Range(1, 6).Select(id => At("m:one", id, id / 3))];
        LogEvent[] two = [.. Enumerable.Range(1, 6).Select(id => At("m:two", id, 5 - (id < 4 ? 5 : 0)))];
        await lease.Store.AppendAsync(_group, two, CancellationToken.None);
        await lease.Store.AppendAsync(_group, one, CancellationToken.None);

        for (int size = 1; size <= 13; size++)
        {
            LogEvent[] all = await ReadAsync(lease.Store, _group, LogFilter.All, size);
            Assert.Equal(12, all.Length);
            Assert.Equal(all.Select(item => item.Time).Order(), all.Select(item => item.Time));
            Assert.Equal(one, all.Where(item => item.Execution == "m:one"));
            Assert.Equal(two, all.Where(item => item.Execution == "m:two"));
            Assert.Equal(one, await ReadAsync(lease.Store, _group, LogFilter.All with { Execution = "m:one" }, size));
        }
    }

    [Fact]
    public async Task The_same_event_again_is_kept_once()
    {
        await using StoreLease<ILogStore> lease = await OpenAsync();
        LogEvent[] events = [.. Enumerable.Range(1, 130).Select(id => At("m:one", id, 0))];
        await lease.Store.AppendAsync(_group, events, CancellationToken.None);
        await lease.Store.AppendAsync(_group, events[100..], CancellationToken.None);
        await lease.Store.AppendAsync(_group, [events[0], events[0], At("m:one", 1, 1)], CancellationToken.None);

        LogEvent[] kept = await ReadAsync(lease.Store, _group, LogFilter.All, 50);
        Assert.Equal([.. events, At("m:one", 1, 1)], kept);
    }

    [Fact]
    public async Task Bounds_of_time_take_the_first_in_and_leave_the_last_out()
    {
        await using StoreLease<ILogStore> lease = await OpenAsync();
        await lease.Store.AppendAsync(_group, [.. Enumerable.Range(0, 5).Select(second => At("m:one", second + 1, second))], CancellationToken.None);
        foreach (string? execution in new[] { null, "m:one" })
        {
            Assert.Equal("2,3", await IdsAsync(new LogFilter(execution, Tenants.Noon.AddSeconds(1), Tenants.Noon.AddSeconds(3))));
            Assert.Equal("4,5", await IdsAsync(new LogFilter(execution, Tenants.Noon.AddSeconds(3), null)));
            Assert.Equal("1", await IdsAsync(new LogFilter(execution, null, Tenants.Noon.AddSeconds(1))));
        }

        async Task<string> IdsAsync(LogFilter filter) => string.Join(',', (await ReadAsync(lease.Store, _group, filter, 1)).Select(item => item.Id));
    }

    [Fact]
    public async Task Large_events_come_back_whole_and_end_a_page_early()
    {
        await using StoreLease<ILogStore> lease = await OpenAsync();
        string large = $$"""{"input":"{{new string('ä', 240 * 1024)}}"}""";
        LogEvent[] events = [.. Enumerable.Range(1, 12).Select(id => At("m:one", id, id) with { Text = large })];
        await lease.Store.AppendAsync(_group, events, CancellationToken.None);

        Page<LogEvent> page = await lease.Store.ReadAsync(
            _group, LogFilter.All, new PageRequest(100, null) { MaxBytes = 2 * large.Length }, CancellationToken.None);
        Assert.Equal((2, large), (page.Items.Count, page.Items[1].Text));
        Assert.Equal(events, await ReadAsync(lease.Store, _group, LogFilter.All, 100));
    }

    [Fact]
    public async Task Groups_are_listed_by_name_and_belong_to_their_tenant()
    {
        await using StoreLease<ILogStore> lease = await OpenAsync();
        string[] names = ["/aws/a", "a-b", "a", "A", "a/b", "a.b", "b#1", "a_b"];
        foreach (string name in names)
        {
            await lease.Store.AppendAsync(_group with { Name = name }, [At("m:one", 1, 0)], CancellationToken.None);
        }

        await lease.Store.AppendAsync(new LogGroup(Tenants.Of(2), "his"), [At("m:one", 1, 0)], CancellationToken.None);
        for (int size = 1; size <= 9; size++)
        {
            List<string> all = [];
            string? cursor = null;
            do
            {
                Page<string> page = await lease.Store.ListGroupsAsync(Tenants.Of(1), new PageRequest(size, cursor), CancellationToken.None);
                all.AddRange(page.Items);
                cursor = page.Next;
            }
            while (cursor is not null);
            Assert.Equal(names.Order(StringComparer.Ordinal), all);
        }

        Assert.Empty(await ReadAsync(lease.Store, new LogGroup(Tenants.Of(2), "a"), LogFilter.All, 10));
        Assert.Empty(await ReadAsync(lease.Store, _group, LogFilter.All, 10));
        Assert.Single(await ReadAsync(lease.Store, new LogGroup(Tenants.Of(2), "his"), LogFilter.All, 10));
    }

    private static LogEvent At(string execution, long id, int second) => new(execution, id, Tenants.Noon.AddSeconds(second), $$"""{"id":"{{id}}"}""");

    private static async Task<LogEvent[]> ReadAsync(ILogStore store, LogGroup group, LogFilter filter, int pageSize)
    {
        List<LogEvent> all = [];
        string? cursor = null;
        do
        {
            Page<LogEvent> page = await store.ReadAsync(group, filter, new PageRequest(pageSize, cursor), CancellationToken.None);
            all.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return [.. all];
    }
}
