using Lockstep.Embedded.Hosting;
using Lockstep.Embedded.Retention;
using Lockstep.Embedded.Storage;
using Lockstep.Embedded.Tests.Support;
using Lockstep.Engine;
using Lockstep.Service.Events;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit.Drivers;
using Lockstep.TestKit.Time;

namespace Lockstep.Embedded.Tests;

/// <summary>What the contract of retention does not see: the tables, the steps, and the timer.</summary>
public sealed class RetentionTests
{
    private static readonly TimeSpan _age = TimeSpan.FromDays(90);

    private static readonly EmbeddedOptions _smallSteps = new()
    {
        Retention = new RetentionOptions { MaxRows = 2, Interval = TimeSpan.FromDays(1) },
        Driver = new DriverOptions { ParkInterval = TimeSpan.FromDays(1), WakeHorizon = TimeSpan.FromDays(4) },
    };

    [Fact]
    public async Task Nothing_is_left_of_what_is_removed_but_the_highest_number()
    {
        await using TestService service = await WithOldExecutionsAsync();
        await service.RestAsync();
        await RunRoundAsync(service);
        await service.CloseAsync();

        Assert.Equal(
            "executions 0, journal 0, snapshots 0, express 0, map_runs 0, activity_tasks 0, child_outcomes 0, given_up 0, removed_executions 1, execution_events 1",
            Counts(service));
    }

    [Fact]
    public async Task Round_that_is_cut_off_after_any_step_leaves_executions_whole_or_gone_and_the_next_one_the_rest()
    {
        int cut = 0;
        bool isCut;
        do
        {
            await using TestService service = await WithOldExecutionsAsync();
            isCut = await RunRoundAsync(service, ++cut);
            await service.RestartAsync();
            foreach (ExecutionRecord listed in (await ListAsync(service)).Where(listed => listed.Type == WorkflowType.Standard))
            {
                Assert.Equal(HistoryEventTypeOf(listed.Status), (await service.HistoryAsync(listed.Key))[^1].Type);
                Assert.NotNull((await service.DescribeAsync(listed.Key)).Input);
            }

            await RunRoundAsync(service);
            await service.CloseAsync();
            Assert.StartsWith("executions 0, journal 0, snapshots 0, express 0,", Counts(service), StringComparison.Ordinal);
        }
        while (isCut);
        Assert.InRange(cut, 10, 200);
    }

    [Fact]
    public async Task Numbers_of_events_go_on_after_all_of_them_were_removed()
    {
        await using TestService service = await WithOldExecutionsAsync();
        long before = (await EventsAsync(service, 0))[^1].Sequence;
        await RunRoundAsync(service);
        Assert.Empty(await EventsAsync(service, 0));
        await service.RestartAsync();

        StateMachineRecord machine = await service.CreateMachineAsync("after", Machines.Pass);
        await service.EndAsync(await service.StartAsync(machine, "after"));

        Assert.Equal([before + 1, before + 2], (await EventsAsync(service, 0)).Select(item => item.Sequence));
    }

    [Fact]
    public async Task Round_is_made_by_itself_a_minute_after_the_start_and_then_at_every_interval()
    {
        var time = new ManualTimeProvider();
        await using TestService service = await TestService.NewAsync(time, _smallSteps);
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Pass);
        ExecutionKey first = await service.StartAsync(machine, "one");
        await service.EndAsync(first);
        await service.CloseAsync();
        time.Advance(_age);
        await service.OpenAsync();
        Assert.NotNull(await service.Host.Executions.FindAsync(first, CancellationToken.None));
        time.Advance(TimeSpan.FromMinutes(1));
        await service.RestAsync();
        Assert.Null(await service.Host.Executions.FindAsync(first, CancellationToken.None));

        ExecutionKey second = await service.StartAsync(machine, "two");
        await service.EndAsync(second);
        time.Advance(_age);
        await service.RestAsync();
        time.Advance(TimeSpan.FromDays(1));
        await service.RestAsync();
        Assert.Null(await service.Host.Executions.FindAsync(second, CancellationToken.None));
    }

    [Fact]
    public async Task Quarantined_execution_stays_as_evidence()
    {
        await using TestService service = await WithOldExecutionsAsync();
        await service.Host.ExecuteAsync("UPDATE executions SET quarantine = 'why' WHERE id = 'm:e0'");
        await RunRoundAsync(service);
        Assert.Equal("m:e0", Assert.Single(await ListAsync(service)).Key.Id);
    }

    [Fact]
    public async Task Outcome_that_its_parent_has_not_taken_keeps_the_child()
    {
        await using TestService service = await WithOldExecutionsAsync();
        await service.RestAsync();
        await service.Host.ExecuteAsync("INSERT INTO child_outcomes SELECT no, 999, 1 FROM executions WHERE id = 'm:e1'");
        await RunRoundAsync(service);
        Assert.Equal("m:e1", Assert.Single(await ListAsync(service)).Key.Id);
    }

    /// <summary>Five Standard executions, of which one has many turns, and an Express one; all ended 90 days ago.</summary>
    private static async Task<TestService> WithOldExecutionsAsync()
    {
        var time = new ManualTimeProvider();
        TestService service = await TestService.NewAsync(time, _smallSteps);
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Pass);
        StateMachineRecord chain = await service.CreateMachineAsync("chain", Machines.Tasks(60));
        StateMachineRecord express = await service.CreateMachineAsync("x", Machines.Pass, WorkflowType.Express);
        for (int number = 0; number < 4; number++)
        {
            await service.EndAsync(await service.StartAsync(machine, $"e{number}"));
        }

        await service.EndAsync(await service.StartAsync(chain, "long"));
        ExecutionKey quick = await service.StartAsync(express, "quick");
        while ((await service.DescribeAsync(quick)).Status == ExecutionStatus.Running)
        {
            await Task.Yield();
        }

        await service.CloseAsync();
        time.Advance(_age);
        await service.OpenAsync();
        return service;
    }

    /// <summary>Makes a round, or only its first steps; true when it was cut off.</summary>
    private static async Task<bool> RunRoundAsync(TestService service, int maxSteps = int.MaxValue)
    {
        int steps = 0;
        await foreach (RetentionStep _ in service.Host.Retention.StepsAsync())
        {
            if (++steps == maxSteps)
            {
                return true;
            }
        }

        return false;
    }

    private static async Task<IReadOnlyList<ExecutionRecord>> ListAsync(TestService service) => (await service.Host.Executions.ListAsync(
        TestService.Tenant, new ExecutionFilter(null, null), new PageRequest(100, null), CancellationToken.None)).Items;

    private static async Task<IReadOnlyList<ExecutionEvent>> EventsAsync(TestService service, long after) =>
        (await service.Host.Events.ReadAsync(TestService.Tenant, after, 100, CancellationToken.None)).Items;

    private static Engine.History.HistoryEventType HistoryEventTypeOf(ExecutionStatus status) => status == ExecutionStatus.Succeeded
        ? Engine.History.HistoryEventType.ExecutionSucceeded
        : Engine.History.HistoryEventType.ExecutionFailed;

    private static string Counts(TestService service)
    {
        string[] tables =
        [
            "executions", "journal", "snapshots", "express", "map_runs", "activity_tasks", "child_outcomes", "given_up", "removed_executions", "execution_events",
        ];
        using SqliteConnection connection = SqliteConnection.Open(Path.Combine(service.Folder, "lockstep.db"), TimeSpan.Zero);
        return string.Join(", ", tables.Select(table => $"{table} {connection.Prepare($"SELECT count(*) FROM {table}").ReadScalar()}"));
    }
}
