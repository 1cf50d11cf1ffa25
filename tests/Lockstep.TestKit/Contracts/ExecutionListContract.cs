using Lockstep.Engine;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;
using Lockstep.TestKit.Drivers;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What every reader finds, lists and counts.</summary>
public abstract class ExecutionListContract : HarnessContract
{
    private const string Fail = """{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E","Cause":"C"}}}""";

    [Fact]
    public async Task Execution_is_found_by_its_whole_key_only()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Wait, """{"seconds":60}""");
        Assert.Equal(key, (await harness.DescribeAsync(key)).Key);
        ExecutionKey[] others = [key with { Id = "m:ONE" }, key with { Id = "m" }, key with { Id = "m:one:x" }, key with { Tenant = HarnessSteps.Bert }];
        foreach (ExecutionKey other in others)
        {
            Assert.Null(await harness.Ports.Executions.FindAsync(other, CancellationToken.None));
        }
    }

    [Fact]
    public async Task List_is_newest_first_and_shows_no_payloads()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Pass);
        await StartManyAsync(harness, machine, 0, 7);

        IReadOnlyList<ExecutionRecord> all = await ListAsync(harness, pageSize: 100);
        Assert.Equal(Enumerable.Range(0, 7).Reverse().Select(number => $"e{number}"), all.Select(record => record.Name));
        Assert.All(all, record => Assert.Equal((null, null), (record.Input, record.Output)));
        ExecutionRecord described = await harness.DescribeAsync(all[0].Key);
        Assert.Equal(described with { Input = null, Output = null }, all[0]);
    }

    [Fact]
    public async Task Pages_of_every_size_add_up_to_the_whole()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Pass);
        await StartManyAsync(harness, machine, 0, 7);
        for (int size = 1; size <= 8; size++)
        {
            Assert.Equal(
                Enumerable.Range(0, 7).Reverse().Select(number => $"e{number}"), (await ListAsync(harness, size)).Select(record => record.Name));
        }
    }

    [Fact]
    public async Task Executions_that_started_at_one_moment_are_each_listed_once()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Pass);
        string[] names = [.. Enumerable.Range(0, 9).Select(number => $"e{number}")];
        await Task.WhenAll(names.Select(name => harness.TryStartAsync(machine, name)));
        await harness.RunUntilIdleAsync();
        foreach (int size in (int[])[1, 2, 4])
        {
            Assert.Equal(names, (await ListAsync(harness, size)).Select(record => record.Name).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Executions_that_start_between_two_pages_neither_hide_nor_repeat_older_ones()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Pass);
        await StartManyAsync(harness, machine, 0, 6);
        List<string> names = [];
        string? cursor = null;
        for (int round = 0; round == 0 || cursor is not null; round++)
        {
            Page<ExecutionRecord> page = await PageAsync(harness, HarnessSteps.Anna, new ExecutionFilter(null, null), new PageRequest(2, cursor));
            names.AddRange(page.Items.Select(record => record.Name));
            cursor = page.Next;
            await StartManyAsync(harness, machine, 100 + round, 1);
        }

        Assert.Equal(Enumerable.Range(0, 6).Reverse().Select(number => $"e{number}"), names);
    }

    [Fact]
    public async Task Filters_by_machine_and_status_hold_on_every_page()
    {
        await using IDriverHarness harness = await OpenAsync();
        foreach (string name in (string[])["one", "two"])
        {
            StateMachineRecord pass = await harness.CreateMachineAsync($"pass-{name}", Machines.Pass);
            StateMachineRecord fail = await harness.CreateMachineAsync($"fail-{name}", Fail);
            StateMachineRecord wait = await harness.CreateMachineAsync($"wait-{name}", Machines.Wait);
            await StartManyAsync(harness, pass, 0, 3);
            await StartManyAsync(harness, fail, 0, 3);
            await StartManyAsync(harness, wait, 0, 3);
            await harness.StopAsync(new ExecutionKey(HarnessSteps.Anna, $"wait-{name}:e0"));
        }

        (ExecutionFilter Filter, string[] Expected)[] cases =
        [
            (new(null, ExecutionStatus.Running), ["wait-two:e2", "wait-two:e1", "wait-one:e2", "wait-one:e1"]),
            (new(null, ExecutionStatus.Aborted), ["wait-two:e0", "wait-one:e0"]),
            (new(null, ExecutionStatus.TimedOut), []),
            (new("wait-one", null), ["wait-one:e2", "wait-one:e1", "wait-one:e0"]),
            (new("wait-one", ExecutionStatus.Running), ["wait-one:e2", "wait-one:e1"]),
            (new("fail-two", ExecutionStatus.Failed), ["fail-two:e2", "fail-two:e1", "fail-two:e0"]),
            (new("pass-one", ExecutionStatus.Failed), []),
            (new("no-such", null), []),
        ];
        foreach ((ExecutionFilter filter, string[] expected) in cases)
        {
            foreach (int size in (int[])[1, 2, 100])
            {
                Assert.Equal(expected, (await ListAsync(harness, size, filter)).Select(record => record.Key.Id));
            }
        }
    }

    [Fact]
    public async Task Tenants_see_and_count_their_own()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord anna = await harness.CreateMachineAsync("m", Machines.Wait);
        StateMachineRecord bert = await harness.CreateMachineAsync("m", Machines.Wait, tenant: HarnessSteps.Bert);
        await StartManyAsync(harness, anna, 0, 3);
        await StartManyAsync(harness, bert, 0, 1);

        Assert.Equal(3, (await ListAsync(harness, 10)).Count);
        Assert.Equal(1, (await PageAsync(harness, HarnessSteps.Bert, new ExecutionFilter("m", null), new PageRequest(10, null))).Items.Count);
        Assert.Empty((await PageAsync(harness, HarnessSteps.TenantOf(3), new ExecutionFilter(null, null), new PageRequest(10, null))).Items);
        Assert.Equal((3, 1, 0), (await CountAsync(harness, 1), await CountAsync(harness, 2), await CountAsync(harness, 3)));
    }

    [Fact]
    public async Task Open_executions_are_counted_from_their_start_to_whatever_end_they_come_to()
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord wait = await harness.CreateMachineAsync("wait", Machines.Wait);
        StateMachineRecord fail = await harness.CreateMachineAsync("fail", Fail);
        StateMachineRecord quick = await harness.CreateMachineAsync("quick", Machines.Pass, WorkflowType.Express);
        await StartManyAsync(harness, wait, 0, 5);
        Assert.Equal(5, await CountAsync(harness, 1));
        await StartManyAsync(harness, fail, 0, 2);
        await harness.TryStartAsync(wait, "e0", """{"seconds":60}""");
        await harness.WaitForEndAsync(HarnessSteps.Value(await harness.TryStartAsync(quick, "q")).Execution.Key);
        Assert.Equal(5, await CountAsync(harness, 1));
        await harness.StopAsync(new ExecutionKey(HarnessSteps.Anna, "wait:e0"));
        Assert.Equal(4, await CountAsync(harness, 1));
        if (harness.CanCrash)
        {
            await harness.CrashAndRestartAsync();
            Assert.Equal(4, await CountAsync(harness, 1));
        }

        await harness.AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(0, await CountAsync(harness, 1));
    }

    private static async Task StartManyAsync(IDriverHarness harness, StateMachineRecord machine, int first, int count)
    {
        foreach (int number in Enumerable.Range(first, count))
        {
            await harness.StartAsync(machine, $"e{number}", """{"seconds":60}""");
            await harness.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        }
    }

    private static ValueTask<long> CountAsync(IDriverHarness harness, int tenant) =>
        harness.Ports.Executions.CountOpenAsync(HarnessSteps.TenantOf(tenant), CancellationToken.None);

    private static ValueTask<Page<ExecutionRecord>> PageAsync(IDriverHarness harness, TenantId tenant, ExecutionFilter filter, PageRequest page) =>
        harness.Ports.Executions.ListAsync(tenant, filter, page, CancellationToken.None);

    private static async Task<IReadOnlyList<ExecutionRecord>> ListAsync(IDriverHarness harness, int pageSize, ExecutionFilter? filter = null)
    {
        List<ExecutionRecord> records = [];
        string? cursor = null;
        do
        {
            Page<ExecutionRecord> page = await PageAsync(
                harness, HarnessSteps.Anna, filter ?? new ExecutionFilter(null, null), new PageRequest(pageSize, cursor));
            Assert.InRange(page.Items.Count, 0, pageSize);
            records.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return records;
    }
}
