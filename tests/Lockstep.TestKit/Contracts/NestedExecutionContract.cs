using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Paging;
using Lockstep.Service.StateMachines;
using Lockstep.TestKit.Drivers;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What every driver does with executions that a task of another has started.</summary>
public abstract class NestedExecutionContract : HarnessContract
{
    private const string Hundred = """{"seconds":100}""";
    private const string Failing = """{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E","Cause":"C"}}}""";

    private static ExecutionKey Child { get; } = new(HarnessSteps.Anna, "child:c");

    [Fact]
    public async Task Sync_gives_the_childs_description_with_input_and_output_as_text()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionRecord parent = await harness.EndAsync(await NestAsync(harness, Machines.Pass, ".sync", "5"));
        var shown = (JsonObject)JsonValue.Parse(parent.Output ?? "");
        Assert.Equal(NestedExecutionReport.Of(await harness.DescribeAsync(Child), Asl.Resources.IntegrationPattern.Sync), new Service.Callbacks.TaskSuccessReport(shown));
        Assert.Equal("""{\"done\":true}""", shown["Output"]?.ToString().Trim('"'));
    }

    [Fact]
    public async Task Sync_2_gives_the_childs_description_with_input_and_output_as_JSON()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionRecord parent = await harness.EndAsync(await NestAsync(harness, Machines.Pass, ".sync:2", "5"));
        var shown = (JsonObject)JsonValue.Parse(parent.Output ?? "");
        Assert.Equal(("5", """{"done":true}""", "\"SUCCEEDED\""), (shown["Input"]?.ToString(), shown["Output"]?.ToString(), shown["Status"]?.ToString()));
    }

    [Fact]
    public async Task Parent_that_does_not_wait_goes_on_and_its_child_lives_by_itself()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await NestAsync(harness, Machines.Wait, "", Hundred);
        Assert.Equal(ExecutionStatus.Succeeded, (await harness.EndAsync(key)).Status);
        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(Child)).Status);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(100));
        Assert.Equal(ExecutionStatus.Succeeded, (await harness.EndAsync(Child)).Status);
    }

    [Fact]
    public async Task Parent_that_waits_ends_when_its_child_does()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await NestAsync(harness, Machines.Wait, ".sync:2", Hundred);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(99));
        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(key)).Status);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(1));
        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, TimeSpan.FromSeconds(100)), (ended.Status, ended.StoppedAt - ended.StartedAt));
    }

    [Theory]
    [InlineData(".sync")]
    [InlineData(".sync:2")]
    public async Task Failing_child_fails_the_task_that_waits_and_is_its_cause(string pattern)
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionRecord parent = await harness.EndAsync(await NestAsync(harness, Failing, pattern));
        Assert.Equal((ExecutionStatus.Failed, "States.TaskFailed"), (parent.Status, parent.Error));
        var cause = (JsonObject)JsonValue.Parse(parent.Cause ?? "");
        Assert.Equal(("\"E\"", "\"C\"", "\"FAILED\""), (cause["Error"]?.ToString(), cause["Cause"]?.ToString(), cause["Status"]?.ToString()));
    }

    [Fact]
    public async Task Child_that_is_stopped_fails_the_task_that_waits()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await NestAsync(harness, Machines.Wait, ".sync:2", Hundred);
        await harness.StopAsync(Child, "Enough", null);
        ExecutionRecord parent = await harness.EndAsync(key);
        Assert.Equal((ExecutionStatus.Failed, "States.TaskFailed"), (parent.Status, parent.Error));
        Assert.Contains("\"Status\":\"ABORTED\"", parent.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".sync:2", ExecutionStatus.Aborted)]
    [InlineData("", ExecutionStatus.Running)]
    public async Task Stopping_the_parent_stops_the_child_that_it_waits_for(string pattern, ExecutionStatus expected)
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await NestAsync(harness, Machines.Wait, pattern, Hundred, andThenWait: true);
        Assert.Equal(ExecutionStatus.Aborted, HarnessSteps.Value(await harness.StopAsync(key)).Status);
        Assert.Equal(expected, (await harness.DescribeAsync(Child)).Status);
    }

    [Fact]
    public async Task Task_that_times_out_stops_the_child_that_it_waits_for()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await NestAsync(harness, Machines.Wait, ".sync:2", Hundred, "\"TimeoutSeconds\":10,");
        await harness.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("States.Timeout", (await harness.EndAsync(key)).Error);
        Assert.Equal(ExecutionStatus.Aborted, (await harness.EndAsync(Child)).Status);
    }

    [Fact]
    public async Task Child_that_starts_a_child_is_waited_for_through_both()
    {
        await using IDriverHarness harness = await OpenAsync();
        await harness.CreateMachineAsync("grandchild", Machines.Wait);
        ExecutionKey key = await NestAsync(harness, Parent("grandchild", "g", ".sync:2"), ".sync:2", Hundred);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(100));
        Assert.Equal(ExecutionStatus.Succeeded, (await harness.EndAsync(key)).Status);
    }

    [Fact]
    public async Task Task_has_one_child_however_often_it_asks_and_under_whatever_name()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey parent = await harness.StartAsync(await harness.CreateMachineAsync("parent", Machines.Wait), "p", Hundred);
        StateMachineRecord machine = await harness.CreateMachineAsync("child", Machines.Pass);
        var task = new ParentTask(parent, new CommandId(7), Waits: false);

        StartOutcome first = HarnessSteps.Value(await harness.TryStartAsync(machine, "c", parent: task));
        await harness.EndAsync(first.Execution.Key);
        StartOutcome again = HarnessSteps.Value(await harness.TryStartAsync(machine, "c", parent: task));
        StartOutcome renamed = HarnessSteps.Value(await harness.TryStartAsync(machine, "d", parent: task));
        Result<StartOutcome> other = await harness.TryStartAsync(machine, "c", parent: task with { Task = new CommandId(8) });

        Assert.Equal((true, false, false), (first.Created, again.Created, renamed.Created));
        Assert.All([again, renamed], outcome => Assert.Equal(first.Execution.Key, outcome.Execution.Key));
        Assert.Equal(ErrorCodes.ExecutionAlreadyExists, other.Error?.Code);
        Page<ExecutionRecord> children = await harness.Ports.Executions.ListAsync(
            HarnessSteps.Anna, new ExecutionFilter("child", null), new PageRequest(10, null), CancellationToken.None);
        Assert.Single(children.Items);
    }

    [Theory]
    [InlineData(true, ErrorCodes.ExecutionDoesNotExist)]
    [InlineData(false, null)]
    public async Task Only_a_parent_that_waits_has_to_be_there(bool waits, string? error)
    {
        await using IDriverHarness harness = await OpenAsync();
        StateMachineRecord machine = await harness.CreateMachineAsync("child", Machines.Pass);
        var express = new ExecutionKey(HarnessSteps.Anna, "quick:one:00000000-0000-0000-0000-000000000000");
        Result<StartOutcome> started = await harness.TryStartAsync(machine, "c", parent: new ParentTask(express, new CommandId(7), waits));
        Assert.Equal(error, started.Error?.Code);
    }

    private static async Task<ExecutionKey> NestAsync(
        IDriverHarness harness, string child, string pattern, string input = "{}", string fields = "", bool andThenWait = false)
    {
        harness.ServeNestedExecutions();
        await harness.CreateMachineAsync("child", child);
        StateMachineRecord parent = await harness.CreateMachineAsync("parent", Parent("child", "c", pattern, fields, andThenWait));
        ExecutionKey key = await harness.StartAsync(parent, "p", input);
        if (pattern.Length > 0)
        {
            Assert.Contains(await harness.HistoryAsync(key), item => item.Type == HistoryEventType.TaskSubmitted);
        }

        return key;
    }

    private static string Parent(string machine, string name, string pattern, string fields = "", bool andThenWait = false) => $$$"""
        {"StartAt":"N","States":{"N":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution{{{pattern}}}",{{{fields}}}
        "Parameters":{"StateMachineArn":"arn:aws:states:local:000000000001:stateMachine:{{{machine}}}","Name":"{{{name}}}","Input.$":"$"},
        """ + (andThenWait ? "\"Next\":\"W\"},\"W\":{\"Type\":\"Wait\",\"Seconds\":1000,\"End\":true}}}" : "\"End\":true}}}");
}
