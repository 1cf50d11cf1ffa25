using Lockstep.Azure.Executions;
using Lockstep.Azure.Hosting;
using Lockstep.Azure.Orchestration;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Json;
using Lockstep.Service.Executions;
using Lockstep.Service.Targets;
using Lockstep.TestKit.Drivers;

namespace Lockstep.Functions.Tests.Durable;

/// <summary>
/// Machines run by the real runtime of Durable Task, over the ledger in tables: each has the history that the interpreter alone gives. The runtime replays
/// an orchestration on every event, so a run that is not deterministic fails here.
/// </summary>
public abstract class DurableRunContract
{
    private const string Function = "arn:aws:lambda:us-east-1:123456789012:function:f";

    private static readonly Func<JsonValue, int, TaskOutcome> Echo = static (parameters, _) => new TaskAnswered(parameters);

    /// <summary>An empty backend, ended by the test.</summary>
    private protected abstract Task<DurableBackend> OpenAsync();

    [Fact]
    public Task A_chain_of_passes() => CheckAsync(Machines.Passes(10), ExecutionStatus.Succeeded);

    [Fact]
    public Task Calls_one_after_the_other() => CheckAsync(Machines.Tasks(5), ExecutionStatus.Succeeded);

    [Fact]
    public Task Calls_over_several_epochs() => CheckAsync(
        Machines.Tasks(25),
        ExecutionStatus.Succeeded,
        options: new AzureOptions { Orchestration = OrchestrationSettings.Default with { RolloverActions = 10 } });

    [Fact]
    public Task A_map_whose_calls_go_one_by_one() => CheckAsync(MapOf(10), ExecutionStatus.Succeeded, Items(10));

    [Fact]
    public Task A_map_whose_calls_go_in_batches() => CheckAsync(
        MapOf(30),
        ExecutionStatus.Succeeded,
        Items(30),
        options: new AzureOptions { Orchestration = OrchestrationSettings.Default with { MaxActivitiesAtOnce = 4, MaxBatchCalls = 10 } });

    [Fact]
    public Task Branches_that_wait_and_call() => CheckAsync(
        $$$$$"""
        {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
          {"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"Next":"L"},"L":{"Type":"Pass","Result":"left","End":true}}},
          {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"{{{{{Function}}}}}","End":true}}}]}}}
        """,
        ExecutionStatus.Succeeded);

    [Fact]
    public Task A_call_that_is_tried_again() => CheckAsync(
        $$$$$"""
        {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"{{{{{Function}}}}}","End":true,
          "Retry":[{"ErrorEquals":["Flaky"],"IntervalSeconds":1,"MaxAttempts":3,"BackoffRate":1}]}}}
        """,
        ExecutionStatus.Succeeded,
        answer: (parameters, attempt) => attempt < 2 ? new TaskRefused("Flaky", "not yet") : new TaskAnswered(parameters));

    [Fact]
    public Task A_failure_that_a_catcher_takes_on() => CheckAsync(
        $$$$$"""
        {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"{{{{{Function}}}}}","Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.why","Next":"C"}],"End":true},
          "C":{"Type":"Fail","Error":"Given","Cause":"up"}}}
        """,
        ExecutionStatus.Failed,
        answer: (_, _) => new TaskRefused("Broken", "for good"));

    [Fact]
    public Task A_callback_that_never_comes_times_out() => CheckAsync(
        $$$$$"""
        {"StartAt":"C","States":{"C":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","TimeoutSeconds":1,
          "Parameters":{"FunctionName":"f","Payload":{"token.$":"$$.Task.Token"}},"End":true}}}
        """,
        ExecutionStatus.Failed);

    [Fact]
    public async Task A_callback_that_is_answered()
    {
        await using DurableWorld world = await StartAsync();
        JsonValue answer = JsonValue.Parse("""{"approved":true}""");
        var submitted = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Targets.Answer = (invocation, _) =>
        {
            submitted.TrySetResult(invocation.TaskToken ?? "");
            return ValueTask.FromResult<TaskOutcome>(new TaskAnswered(JsonObject.Empty));
        };

        ExecutionKey key = await world.StartAsync(Machines.Callback);
        string token = await submitted.Task.WaitAsync(DurableWorld.Patience, TestContext.Current.CancellationToken);
        Assert.True((await world.Platform.Service.Callbacks.SucceedAsync(token, answer, TestContext.Current.CancellationToken)).Succeeded);

        ExecutionRecord ended = await world.EndAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, answer.ToString()), (ended.Status, ended.Output));
        await CompareAsync(world, key, Machines.Callback, (_, _) => new TaskAnswered(JsonObject.Empty), [token], answer);
    }

    [Fact]
    public async Task A_stop_that_reaches_an_execution_that_waits()
    {
        await using DurableWorld world = await StartAsync();
        ExecutionKey key = await world.StartAsync(Machines.Wait, """{"seconds":86400}""");
        Task<Service.Errors.Result<ExecutionRecord>> stopped =
            world.Platform.Service.Executions.StopAsync(key, "Enough", "by hand", TestContext.Current.CancellationToken).AsTask();

        ExecutionRecord ended = await world.EndAsync(key);
        Assert.Equal((ExecutionStatus.Aborted, "Enough"), (ended.Status, ended.Error));
        Assert.True((await stopped).Succeeded);
    }

    [Fact]
    public async Task An_execution_that_is_scheduled_twice_runs_once()
    {
        await using DurableWorld world = await StartAsync();
        ExecutionKey key = await world.StartAsync(Machines.Tasks(1));
        ExecutionRecord ended = await world.EndAsync(key);
        LedgerHead? head = await world.LedgerHeadAsync(key);
        Assert.NotNull(head);

        await world.ScheduleAgainAsync(head);
        await world.EndAsync(key);

        Assert.Single(world.Targets.Calls);
        Assert.Equal(ended, await world.FindAsync(key));
    }

    private async Task<DurableWorld> StartAsync(AzureOptions? options = null) => await DurableWorld.StartAsync(await OpenAsync(), options);

    private async Task CheckAsync(
        string definition,
        ExecutionStatus status,
        string input = "{}",
        Func<JsonValue, int, TaskOutcome>? answer = null,
        AzureOptions? options = null)
    {
        answer ??= Echo;
        await using DurableWorld world = await StartAsync(options);
        var tokens = new System.Collections.Concurrent.ConcurrentBag<string>();
        world.Targets.Answer = (invocation, _) =>
        {
            tokens.Add(invocation.TaskToken ?? "none");
            return ValueTask.FromResult(answer(invocation.Parameters, invocation.Attempt));
        };

        ExecutionKey key = await world.StartAsync(definition, input);
        ExecutionRecord ended = await world.EndAsync(key);

        Assert.True(ended.Status == status, $"{ended.Status}: {ended.Error} {ended.Cause}");
        await CompareAsync(world, key, definition, answer, tokens, report: null);
    }

    private static async Task CompareAsync(
        DurableWorld world, ExecutionKey key, string definition, Func<JsonValue, int, TaskOutcome> answer, IEnumerable<string> tokens, JsonValue? report)
    {
        LedgerHead? head = await world.LedgerHeadAsync(key);
        Assert.NotNull(head);
        (IReadOnlyList<HistoryEvent> expected, IReadOnlyList<string> expectedTokens) = ExpectedRun.Of(definition, head.Start, answer, report);
        Assert.Null(HistoryComparison.FirstDifference(expected, await world.HistoryAsync(key), tokens.Concat(expectedTokens)));
    }

    private static string MapOf(int concurrency) => $$$$$$$"""
        {"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":{{{{{{{concurrency}}}}}}},"ItemsPath":"$.items","End":true,"ItemProcessor":{"StartAt":"T","States":{
          "T":{"Type":"Task","Resource":"{{{{{{{Function}}}}}}}","End":true}}}}}}
        """;

    private static string Items(int count) => $$"""{"items":[{{string.Join(',', Enumerable.Range(0, count))}}]}""";
}
