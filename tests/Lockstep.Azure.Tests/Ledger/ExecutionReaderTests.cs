using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Listings;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Time;
using static Lockstep.Azure.Tests.Ledger.LedgerFixture;

namespace Lockstep.Azure.Tests.Ledger;

public sealed class ExecutionReaderTests
{
    private readonly LedgerFixture _fixture = new();

    [Theory]
    [InlineData(1, 7, 3, 0)]
    [InlineData(2, 5, 1, 10)]
    [InlineData(3, 40, 2, 5_000)]
    [InlineData(1, 6, 3, 20_000)]
    public async Task History_reads_the_same_in_pages_of_any_size_both_ways(int batch, int turns, int events, int payload)
    {
        ExecutionKey key = await StartAsync(turns, batch, events, payload);
        _fixture.Azure.Faults = ShortPages();
        long[] all = [.. Enumerable.Range(1, turns * events).Select(id => (long)id)];
        foreach (int size in (int[])[1, 2, 3, 7, all.Length, all.Length + 1])
        {
            Assert.Equal(all, await ReadAllAsync(key, reverse: false, size, int.MaxValue));
            Assert.Equal(all.Reverse(), await ReadAllAsync(key, reverse: true, size, int.MaxValue));
        }
    }

    [Fact]
    public async Task History_can_be_resumed_after_any_event_and_is_null_without_the_execution()
    {
        ExecutionKey key = await StartAsync(turns: 4, batch: 2, events: 3, payload: 0);
        for (int seen = 0; seen <= 12; seen++)
        {
            var page = new PageRequest(100, seen.ToString(CultureInfo.InvariantCulture));
            Page<HistoryEvent>? read = await _fixture.Reader.ReadHistoryAsync(key, reverse: false, page, CancellationToken.None);
            Assert.Equal(Enumerable.Range(seen + 1, 12 - seen).Select(id => (long)id), read?.Items.Select(item => item.Id) ?? []);
        }

        Assert.Null(await _fixture.Reader.ReadHistoryAsync(Key("none"), false, new PageRequest(1, null), CancellationToken.None));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Page_of_history_ends_early_after_its_bytes_with_at_least_one_event(bool reverse)
    {
        ExecutionKey key = await StartAsync(turns: 5, batch: 5, events: 1, payload: 100);
        var page = new PageRequest(100, null) { MaxBytes = 150 };
        Page<HistoryEvent>? read = await _fixture.Reader.ReadHistoryAsync(key, reverse, page, CancellationToken.None);
        Assert.Equal(2, read?.Items.Count);
        Assert.Equal(5, (await ReadAllAsync(key, reverse, 100, 1)).Count);
    }

    [Fact]
    public async Task Turns_without_events_are_passed_over()
    {
        ExecutionKey key = await _fixture.StartAsync();
        ImmutableArray<TurnRecord> turns = [Turn(1, 1, 2, 0), Turn(2, 3, 0, 0), Turn(3, 3, 0, 0), Turn(4, 3, 1, 0), Turn(5, 4, 0, 0)];
        foreach (TurnRecord turn in turns)
        {
            Assert.IsType<Appended>(await _fixture.AppendAsync(key, Batch(1, [turn])));
        }

        Assert.Equal([1L, 2, 3], await ReadAllAsync(key, reverse: false, 2, int.MaxValue));
        Assert.Equal([3L, 2, 1], await ReadAllAsync(key, reverse: true, 2, int.MaxValue));
    }

    [Fact]
    public async Task Lists_show_the_newest_start_first_and_filter_by_machine_and_status()
    {
        foreach (int number in Enumerable.Range(0, 30))
        {
            ExecutionKey key = Key($"e{number:00}", number % 3 == 0 ? "a" : "b");
            await _fixture.Ledger.CreateAsync(New(key, Noon.AddSeconds(number / 2)), CancellationToken.None);
            if (number % 2 == 0)
            {
                await _fixture.AppendAsync(key, Batch(1, Turns(1, 1)) with { End = Succeed() });
            }
        }

        await _fixture.StartAsync(Key(tenant: 2));
        _fixture.Azure.Faults = ShortPages();
        await ExpectAsync(new ExecutionFilter(null, null), _ => true);
        await ExpectAsync(new ExecutionFilter("a", null), number => number % 3 == 0);
        await ExpectAsync(new ExecutionFilter(null, ExecutionStatus.Running), number => number % 2 != 0);
        await ExpectAsync(new ExecutionFilter("b", ExecutionStatus.Succeeded), number => number % 2 == 0 && number % 3 != 0);
        await ExpectAsync(new ExecutionFilter("none", null), _ => false);
        await ExpectAsync(new ExecutionFilter(null, ExecutionStatus.Failed), _ => false);
        Assert.Equal(15, await _fixture.Reader.CountOpenAsync(Tenant(), CancellationToken.None));
        Assert.Equal(1, await _fixture.Reader.CountOpenAsync(Tenant(2), CancellationToken.None));
        Assert.Equal(0, await _fixture.Reader.CountOpenAsync(Tenant(3), CancellationToken.None));

        async Task ExpectAsync(ExecutionFilter filter, Func<int, bool> isShown)
        {
            string[] expected = [.. Enumerable.Range(0, 30).Where(isShown).Select(number => $"e{number:00}")];
            foreach (int size in (int[])[1, 4, 50])
            {
                List<ExecutionRecord> read = await ListAsync(filter, size);
                Assert.Equal(expected, read.Select(record => record.Name).Order(StringComparer.Ordinal));
                Assert.Equal(read.Select(record => record.StartedAt).OrderDescending(), read.Select(record => record.StartedAt));
            }
        }
    }

    [Fact]
    public async Task Executions_that_start_while_a_list_is_read_do_not_move_its_pages()
    {
        foreach (int number in Enumerable.Range(0, 6))
        {
            await _fixture.Ledger.CreateAsync(New(Key($"e{number}"), Noon.AddSeconds(number)), CancellationToken.None);
        }

        Page<ExecutionRecord> first = await _fixture.Reader.ListAsync(Tenant(), new ExecutionFilter(null, null), new PageRequest(3, null), CancellationToken.None);
        await _fixture.Ledger.CreateAsync(New(Key("new"), Noon.AddSeconds(100)), CancellationToken.None);
        Page<ExecutionRecord> second = await _fixture.Reader.ListAsync(
            Tenant(), new ExecutionFilter(null, null), new PageRequest(3, first.Next), CancellationToken.None);
        Assert.Equal(["e5", "e4", "e3", "e2", "e1", "e0"], first.Items.Concat(second.Items).Select(record => record.Name));
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task Listed_execution_shows_what_describing_it_shows_but_the_payloads()
    {
        ExecutionKey key = await _fixture.StartAsync();
        await _fixture.AppendAsync(key, Batch(1, Turns(1, 2)) with { End = Succeed() });
        ExecutionRecord? found = await _fixture.Reader.FindAsync(key, CancellationToken.None);
        ExecutionRecord listed = Assert.Single(await ListAsync(new ExecutionFilter(null, null), 10));
        Assert.Equal(found, listed with { Input = found?.Input, Output = found?.Output });
        Assert.Equal(("{}", "1", 2), (found?.Input, found?.Output, found?.Transitions));
    }

    [Fact]
    public async Task Count_and_lists_cannot_drift_wherever_a_start_or_an_end_is_cut_off_and_repeated()
    {
        foreach (Fault fault in (Fault[])[Fault.BeforeEffect, Fault.AnswerLost])
        {
            for (int call = 1; call <= 16; call++)
            {
                var fixture = new LedgerFixture();
                NewExecution execution = New(Key());
                AppendBatch end = Batch(1, Turns(1, 1)) with { End = Succeed() };
                fixture.Azure.Faults = Faults.Once(call, fault);
                await RepeatAsync(async () => await fixture.Ledger.CreateAsync(execution, CancellationToken.None));
                fixture.Azure.Faults = Faults.None;
                Assert.Equal(1, await fixture.Reader.CountOpenAsync(Tenant(), CancellationToken.None));

                fixture.Azure.Faults = Faults.Once(call, fault);
                await RepeatAsync(async () => await fixture.Ledger.AppendAsync(Key(), end, CancellationToken.None));
                fixture.Azure.Faults = Faults.None;
                await fixture.Ledger.CreateAsync(execution, CancellationToken.None);
                Assert.Equal(0, await fixture.Reader.CountOpenAsync(Tenant(), CancellationToken.None));
                Assert.Equal(4, fixture.Azure.Tables.All(TableName.Listings).Count(row => row.Key.Row != "n"));
                Assert.Equal(2, fixture.Azure.Messages.Pending.Select(message => message.Message.MessageId).Distinct().Count());
            }
        }
    }

    [Fact]
    public async Task End_that_is_listed_before_the_start_counts_nothing()
    {
        var listings = new ExecutionListings(_fixture.Azure.Tables);
        ExecutionRecord record = New(Key()).Record;
        await listings.CloseAsync(record with { Status = ExecutionStatus.Failed, StoppedAt = Noon }, CancellationToken.None);
        await listings.OpenAsync(record, CancellationToken.None);
        Assert.Equal(0, await listings.CountOpenAsync(Tenant(), CancellationToken.None));
        Assert.Equal(ExecutionStatus.Failed, Assert.Single(await ListAsync(new ExecutionFilter(null, null), 5)).Status);
    }

    [Fact]
    public async Task Follower_sees_a_commit_of_another_process_and_gives_up_after_its_wait()
    {
        var time = new ManualTimeProvider(Noon);
        var changes = new PollingExecutionChanges(_fixture.Azure.Tables, _fixture.Azure.Blobs, time);
        ExecutionKey key = await _fixture.StartAsync();
        using IExecutionFollower follower = changes.Follow(key);
        Task<bool> none = follower.WaitAsync(0, TimeSpan.FromSeconds(5), CancellationToken.None).AsTask();
        await AdvanceAsync(time, TimeSpan.FromSeconds(5), none);
        Assert.False(await none);

        Task<bool> grown = follower.WaitAsync(0, TimeSpan.FromSeconds(60), CancellationToken.None).AsTask();
        await _fixture.AppendAsync(key, Batch(1, Turns(1, 1)));
        await AdvanceAsync(time, PollingExecutionChanges.LongestPause, grown);
        Assert.True(await grown);
        Assert.False(await follower.WaitAsync(2, TimeSpan.Zero, CancellationToken.None));

        Task<bool> patient = follower.WaitAsync(2, Timeout.InfiniteTimeSpan, CancellationToken.None).AsTask();
        Assert.False(patient.IsCompleted);
        await _fixture.AppendAsync(key, Batch(1, Turns(2, 1)));
        await AdvanceAsync(time, PollingExecutionChanges.LongestPause, patient);
        Assert.True(await patient);
    }

    private static async Task AdvanceAsync(ManualTimeProvider time, TimeSpan by, Task until)
    {
        DateTimeOffset end = time.GetUtcNow() + by;
        while (!until.IsCompleted)
        {
            if (time.NextDue is { } due)
            {
                Assert.True(due <= end);
                time.Advance(due - time.GetUtcNow());
            }

            await Task.Yield();
        }
    }

    private static Faults ShortPages()
    {
        Faults faults = Faults.None;
        faults.ShortPageRate = 0.5;
        return faults;
    }

    private static async Task RepeatAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (StorageUnavailableException)
        {
            await action();
        }
    }

    private async Task<ExecutionKey> StartAsync(int turns, int batch, int events, int payload)
    {
        ExecutionKey key = await _fixture.StartAsync();
        foreach (TurnRecord[] some in Turns(1, turns, events, TurnChain.Start, payload).Chunk(batch))
        {
            Assert.IsType<Appended>(await _fixture.AppendAsync(key, Batch(1, [.. some])));
        }

        return key;
    }

    private async Task<List<long>> ReadAllAsync(ExecutionKey key, bool reverse, int size, int maxBytes)
    {
        List<long> ids = [];
        string? cursor = null;
        do
        {
            Page<HistoryEvent>? page = await _fixture.Reader.ReadHistoryAsync(
                key, reverse, new PageRequest(size, cursor) { MaxBytes = maxBytes }, CancellationToken.None);
            Assert.NotNull(page);
            Assert.InRange(page.Items.Count, 1, size);
            ids.AddRange(page.Items.Select(item => item.Id));
            cursor = page.Next;
        }
        while (cursor is not null);
        return ids;
    }

    private async Task<List<ExecutionRecord>> ListAsync(ExecutionFilter filter, int size)
    {
        List<ExecutionRecord> read = [];
        string? cursor = null;
        do
        {
            Page<ExecutionRecord> page = await _fixture.Reader.ListAsync(Tenant(), filter, new PageRequest(size, cursor), CancellationToken.None);
            read.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return read;
    }
}
