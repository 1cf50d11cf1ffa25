using System.Globalization;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.TestKit.Drivers;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What every reader makes of an execution's history.</summary>
public abstract class HistoryContract : HarnessContract
{
    private const int PayloadBytes = 1_000;

    [Fact]
    public async Task Pages_of_every_size_in_both_directions_add_up_to_the_whole()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Tasks(3), "5");
        IReadOnlyList<HistoryEvent> whole = await harness.HistoryAsync(key);
        Assert.Equal(17, whole.Count);
        StateContract.AssertContiguous(whole);
        for (int size = 1; size <= whole.Count + 1; size++)
        {
            Assert.Equal(whole, await ReadAsync(harness, key, size, reverse: false));
            Assert.Equal(whole.Reverse(), await ReadAsync(harness, key, size, reverse: true));
        }
    }

    [Fact]
    public async Task Reader_resumes_after_any_event_that_it_knows_in_both_directions()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Tasks(3), "5");
        int count = (await harness.HistoryAsync(key)).Count;
        for (long seen = 0; seen <= count + 1; seen++)
        {
            Page<HistoryEvent>? after = await PageAsync(harness, key, new PageRequest(100, Text(seen)), reverse: false);
            Page<HistoryEvent>? before = await PageAsync(harness, key, new PageRequest(100, Text(seen)), reverse: true);
            Assert.Equal(Ids(seen + 1, count), after?.Items.Select(item => item.Id));
            Assert.Equal(Ids(1, Math.Min(seen - 1, count)).Reverse(), before?.Items.Select(item => item.Id));
        }
    }

    [Fact]
    public async Task Reader_that_has_seen_all_goes_on_where_it_stopped_when_history_grows()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Wait, """{"seconds":60}""");
        Page<HistoryEvent>? first = await PageAsync(harness, key, new PageRequest(100, null), reverse: false);
        Assert.Equal([1L, 2], first?.Items.Select(item => item.Id));
        Assert.Null(first?.Next);
        Assert.Empty((await PageAsync(harness, key, new PageRequest(100, "2"), reverse: false))?.Items ?? []);

        await harness.AdvanceAsync(TimeSpan.FromSeconds(60));
        Page<HistoryEvent>? rest = await PageAsync(harness, key, new PageRequest(100, "2"), reverse: false);
        Assert.Equal([HistoryEventType.WaitStateExited, HistoryEventType.ExecutionSucceeded], rest?.Items.Select(item => item.Type));
        Assert.All(rest?.Items ?? [], item => Assert.Equal(harness.Time.GetUtcNow(), item.Timestamp));
    }

    [Theory]
    [InlineData(2 * PayloadBytes, 2)]
    [InlineData((2 * PayloadBytes) + 1, 3)]
    [InlineData(1, 1)]
    public async Task Page_ends_with_the_event_that_reaches_its_bytes(int maxBytes, int items)
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Passes(2), $"\"{new string('x', PayloadBytes - 2)}\"");

        // Every event of this machine carries the payload.
        foreach (bool reverse in (bool[])[false, true])
        {
            Page<HistoryEvent>? page = await PageAsync(harness, key, new PageRequest(100, null) { MaxBytes = maxBytes }, reverse);
            Assert.Equal((items, Text(page?.Items[^1].Id ?? 0)), (page?.Items.Count, page?.Next));
        }
    }

    [Fact]
    public async Task What_an_event_carries_is_read_as_it_was_written()
    {
        await using IDriverHarness harness = await OpenAsync();
        const string input = """{"text":"Ada 😀 \u0000 \\ \"","number":12345678901234567890.50,"nested":[[],{},null,true],"":"empty"}""";
        ExecutionKey key = await harness.RunAsync(Machines.Tasks(1), input);
        var started = (ExecutionStartedDetails?)(await harness.HistoryAsync(key))[0].Details;
        Assert.Equal(JsonValue.Parse(input), started?.Input);
        Assert.Equal(started?.Input.ToString(), (await harness.DescribeAsync(key)).Output);
    }

    [Fact]
    public async Task Execution_that_is_not_there_or_the_other_tenants_has_no_history()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Pass);
        Assert.Null(await PageAsync(harness, key with { Id = "m:other" }, new PageRequest(10, null), reverse: false));
        Assert.Null(await PageAsync(harness, key with { Tenant = HarnessSteps.Bert }, new PageRequest(10, null), reverse: false));
    }

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<long> Ids(long first, long last) => Enumerable.Range(0, (int)Math.Max(0, last - first + 1)).Select(offset => first + offset);

    private static ValueTask<Page<HistoryEvent>?> PageAsync(IDriverHarness harness, ExecutionKey key, PageRequest page, bool reverse) =>
        harness.Ports.Executions.ReadHistoryAsync(key, reverse, page, CancellationToken.None);

    private static async Task<List<HistoryEvent>> ReadAsync(IDriverHarness harness, ExecutionKey key, int size, bool reverse)
    {
        List<HistoryEvent> events = [];
        string? cursor = null;
        do
        {
            Page<HistoryEvent>? page = await PageAsync(harness, key, new PageRequest(size, cursor), reverse);
            Assert.NotNull(page);
            Assert.True(page.Items.Count == size || page.Next is null);
            events.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return events;
    }
}
