using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Redrives;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.TestKit.Drivers;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What every driver does with redrives that change something, and with those that a crash comes across.</summary>
public abstract class RedriveChangesContract : HarnessContract
{
    private const string Broken = """
        {"StartAt":"A","States":{"A":{"Type":"Pass","Result":{"n":1},"Next":"T"},
        "T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:broken","Next":"B"},"B":{"Type":"Pass","End":true}}}
        """;

    private const string Mended = """
        {"StartAt":"New","States":{"New":{"Type":"Pass","Next":"T"},
        "T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:mended","Next":"C"},
        "C":{"Type":"Wait","Seconds":10,"Next":"D"},"D":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:last","End":true}}}
        """;

    [Fact]
    public async Task Input_given_with_the_redrive_replaces_that_of_the_failed_state_and_history_says_so()
    {
        await using IDriverHarness harness = await OpenAsync();
        harness.Targets.Answer = (call, _) => ValueTask.FromResult<TaskOutcome>(
            call.Parameters.ToString() == """{"n":1}""" ? new TaskRefused("E", "C") : new TaskAnswered(call.Parameters));
        ExecutionKey key = await harness.RunAsync(Broken);
        await harness.RedriveAsync(key, input: """{"n":2.50}""");

        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, """{"n":2.50}""", "{}"), (ended.Status, ended.Output, ended.Input));
        Assert.Equal(
            new ExecutionRedrivenDetails(1, JsonValue.Parse("""{"n":2.50}""")),
            (await harness.HistoryAsync(key)).Single(item => item.Type == HistoryEventType.ExecutionRedriven).Details);
    }

    [Fact]
    public async Task Input_is_refused_where_several_states_would_get_it()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync("""
            {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
              {"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":60,"End":true}}},{"StartAt":"B","States":{"B":{"Type":"Wait","Seconds":60,"End":true}}}]}}}
            """);
        await harness.StopAsync(key);
        Result<RedriveOutcome> refused = await harness.TryRedriveAsync(key, input: "1");

        Assert.Equal((ErrorCodes.Validation, "/input"), (refused.Error?.Code, refused.Error?.Target));
        Assert.Equal(ExecutionStatus.Aborted, (await harness.DescribeAsync(key)).Status);
    }

    [Fact]
    public async Task Execution_goes_on_with_another_revision_and_keeps_it()
    {
        await using IDriverHarness harness = await OpenAsync();
        Refuse(harness, "broken", "last");
        (ExecutionKey key, StateMachineRecord mended) = await FailAndUpdateAsync(harness, Mended);
        await harness.RedriveAsync(key, revision: mended);
        ExecutionRecord open = await harness.DescribeAsync(key);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(ExecutionStatus.Failed, (await harness.EndAsync(key)).Status);
        Refuse(harness);
        await harness.RedriveAsync(key);

        ExecutionRecord ended = await harness.EndAsync(key);
        IReadOnlyList<HistoryEvent> history = await harness.HistoryAsync(key);
        Assert.Equal(mended.RevisionId, open.RevisionId);
        Assert.Equal((ExecutionStatus.Succeeded, mended.RevisionId, 2), (ended.Status, ended.RevisionId, ended.RedriveCount));
        Assert.Equal(["broken", "mended", "last", "last"], harness.Targets.Calls.Select(call => call.Resource.Action));
        Assert.Equal(
            [new ExecutionRedrivenDetails(1, null, mended.RevisionId), new ExecutionRedrivenDetails(2)],
            history.Where(item => item.Type == HistoryEventType.ExecutionRedriven).Select(item => item.Details));
        StateContract.AssertContiguous(history);
    }

    [Theory]
    [InlineData("""{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}""")]
    [InlineData("""{"StartAt":"T","States":{"T":{"Type":"Pass","End":true}}}""")]
    public async Task Revision_without_the_state_or_with_another_in_its_place_is_refused(string definition)
    {
        await using IDriverHarness harness = await OpenAsync();
        Refuse(harness, "broken");
        (ExecutionKey key, StateMachineRecord other) = await FailAndUpdateAsync(harness, definition);
        Result<RedriveOutcome> refused = await harness.TryRedriveAsync(key, revision: other);

        Assert.Equal((ErrorCodes.RevisionDoesNotFit, "/revisionId"), (refused.Error?.Code, refused.Error?.Target));
        Assert.Contains("'T'", refused.Error?.Message, StringComparison.Ordinal);
        Assert.Equal((ExecutionStatus.Failed, 0), ((await harness.DescribeAsync(key)).Status, (await harness.DescribeAsync(key)).RedriveCount));
    }

    [Fact]
    public async Task Redrive_that_was_acknowledged_is_there_after_a_crash_and_its_call_is_made_again_with_the_same_key()
    {
        await using IDriverHarness harness = await OpenCrashableAsync();
        Refuse(harness, "broken");
        ExecutionKey key = await harness.RunAsync(Broken);
        CallGate gate = harness.Targets.NewGate();
        harness.Targets.Answer = async (call, cancellation) =>
        {
            await gate.PassAsync(cancellation);
            return new TaskAnswered(call.Parameters);
        };
        RedriveOutcome outcome = await harness.RedriveAsync(key);
        await harness.CrashAndRestartAsync();
        await harness.RunUntilIdleAsync();
        Assert.Equal((ExecutionStatus.Running, 1), ((await harness.DescribeAsync(key)).Status, (await harness.DescribeAsync(key)).RedriveCount));
        gate.Open();

        ExecutionRecord ended = await harness.EndAsync(key);
        string[] keys = [.. harness.Targets.Calls.Select(call => call.IdempotencyKey)];
        Assert.Equal((ExecutionStatus.Succeeded, """{"n":1}""", outcome.RedrivenAt), (ended.Status, ended.Output, ended.RedrivenAt));
        Assert.Equal((3, keys[1]), (keys.Length, keys[2]));
        Assert.NotEqual(keys[0], keys[1]);
        StateContract.AssertContiguous(await harness.HistoryAsync(key));
        Assert.Equal(0, await harness.Ports.Executions.CountOpenAsync(HarnessSteps.Anna, CancellationToken.None));
    }

    [Fact]
    public async Task What_failed_before_a_crash_can_be_redriven_after_it_with_another_revision_and_a_second_crash()
    {
        await using IDriverHarness harness = await OpenCrashableAsync();
        Refuse(harness, "broken");
        (ExecutionKey key, StateMachineRecord mended) = await FailAndUpdateAsync(harness, Mended);
        await harness.CrashAndRestartAsync();
        await harness.RedriveAsync(key, revision: mended);
        await harness.CrashAndRestartAsync();
        await harness.AdvanceAsync(TimeSpan.FromSeconds(10));

        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, mended.RevisionId), (ended.Status, ended.RevisionId));
        Assert.Equal(["broken", "mended", "last"], harness.Targets.Calls.Select(call => call.Resource.Action));
        StateContract.AssertContiguous(await harness.HistoryAsync(key));
    }

    [Fact]
    public async Task Redrive_that_ends_at_once_can_be_redriven_again_and_again()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync("""{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E","Cause":"C"}}}""");
        for (int times = 1; times <= 5; times++)
        {
            await harness.RedriveAsync(key);
            ExecutionRecord ended = await harness.EndAsync(key);
            Assert.Equal((ExecutionStatus.Failed, "E", times), (ended.Status, ended.Error, ended.RedriveCount));
        }

        IReadOnlyList<HistoryEvent> history = await harness.HistoryAsync(key);
        Assert.Equal(6, history.Count(item => item.Type == HistoryEventType.FailStateEntered));
        Assert.Equal(0, await harness.Ports.Executions.CountOpenAsync(HarnessSteps.Anna, CancellationToken.None));
        StateContract.AssertContiguous(history);
    }

    private static async Task<(ExecutionKey Key, StateMachineRecord Revision)> FailAndUpdateAsync(IDriverHarness harness, string definition)
    {
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Broken);
        ExecutionKey key = await harness.StartAsync(machine, "one");
        Assert.Equal(ExecutionStatus.Failed, (await harness.EndAsync(key)).Status);
        StateMachineRecord changed = machine with { RevisionId = Guid.NewGuid().ToString("n"), Definition = definition, UpdatedAt = harness.Time.GetUtcNow() };
        return (key, HarnessSteps.Value(await harness.Ports.StateMachines.UpdateAsync(changed, machine.RevisionId, CancellationToken.None)));
    }

    private static void Refuse(IDriverHarness harness, params string[] functions) =>
        harness.Targets.Answer = (call, _) => ValueTask.FromResult<TaskOutcome>(
            functions.Contains(call.Resource.Action) ? new TaskRefused("E", "C") : new TaskAnswered(call.Parameters));

    private async Task<IDriverHarness> OpenCrashableAsync()
    {
        IDriverHarness harness = await OpenAsync();
        Assert.SkipUnless(harness.CanCrash, "This host cannot be made to crash.");
        return harness;
    }
}
