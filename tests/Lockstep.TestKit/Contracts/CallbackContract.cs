using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.TestKit.Drivers;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What every driver does with the reports of those who hold a task token.</summary>
public abstract class CallbackContract : HarnessContract
{
    private static readonly TaskSuccessReport _seven = new(JsonNumber.Of(7));

    [Fact]
    public async Task First_report_ends_the_task_and_later_ones_come_too_late()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Callback("\"TimeoutSeconds\":60,"));
        Assert.Contains(await harness.HistoryAsync(key), item => item.Type == HistoryEventType.TaskSubmitted);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(59));

        Result<Accepted> first = await harness.ReportAsync(TokenOf(harness), _seven);
        Result<Accepted> again = await harness.ReportAsync(TokenOf(harness), _seven);
        Result<Accepted> failure = await harness.ReportAsync(TokenOf(harness), new TaskFailureReport("E", "C"));
        Result<Accepted> heartbeat = await harness.ReportAsync(TokenOf(harness), new TaskHeartbeatReport());
        await harness.AdvanceAsync(TimeSpan.FromSeconds(60));

        Assert.True(first.Succeeded);
        Assert.All([again, failure, heartbeat], late => Assert.Equal(ErrorCodes.TaskTimedOut, late.Error?.Code));
        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, "7", TimeSpan.FromSeconds(59)), (ended.Status, ended.Output, ended.StoppedAt - ended.StartedAt));
        Assert.Single(harness.Targets.Calls);
    }

    [Fact]
    public async Task Report_of_a_failure_fails_the_task()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Callback);
        Assert.True((await harness.ReportAsync(TokenOf(harness), new TaskFailureReport("Mine", "why"))).Succeeded);
        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal((ExecutionStatus.Failed, "Mine", "why"), (ended.Status, ended.Error, ended.Cause));
    }

    [Fact]
    public async Task Report_after_the_timeout_loses()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(CaughtCallback("\"TimeoutSeconds\":60,"));
        await harness.AdvanceAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(ErrorCodes.TaskTimedOut, (await harness.ReportAsync(TokenOf(harness), _seven)).Error?.Code);
        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(key)).Status);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(60));

        // The catcher took the timeout, and the report did not get into the way.
        Assert.Equal((ExecutionStatus.Succeeded, "\"States.Timeout\""), Shown(await harness.EndAsync(key)));
        Assert.Equal(ErrorCodes.TaskTimedOut, (await harness.ReportAsync(TokenOf(harness), _seven)).Error?.Code);
    }

    [Fact]
    public async Task Report_for_an_execution_that_was_stopped_comes_too_late()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Callback);
        await harness.StopAsync(key);
        Assert.Equal(ErrorCodes.TaskTimedOut, (await harness.ReportAsync(TokenOf(harness), _seven)).Error?.Code);
        Assert.Equal(ExecutionStatus.Aborted, (await harness.EndAsync(key)).Status);
    }

    [Fact]
    public async Task Report_that_comes_before_the_submission_is_answered_counts()
    {
        await using IDriverHarness harness = await OpenAsync();
        CallGate gate = harness.Targets.NewGate();
        harness.Targets.Answer = async (_, cancellation) =>
        {
            await gate.PassAsync(cancellation);
            return new TaskAnswered(JsonNull.Instance);
        };
        ExecutionKey key = await harness.RunAsync(Machines.Callback);
        Result<Accepted> first = await harness.ReportAsync(TokenOf(harness), _seven);
        gate.Open();
        ExecutionRecord ended = await harness.EndAsync(key);

        Assert.True(first.Succeeded);
        Assert.Equal((ExecutionStatus.Succeeded, "7"), Shown(ended));
        HistoryEventType[] types = [.. (await harness.HistoryAsync(key)).Select(item => item.Type)];
        Assert.Single(types, HistoryEventType.TaskSubmitted);
        Assert.True(Array.IndexOf(types, HistoryEventType.TaskSubmitted) < Array.IndexOf(types, HistoryEventType.TaskSucceeded));
        Assert.Equal(ErrorCodes.TaskTimedOut, (await harness.ReportAsync(TokenOf(harness), _seven)).Error?.Code);
    }

    [Fact]
    public async Task Submission_that_is_refused_fails_the_task_and_its_token_is_worth_nothing()
    {
        await using IDriverHarness harness = await OpenAsync();
        harness.Targets.Answer = (_, _) => ValueTask.FromResult<TaskOutcome>(new TaskRefused("No", "full", TaskFailureStage.Submit));
        ExecutionKey key = await harness.RunAsync(Machines.Callback);
        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal((ExecutionStatus.Failed, "No", "full"), (ended.Status, ended.Error, ended.Cause));
        Assert.Contains(await harness.HistoryAsync(key), item => item.Type == HistoryEventType.TaskSubmitFailed);
        Assert.Equal(ErrorCodes.TaskTimedOut, (await harness.ReportAsync(TokenOf(harness), _seven)).Error?.Code);
    }

    [Fact]
    public async Task Of_many_reports_at_once_one_is_accepted_and_it_is_the_one_that_counts()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Callback);
        string? token = TokenOf(harness);
        (int Number, bool Accepted)[] reports = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => Task.Run(async () =>
            (number, (await harness.Ports.Driver.DeliverAsync(
                harness.ClaimsOf(token), new TaskSuccessReport(JsonNumber.Of(number)), CancellationToken.None)).Succeeded))));
        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal($"{Assert.Single(reports, report => report.Accepted).Number}", ended.Output);
    }

    [Fact]
    public async Task Heartbeats_keep_the_task_and_silence_fails_it()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Callback("\"HeartbeatSeconds\":60,"));
        for (int minute = 0; minute < 5; minute++)
        {
            await harness.AdvanceAsync(TimeSpan.FromSeconds(59));
            Assert.True((await harness.ReportAsync(TokenOf(harness), new TaskHeartbeatReport())).Succeeded);
        }

        await harness.AdvanceAsync(TimeSpan.FromSeconds(59));
        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(key)).Status);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(1));
        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal(
            (ExecutionStatus.Failed, "States.Timeout", TimeSpan.FromSeconds((5 * 59) + 60)), (ended.Status, ended.Error, ended.StoppedAt - ended.StartedAt));
        Assert.Equal(ErrorCodes.TaskTimedOut, (await harness.ReportAsync(TokenOf(harness), new TaskHeartbeatReport())).Error?.Code);
    }

    [Fact]
    public async Task Each_attempt_has_its_own_token_and_that_of_the_attempt_before_comes_too_late()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Callback("\"Retry\":[{\"ErrorEquals\":[\"Again\"],\"IntervalSeconds\":1}],"));
        await harness.ReportAsync(TokenOf(harness), new TaskFailureReport("Again", null));
        await harness.AdvanceAsync(TimeSpan.FromSeconds(1));

        string?[] tokens = [.. harness.Targets.Calls.Select(call => call.TaskToken)];
        Assert.Equal(2, tokens.Distinct().Count());
        Assert.Equal(ErrorCodes.TaskTimedOut, (await harness.ReportAsync(tokens[0], _seven)).Error?.Code);
        Assert.True((await harness.ReportAsync(tokens[1], _seven)).Succeeded);
        Assert.Equal((ExecutionStatus.Succeeded, "7"), Shown(await harness.EndAsync(key)));
    }

    [Fact]
    public async Task Task_that_never_was_does_not_exist()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey key = await harness.RunAsync(Machines.Callback);
        TaskTokenClaims real = harness.ClaimsOf(TokenOf(harness));
        TaskTokenClaims[] wrong =
        [
            real with { Task = new CommandId(10_000) },
            real with { Incarnation = real.Incarnation + 1 },
            real with { Execution = key with { Id = "m:other" } },
            real with { Execution = key with { Tenant = HarnessSteps.Bert } },
        ];
        foreach (TaskTokenClaims claims in wrong)
        {
            Result<Accepted> answer = await harness.Ports.Driver.DeliverAsync(claims, _seven, CancellationToken.None);
            Assert.Equal(ErrorCodes.TaskDoesNotExist, answer.Error?.Code);
        }

        await harness.RunUntilIdleAsync();
        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(key)).Status);
    }

    [Fact]
    public async Task Token_of_one_tenant_says_nothing_about_the_execution_of_the_same_name_of_another()
    {
        await using IDriverHarness harness = await OpenAsync();
        ExecutionKey mine = await harness.RunAsync(Machines.Callback);
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Machines.Callback, tenant: HarnessSteps.Bert);
        ExecutionKey other = await harness.StartAsync(machine, "one");

        Assert.True((await harness.ReportAsync(harness.Targets.Calls.First(call => call.Tenant == HarnessSteps.Bert).TaskToken, _seven)).Succeeded);
        Assert.Equal((ExecutionStatus.Succeeded, "7"), Shown(await harness.EndAsync(other)));
        Assert.Equal(ExecutionStatus.Running, (await harness.DescribeAsync(mine)).Status);
    }

    private static (ExecutionStatus Status, string? Output) Shown(ExecutionRecord record) => (record.Status, record.Output);

    private static string? TokenOf(IDriverHarness harness) => harness.Targets.Calls.First().TaskToken;

    private static string Callback(string fields) => Machines.Callback.Replace("\"Parameters\"", fields + "\"Parameters\"", StringComparison.Ordinal);

    private static string CaughtCallback(string fields) => Callback(fields)
        .Replace("\"End\":true}}}", "\"Catch\":[{\"ErrorEquals\":[\"States.ALL\"],\"Next\":\"W\"}],\"End\":true},", StringComparison.Ordinal)
        + """
        "W":{"Type":"Wait","Seconds":60,"OutputPath":"$.Error","End":true}}}
        """;
}
