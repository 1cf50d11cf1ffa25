using Lockstep.Engine;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit.Drivers;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>
/// How long every host keeps what has ended: executions with everything of theirs, and their names, for 90 days after their end; revisions for 90 days
/// after they are out of force, and as long as a version or an execution refers to them.
/// </summary>
public abstract class RetentionContract : HarnessContract
{
    private const string Endless = """{"Comment":"old","StartAt":"W","States":{"W":{"Type":"Wait","Seconds":99999999,"End":true}}}""";

    private static readonly TimeSpan _age = TimeSpan.FromDays(90);

    /// <summary>The round looks at what is exactly old enough, and a moment before that.</summary>
    private static readonly TimeSpan _moment = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task Ended_execution_and_its_name_are_kept_for_90_days_and_then_gone()
    {
        await using IDriverHarness harness = await OpenWithTenantsAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Pass);
        ExecutionKey key = await harness.StartAsync(machine, "one", """{"a":1}""");
        ExecutionRecord ended = await harness.EndAsync(key);

        await harness.AdvanceAsync(_age - _moment);
        await harness.ExpireAsync();
        Assert.Equal(ended, await harness.DescribeAsync(key));
        Assert.Equal(4, (await harness.HistoryAsync(key)).Count);
        Assert.Equal(ErrorCodes.ExecutionAlreadyExists, (await harness.TryStartAsync(machine, "one", """{"a":1}""")).Error?.Code);

        await harness.AdvanceAsync(_moment);
        await harness.ExpireAsync();
        await AssertGoneAsync(harness, key);

        Result<StartOutcome> again = await harness.TryStartAsync(machine, "one", """{"a":2}""");
        Assert.True(again.Value?.Created);
        Assert.Equal("""{"a":2}""", (await harness.EndAsync(key)).Input);
        Assert.Equal(4, (await harness.HistoryAsync(key)).Count);
        Assert.Equal([key], (await ListAsync(harness)).Select(execution => execution.Key));
    }

    [Fact]
    public async Task Removed_execution_stays_gone_after_a_crash_and_what_comes_next_is_new()
    {
        await using IDriverHarness harness = await OpenWithTenantsAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Tasks(1));
        ExecutionKey key = await harness.StartAsync(machine, "one");
        await harness.EndAsync(key);
        await harness.AdvanceAsync(_age);
        await harness.ExpireAsync();
        if (harness.CanCrash)
        {
            await harness.CrashAndRestartAsync();
        }

        await AssertGoneAsync(harness, key);
        await harness.EndAsync(await harness.StartAsync(machine, "one"));

        // What the second one calls is not taken for what the first one called.
        Assert.Equal(2, harness.Targets.Calls.Select(call => call.IdempotencyKey).Distinct().Count());
    }

    [Fact]
    public async Task Running_execution_stays_whatever_its_age_with_its_revision()
    {
        await using IDriverHarness harness = await OpenWithTenantsAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Wait);
        ExecutionKey key = await harness.StartAsync(machine, "one", """{"seconds":31536000}""");
        await harness.UpdateMachineAsync(machine, Machines.Pass);
        for (int round = 0; round < 3; round++)
        {
            await harness.AdvanceAsync(_age);
            await harness.ExpireAsync();
        }

        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(key)).Status);
        Assert.NotNull(await RevisionAsync(harness, machine));
        Result<StartOutcome> again = await harness.TryStartAsync(machine, "one", """{"seconds":31536000}""");
        Assert.Equal((false, key), (again.Value?.Created, again.Value?.Execution.Key));

        await harness.AdvanceAsync(_age + TimeSpan.FromDays(5));
        Assert.Equal(ExecutionStatus.Succeeded, (await harness.EndAsync(key)).Status);
        await harness.ExpireAsync();
        Assert.Equal(machine.RevisionId, (await harness.DescribeAsync(key)).RevisionId);
        await harness.AdvanceAsync(_age);
        await ExpireTwiceAsync(harness);
        await AssertGoneAsync(harness, key);
        Assert.Null(await RevisionAsync(harness, machine));
    }

    [Fact]
    public async Task Child_stays_as_long_as_the_parent_that_runs()
    {
        await using IDriverHarness harness = await OpenWithTenantsAsync();
        harness.ServeNestedExecutions();
        StateMachineRecord child = await harness.CreateMachineAsync("child", Machines.Pass);
        StateMachineRecord parent = await harness.CreateMachineAsync("parent", """
            {"StartAt":"N","States":{"N":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync",
            "Parameters":{"StateMachineArn":"arn:aws:states:local:000000000001:stateMachine:child","Name":"c"},"Next":"W"},
            "W":{"Type":"Wait","Seconds":15552000,"End":true}}}
            """);
        ExecutionKey key = await harness.StartAsync(parent, "p");
        var started = new ExecutionKey(child.Tenant, "child:c");
        Assert.Equal(ExecutionStatus.Succeeded, (await harness.EndAsync(started)).Status);

        await harness.AdvanceAsync(_age);
        await harness.ExpireAsync();
        Assert.NotNull(await harness.DescribeAsync(started));

        await harness.AdvanceAsync(_age + _age);
        await harness.EndAsync(key);
        await harness.AdvanceAsync(_age);
        await ExpireTwiceAsync(harness);
        await AssertGoneAsync(harness, key);
        await AssertGoneAsync(harness, started);
    }

    [Fact]
    public async Task Asynchronous_Express_execution_is_gone_after_90_days_as_well()
    {
        await using IDriverHarness harness = await OpenWithTenantsAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Pass, WorkflowType.Express);
        ExecutionKey key = await harness.StartAsync(machine, "one");
        await harness.WaitForEndAsync(key);

        await harness.AdvanceAsync(_age - _moment);
        await harness.ExpireAsync();
        Assert.NotNull(await harness.DescribeAsync(key));
        await harness.AdvanceAsync(_moment);
        await harness.ExpireAsync();
        await AssertGoneAsync(harness, key);
    }

    [Fact]
    public async Task Revision_stays_while_it_is_in_force_or_has_a_version()
    {
        await using IDriverHarness harness = await OpenWithTenantsAsync();
        StateMachineRecord published = await harness.CreateMachineAsync("m", Machines.Pass);
        HarnessSteps.Value(await harness.Service.Versions.PublishAsync(
            HarnessSteps.Anna, "m", new PublishVersionRequest(null, null), CancellationToken.None));
        StateMachineRecord plain = await harness.UpdateMachineAsync(published, Machines.Wait);
        StateMachineRecord newest = await harness.UpdateMachineAsync(plain, Machines.Pass);

        await harness.AdvanceAsync(_age - _moment);
        await ExpireTwiceAsync(harness);
        Assert.NotNull(await RevisionAsync(harness, plain));
        await harness.AdvanceAsync(_moment);
        await ExpireTwiceAsync(harness);
        Assert.Null(await RevisionAsync(harness, plain));
        Assert.NotNull(await RevisionAsync(harness, published));
        Assert.NotNull(await RevisionAsync(harness, newest));

        ExecutionKey key = HarnessSteps.Value(await harness.Service.Executions.StartAsync(
            HarnessSteps.Anna, "m:1", "versioned", null, null, CancellationToken.None)).Execution.Key;
        Assert.Equal(published.RevisionId, (await harness.EndAsync(key)).RevisionId);

        // Its time out of force begins anew with the end of the version.
        HarnessSteps.Value(await harness.Service.Versions.DeleteAsync(HarnessSteps.Anna, "m", 1, CancellationToken.None));
        await harness.AdvanceAsync(_age - _moment);
        await ExpireTwiceAsync(harness);
        Assert.NotNull(await RevisionAsync(harness, published));
        await harness.AdvanceAsync(_moment);
        await ExpireTwiceAsync(harness);
        Assert.Null(await RevisionAsync(harness, published));
        Assert.NotNull(await RevisionAsync(harness, newest));
    }

    [Fact]
    public async Task Revision_that_a_redrive_chose_stays_as_long_as_its_execution()
    {
        await using IDriverHarness harness = await OpenWithTenantsAsync();
        StateMachineRecord old = await harness.CreateMachineAsync("m", Endless);
        ExecutionKey first = await harness.StartAsync(old, "first");
        StateMachineRecord newer = await harness.UpdateMachineAsync(old, Endless.Replace("\"Comment\":\"old\",", "", StringComparison.Ordinal));
        await harness.AdvanceAsync(TimeSpan.FromDays(2));
        ExecutionKey key = await harness.StartAsync(newer, "one");
        await harness.Ports.Driver.StopAsync(key, null, null, CancellationToken.None);
        await harness.EndAsync(key);
        HarnessSteps.Value(await harness.Service.Redrives.RedriveAsync(key, null, null, old.RevisionId, null, CancellationToken.None));
        await harness.RunUntilIdleAsync();

        // The last execution that started with it goes, long after the revision went out of force.
        await harness.Ports.Driver.StopAsync(first, null, null, CancellationToken.None);
        await harness.EndAsync(first);
        await harness.AdvanceAsync(_age);
        await ExpireTwiceAsync(harness);
        await AssertGoneAsync(harness, first);
        await harness.AdvanceAsync(_age);
        await ExpireTwiceAsync(harness);
        Assert.NotNull(await RevisionAsync(harness, old));
        ExecutionRecord open = await harness.DescribeAsync(key);
        Assert.Equal((ExecutionStatus.Running, old.RevisionId), (open.Status, open.RevisionId));

        await harness.Ports.Driver.StopAsync(key, null, null, CancellationToken.None);
        Assert.Equal(ExecutionStatus.Aborted, (await harness.EndAsync(key)).Status);
        await harness.AdvanceAsync(_age);
        await ExpireTwiceAsync(harness);
        await AssertGoneAsync(harness, key);
        Assert.Null(await RevisionAsync(harness, old));
    }

    [Fact]
    public async Task Revisions_of_a_deleted_machine_go_with_its_versions_after_its_executions()
    {
        await using IDriverHarness harness = await OpenWithTenantsAsync();
        StateMachineRecord first = await harness.CreateMachineAsync("m", Machines.Wait);
        HarnessSteps.Value(await harness.Service.Versions.PublishAsync(
            HarnessSteps.Anna, "m", new PublishVersionRequest(null, null), CancellationToken.None));
        ExecutionKey key = await harness.StartAsync(first, "one", """{"seconds":8640000}""");
        StateMachineRecord second = await harness.UpdateMachineAsync(first, Machines.Pass);
        Assert.True(await harness.Ports.StateMachines.DeleteAsync(HarnessSteps.Anna, "m", null, CancellationToken.None));

        await harness.AdvanceAsync(_age);
        await ExpireTwiceAsync(harness);
        Assert.NotNull(await RevisionAsync(harness, first));
        await harness.AdvanceAsync(TimeSpan.FromDays(10));
        Assert.Equal(ExecutionStatus.Succeeded, (await harness.EndAsync(key)).Status);

        await harness.AdvanceAsync(_age);
        await ExpireTwiceAsync(harness);
        await AssertGoneAsync(harness, key);
        Assert.Null(await RevisionAsync(harness, first));
        Assert.Null(await RevisionAsync(harness, second));
    }

    [Fact]
    public async Task Only_the_tenant_and_machine_of_what_is_old_lose_it()
    {
        await using IDriverHarness harness = await OpenWithTenantsAsync();
        StateMachineRecord annas = await harness.CreateMachineAsync("m", Machines.Pass);
        StateMachineRecord berts = await harness.CreateMachineAsync("m", Machines.Pass, tenant: HarnessSteps.Bert);
        for (int number = 0; number < 7; number++)
        {
            await harness.EndAsync(await harness.StartAsync(annas, $"old{number}"));
        }

        await harness.AdvanceAsync(TimeSpan.FromDays(1));
        ExecutionKey young = await harness.StartAsync(annas, "young");
        ExecutionKey other = await harness.StartAsync(berts, "old0");
        await harness.EndAsync(young);
        await harness.EndAsync(other);

        await harness.AdvanceAsync(_age - TimeSpan.FromHours(1));
        await harness.ExpireAsync();

        Assert.Equal([young], (await ListAsync(harness)).Select(execution => execution.Key));
        Assert.Equal(4, (await harness.HistoryAsync(young)).Count);
        Assert.Equal(4, (await harness.HistoryAsync(other)).Count);
    }

    private async Task<IDriverHarness> OpenWithTenantsAsync()
    {
        IDriverHarness harness = await OpenAsync();
        await harness.Ports.Tenants.EnsureAsync(HarnessSteps.Anna, CancellationToken.None);
        await harness.Ports.Tenants.EnsureAsync(HarnessSteps.Bert, CancellationToken.None);
        return harness;
    }

    // A child that is looked at before its parent, and a revision before its last execution, go in the next round.
    private static async Task ExpireTwiceAsync(IDriverHarness harness)
    {
        await harness.ExpireAsync();
        await harness.ExpireAsync();
    }

    private static async Task<IReadOnlyList<ExecutionRecord>> ListAsync(IDriverHarness harness) => (await harness.Ports.Executions.ListAsync(
        HarnessSteps.Anna, new ExecutionFilter(null, null), new PageRequest(100, null), CancellationToken.None)).Items;

    // A process may remember revisions, which never change, so another one is asked where that can be had.
    private static async Task<StateMachineRecord?> RevisionAsync(IDriverHarness harness, StateMachineRecord machine)
    {
        if (harness.CanCrash)
        {
            await harness.CrashAndRestartAsync();
        }

        return await harness.Ports.StateMachines.FindRevisionAsync(machine.Tenant, machine.Name, machine.RevisionId, CancellationToken.None);
    }

    private static async Task AssertGoneAsync(IDriverHarness harness, ExecutionKey key)
    {
        Assert.Null(await harness.Ports.Executions.FindAsync(key, CancellationToken.None));
        Assert.Null(await harness.Ports.Executions.ReadHistoryAsync(key, false, new PageRequest(100, null), CancellationToken.None));
        Assert.DoesNotContain(await ListAsync(harness), execution => execution.Key == key);
    }
}
