using System.Collections.Concurrent;
using System.Globalization;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Paging;
using Lockstep.Service.Redrives;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.TestKit.Drivers;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>What a redrive of an execution does to the map run of a Map state that did not succeed, with every driver that runs map runs.</summary>
public abstract class MapRunRedriveContract : HarnessContract
{
    private const string OneCall = """
        {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","End":true}}}
        """;

    private const string TwoCalls = """
        {"StartAt":"First","States":{"First":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:first","Next":"T"},
          "T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","End":true}}}
        """;

    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("STANDARD")]
    [InlineData("EXPRESS")]
    public async Task The_same_map_run_begins_what_did_not_succeed_and_what_was_never_begun(string type)
    {
        await using IDriverHarness harness = await OpenAsync();
        var world = new World(harness) { IsBroken = item => item == 3 };
        ExecutionKey key = await harness.RunAsync(Map(OneCall, """ "MaxConcurrency":1, """, type), "[0,1,2,3,4,5]");
        ExecutionRecord failed = await harness.WaitForEndAsync(key);
        MapRunRecord before = await harness.TheRunAsync(key);
        ExecutionRecord child = await harness.ChildAsync(before, 3);
        Assert.Equal((ExecutionStatus.Failed, "States.ExceedToleratedFailureThreshold"), (failed.Status, failed.Error));
        Assert.Equal(new MapRunCounts(0, 0, 3, 1, 0, 2, 0), before.Progress.Items);
        Assert.Equal(new RedriveVerdict(RedriveStatus.RedrivableByMapRun, null), harness.Service.Redrives.Judge(child));
        IReadOnlyList<HistoryEvent> historyBefore = await harness.HistoryAsync(key);
        await harness.AdvanceAsync(_minute);

        world.IsBroken = _ => false;
        await harness.RedriveAsync(key);
        ExecutionRecord ended = await harness.WaitForEndAsync(key);
        MapRunRecord run = await harness.TheRunAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, null, "[0,1,2,3,4,5]"), (ended.Status, ended.Cause, ended.Output));
        Assert.Equal((before.Arn, ExecutionStatus.Succeeded, before.StartedAt, 1), (run.Arn, run.Status, run.StartedAt, run.RedriveCount));
        Assert.Equal((0, failed.StoppedAt?.Add(_minute)), (before.RedriveCount, run.RedrivenAt));
        Assert.Equal(new MapRunCounts(0, 0, 6, 0, 0, 0, 0), run.Progress.Items);
        Assert.Equal(new MapRunCounts(0, 0, 6, 0, 0, 0, 0), run.Progress.Executions);
        ExecutionRecord again = await harness.ChildAsync(run, 3);
        Assert.Equal((child.Key, child.StartedAt, 1, run.RedrivenAt), (again.Key, again.StartedAt, again.RedriveCount, again.RedrivenAt));
        Assert.Equal((0, null), ((await harness.ChildAsync(run, 2)).RedriveCount, (await harness.ChildAsync(run, 2)).RedrivenAt));
        Assert.Equal([1, 1, 1, 2, 1, 1], world.CallsOf("f", 6));
        Assert.Equal(7, harness.Targets.Calls.Where(call => call.Resource.Action == "f").Select(call => call.IdempotencyKey).Distinct().Count());

        IReadOnlyList<HistoryEvent> history = await harness.HistoryAsync(key);
        Assert.Equal(historyBefore, history.Take(historyBefore.Count));
        Assert.Equal(
            [
                HistoryEventType.ExecutionRedriven, HistoryEventType.MapRunRedriven, HistoryEventType.MapRunSucceeded, HistoryEventType.MapStateSucceeded,
                HistoryEventType.MapStateExited, HistoryEventType.ExecutionSucceeded,
            ],
            history.Skip(historyBefore.Count).Select(item => item.Type));
        Assert.Equal(new MapRunRedrivenDetails(run.Arn, 1), history[historyBefore.Count + 1].Details);
    }

    [Theory]
    [InlineData("STANDARD", 1)]
    [InlineData("EXPRESS", 2)]
    public async Task Standard_children_go_on_where_they_failed_and_Express_children_begin_again(string type, int firstCalls)
    {
        await using IDriverHarness harness = await OpenAsync();
        var world = new World(harness) { IsBroken = _ => true };
        ExecutionKey key = await harness.RunAsync(Map(TwoCalls, """ "ToleratedFailureCount":1, """, type), "[0,1]");
        Assert.Equal(ExecutionStatus.Failed, (await harness.WaitForEndAsync(key)).Status);
        world.IsBroken = _ => false;
        await harness.RedriveAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, "[0,1]"), await EndOfAsync(harness, key));
        Assert.Equal([firstCalls, firstCalls], world.CallsOf("first", 2));
        Assert.Equal([2, 2], world.CallsOf("f", 2));
    }

    [Fact]
    public async Task It_can_be_redriven_again_and_again_and_tolerated_failures_are_redriven_too()
    {
        await using IDriverHarness harness = await OpenAsync();
        var world = new World(harness) { IsBroken = item => item is 0 or 1 or 2 };
        ExecutionKey key = await harness.RunAsync(Map(OneCall, """ "MaxConcurrency":1, "ToleratedFailureCount":1, """), "[0,1,2,3]");
        Assert.Equal(ExecutionStatus.Failed, (await harness.EndAsync(key)).Status);
        Assert.Equal((2L, 2L), await FailedAndAbortedAsync(harness, key));
        world.IsBroken = item => item is 1 or 2;
        await harness.RedriveAsync(key);
        Assert.Equal(ExecutionStatus.Failed, (await harness.EndAsync(key)).Status);
        Assert.Equal((2L, 1L), await FailedAndAbortedAsync(harness, key));
        world.IsBroken = item => item == 2;
        await harness.RedriveAsync(key);

        ExecutionRecord ended = await harness.EndAsync(key);
        MapRunRecord run = await harness.TheRunAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, "[0,1,null,3]", 2), (ended.Status, ended.Output, run.RedriveCount));
        Assert.Equal(new MapRunCounts(0, 0, 3, 1, 0, 0, 0), run.Progress.Items);
        Assert.Equal([2, 3, 2, 1], world.CallsOf("f", 4));
        Assert.Equal(
            [new MapRunRedrivenDetails(run.Arn, 1), new MapRunRedrivenDetails(run.Arn, 2)],
            (await harness.HistoryAsync(key)).Select(item => item.Details).OfType<MapRunRedrivenDetails>());
    }

    [Fact]
    public async Task A_map_run_that_was_stopped_with_its_execution_goes_on()
    {
        await using IDriverHarness harness = await OpenAsync();
        var world = new World(harness);
        ExecutionKey key = await harness.RunAsync(
            Map("""{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":10,"Next":"T"},""" + OneCall.Trim()[("{\"StartAt\":\"T\",\"States\":{").Length..], """ "MaxConcurrency":2, """),
            "[0,1,2,3,4]");
        await harness.AdvanceAsync(TimeSpan.FromSeconds(15));
        await harness.StopAsync(key);
        await harness.RunUntilIdleAsync();
        Assert.Equal(new MapRunCounts(0, 0, 2, 0, 0, 3, 0), (await harness.TheRunAsync(key)).Progress.Items);
        await harness.RedriveAsync(key);
        Assert.Equal((ExecutionStatus.Running, 1), ((await harness.TheRunAsync(key)).Status, (await harness.TheRunAsync(key)).RedriveCount));
        await harness.AdvanceAsync(TimeSpan.FromSeconds(20));
        Assert.Equal((ExecutionStatus.Succeeded, "[0,1,2,3,4]"), await EndOfAsync(harness, key));
        Assert.Equal([1, 1, 1, 1, 1], world.CallsOf("f", 5));
    }

    [Fact]
    public async Task A_redriven_map_run_can_be_stopped_and_its_children_with_it()
    {
        await using IDriverHarness harness = await OpenAsync();
        _ = new World(harness);
        ExecutionKey key = await harness.RunAsync(Map(Machines.Wait), """[{"seconds":100},{"seconds":100}]""");
        await harness.StopAsync(key);
        await harness.RunUntilIdleAsync();
        for (int redrive = 1; redrive < 4; redrive++)
        {
            await harness.RedriveAsync(key);
            MapRunRecord run = await harness.TheRunAsync(key);
            Assert.Equal(ExecutionStatus.Running, (await harness.ChildAsync(run, 1)).Status);
            await harness.StopAsync(key);
            await harness.RunUntilIdleAsync();
            run = await harness.TheRunAsync(key);
            Assert.Equal((ExecutionStatus.Aborted, redrive, 2L), (run.Status, run.RedriveCount, run.Progress.Executions.Aborted));
            Assert.Equal((ExecutionStatus.Aborted, redrive), ((await harness.ChildAsync(run, 1)).Status, (await harness.ChildAsync(run, 1)).RedriveCount));
        }
    }

    [Fact]
    public async Task A_map_run_within_a_child_is_redriven_with_it()
    {
        await using IDriverHarness harness = await OpenAsync();
        var world = new World(harness) { IsBroken = item => item == 3 };
        ExecutionKey key = await harness.RunAsync(Map(Map(OneCall, """ "MaxConcurrency":1, """, label: "inner"), """ "ToleratedFailureCount":0, """), "[[1,2],[3,4]]");
        Assert.Equal(ExecutionStatus.Failed, (await harness.EndAsync(key)).Status);
        world.IsBroken = _ => false;
        await harness.RedriveAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, "[[1,2],[3,4]]"), await EndOfAsync(harness, key));
        Assert.Equal([0, 1, 1, 2, 1], world.CallsOf("f", 5));
        MapRunRecord outer = await harness.TheRunAsync(key);
        Assert.Equal(1, (await harness.TheRunAsync((await harness.ChildAsync(outer, 1)).Key)).RedriveCount);
    }

    [Fact]
    public async Task Another_input_or_another_revision_starts_a_new_map_run()
    {
        await using IDriverHarness harness = await OpenAsync();
        _ = new World(harness) { IsBroken = item => item == 1 };
        StateMachineRecord machine = await harness.CreateMachineAsync("m", Map(OneCall));
        ExecutionKey key = await harness.StartAsync(machine, "one", "[0,1]");
        Assert.Equal(ExecutionStatus.Failed, (await harness.EndAsync(key)).Status);
        await harness.RedriveAsync(key, input: "[0,2,1]");
        Assert.Equal((ExecutionStatus.Failed, 2), ((await harness.EndAsync(key)).Status, (await harness.RunsOfAsync(key)).Count));
        await harness.RedriveAsync(key, revision: await harness.UpdateMachineAsync(machine, Map(Machines.Pass)));
        Assert.Equal((ExecutionStatus.Succeeded, """[{"done":true},{"done":true},{"done":true}]"""), await EndOfAsync(harness, key));
        Assert.Equal([0, 0, 0], (await harness.RunsOfAsync(key)).Select(run => run.RedriveCount));
    }

    [Fact]
    public async Task A_map_run_that_succeeded_is_not_redriven()
    {
        await using IDriverHarness harness = await OpenAsync();
        var world = new World(harness) { IsBroken = item => item == 1 };
        string definition = Map(OneCall, """ "ToleratedFailureCount":1, """).Replace("\"End\":true,", "\"Next\":\"Z\",", StringComparison.Ordinal).TrimEnd();
        int end = definition.LastIndexOf('}', definition.LastIndexOf('}') - 1);
        definition = definition[..end] + ""","Z":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:last","End":true}}}""";
        world.FailsLast = true;
        ExecutionKey key = await harness.RunAsync(definition, "[0,1]");
        Assert.Equal(ExecutionStatus.Failed, (await harness.EndAsync(key)).Status);
        world.FailsLast = false;
        await harness.RedriveAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, "[0,null]"), await EndOfAsync(harness, key));
        Assert.Equal([1, 1], world.CallsOf("f", 2));
        Assert.Equal(0, (await harness.TheRunAsync(key)).RedriveCount);
    }

    [Theory]
    [InlineData("STANDARD")]
    [InlineData("EXPRESS")]
    public async Task Whenever_the_process_dies_in_a_redrive_no_item_is_lost_and_none_that_had_succeeded_runs_again(string type)
    {
        const int Items = 30;
        await using IDriverHarness harness = await OpenAsync();
        Assert.SkipUnless(harness.CanCrash, "The host cannot crash.");
        var world = new World(harness) { IsBroken = item => item % 3 == 0, Readable = Items };
        const string Reader = """
             "MaxConcurrency":4, "ToleratedFailureCount":5,
             "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"bucket","Key":"k"},"ReaderConfig":{"InputType":"JSON"}},
            """;
        ExecutionKey key = await harness.RunAsync(Map(OneCall, Reader, type), "{}");
        Assert.Equal(ExecutionStatus.Failed, (await harness.WaitForEndAsync(key)).Status);
        world.IsBroken = _ => false;

        // Others were done too, perhaps, and stopped before that was durable.
        string succeeded = await IndicesAsync(harness, await harness.TheRunAsync(key), new MapRunChildFilter(ExecutionStatus.Succeeded, null));
        world.HoldAfter(0);
        HarnessSteps.Value(await harness.TryRedriveAsync(key));
        for (int life = 0; life < 5; life++)
        {
            world.HoldAfter(life * 3);
            await Task.Yield();
            await harness.CrashAndRestartAsync();
        }

        world.HoldAfter(int.MaxValue);
        await harness.CrashAndRestartAsync();
        ExecutionRecord ended = await harness.WaitForEndAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, null), (ended.Status, ended.Cause));
        Assert.Equal(JsonArray.Of([.. Enumerable.Range(0, Items).Select(i => (JsonValue)JsonNumber.Of(i))]), JsonValue.Parse(ended.Output ?? "null"));
        MapRunRecord run = await harness.TheRunAsync(key);
        Assert.Equal((1, new MapRunCounts(0, 0, Items, 0, 0, 0, 0)), (run.RedriveCount, run.Progress.Executions));
        Assert.All(succeeded.Split(' '), item => Assert.Equal(1, world.Done[int.Parse(item, CultureInfo.InvariantCulture)]));
    }

    [Theory]
    [InlineData("STANDARD")]
    [InlineData("EXPRESS")]
    public async Task Children_of_a_map_run_are_listed(string type)
    {
        await using IDriverHarness harness = await OpenAsync();
        var world = new World(harness) { IsBroken = item => item is 1 or 3 };
        ExecutionKey key = await harness.RunAsync(
            Map(OneCall, """ "MaxConcurrency":1, "ToleratedFailureCount":3, "ItemBatcher":{"MaxItemsPerBatch":2}, """, type), "[0,9,1,9,2,9,3,9,4]");
        await harness.WaitForEndAsync(key);
        MapRunRecord run = await harness.TheRunAsync(key);
        Assert.Equal("3 2 1 0", await IndicesAsync(harness, run, new MapRunChildFilter(null, null)));
        Assert.Equal("3 1", await IndicesAsync(harness, run, new MapRunChildFilter(ExecutionStatus.Failed, null)));
        Assert.Equal("2 0", await IndicesAsync(harness, run, new MapRunChildFilter(ExecutionStatus.Succeeded, false)));
        Assert.Empty(await IndicesAsync(harness, run, new MapRunChildFilter(null, true)));
        Page<ExecutionRecord>? page = await harness.Children().ListChildrenAsync(run.Key, new MapRunChildFilter(null, null), new PageRequest(1, null), CancellationToken.None);
        ExecutionRecord listed = Assert.Single(page!.Items);
        Assert.Equal((await harness.ChildAsync(run, 3)).Key, listed.Key);
        Assert.Equal((run.Arn, 2L, null, 0), (listed.MapRunArn, listed.ItemCount, listed.Input, listed.RedriveCount));
        Assert.Null(await harness.Children().ListChildrenAsync(key, new MapRunChildFilter(null, null), new PageRequest(1, null), CancellationToken.None));

        await harness.AdvanceAsync(_minute);
        world.IsBroken = item => item is 3;
        await harness.RedriveAsync(key);
        Assert.Equal(ExecutionStatus.Succeeded, (await harness.WaitForEndAsync(key)).Status);
        Assert.Equal("4 3 2 1 0", await IndicesAsync(harness, run, new MapRunChildFilter(null, null)));
        Assert.Equal("3 1", await IndicesAsync(harness, run, new MapRunChildFilter(null, true)));
        Assert.Equal("1", await IndicesAsync(harness, run, new MapRunChildFilter(ExecutionStatus.Succeeded, true)));
        Assert.Equal("4 2 0", await IndicesAsync(harness, run, new MapRunChildFilter(ExecutionStatus.Succeeded, false)));
        Assert.Equal(new MapRunCounts(0, 0, 7, 2, 0, 0, 0), (await harness.TheRunAsync(key)).Progress.Items);
    }

    [Fact]
    public async Task Children_that_wait_for_the_redrive_show_it()
    {
        await using IDriverHarness harness = await OpenAsync();
        var world = new World(harness) { IsBroken = _ => true };
        ExecutionKey key = await harness.RunAsync(Map(OneCall, """ "MaxConcurrency":1, "ToleratedFailureCount":2, """), "[0,1,2,3]");
        Assert.Equal(ExecutionStatus.Failed, (await harness.EndAsync(key)).Status);
        await harness.AdvanceAsync(_minute);
        world.IsBroken = _ => false;
        world.HoldAfter(0);
        await harness.RedriveAsync(key);
        MapRunRecord run = await harness.TheRunAsync(key);
        Assert.Equal((1, 1, 2, 0), (run.Progress.Executions.Running, run.Progress.Items.Pending, run.Progress.Executions.PendingRedrive, run.Progress.Executions.Failed));
        Assert.Equal("2 1", await IndicesAsync(harness, run, new MapRunChildFilter(null, null) { IsPendingRedrive = true }));
        Assert.Empty(await IndicesAsync(harness, run, new MapRunChildFilter(ExecutionStatus.Failed, null)));
        Page<ExecutionRecord>? page = await harness.Children().ListChildrenAsync(run.Key, new MapRunChildFilter(null, null), new PageRequest(9, null), CancellationToken.None);
        Assert.Equal([true, true, false], page!.Items.Select(child => child.IsPendingRedrive));
        Assert.True((await harness.Service.Executions.DescribeAsync(page.Items[0].Key, CancellationToken.None)).Value?.IsPendingRedrive);
        world.Release();
        Assert.Equal((ExecutionStatus.Succeeded, "[0,1,2,3]"), await EndOfAsync(harness, key));
        Assert.Empty(await IndicesAsync(harness, run, new MapRunChildFilter(null, null) { IsPendingRedrive = true }));
    }

    private static async Task<string> IndicesAsync(IDriverHarness harness, MapRunRecord run, MapRunChildFilter filter)
    {
        List<long> indices = [];
        string? cursor = null;
        do
        {
            Page<ExecutionRecord>? page = await harness.Children().ListChildrenAsync(run.Key, filter, new PageRequest(2, cursor), CancellationToken.None);
            Assert.NotNull(page);
            indices.AddRange(page.Items.Select(child => MapRunNames.IndexOf(child.Key)));
            cursor = page.Next;
        }
        while (cursor is not null);
        return string.Join(' ', indices);
    }

    private static async Task<(ExecutionStatus Status, string? Output)> EndOfAsync(IDriverHarness harness, ExecutionKey key)
    {
        ExecutionRecord ended = await harness.WaitForEndAsync(key);
        return (ended.Status, ended.Output);
    }

    private static async Task<(long Failed, long Aborted)> FailedAndAbortedAsync(IDriverHarness harness, ExecutionKey key)
    {
        MapRunCounts items = (await harness.TheRunAsync(key)).Progress.Items;
        return (items.Failed, items.Aborted);
    }

    private static string Map(string processor, string fields = "", string type = "STANDARD", string label = "each") =>
        $$"""
        {"StartAt":"{{label}}","States":{"{{label}}":{"Type":"Map","Label":"{{label}}", {{fields}} "End":true,
          "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"{{type}}"},{{processor.Trim()[1..]}} } }
        }
        """;

    /// <summary>Serves map runs, and functions that get an item, or a batch whose first item says which it is.</summary>
    private sealed class World
    {
        private readonly CallGate _gate;
        private int _left = int.MaxValue;

        public World(IDriverHarness harness)
        {
            Harness = harness;
            _gate = harness.Targets.NewGate();
            harness.Targets.Answer = async (call, cancellation) =>
                await harness.ServeMapRunAsync(call, Readable, cancellation) ?? await AnswerAsync(call, cancellation);
        }

        public Func<double, bool> IsBroken { get; set; } = _ => false;

        public bool FailsLast { get; set; }

        public int Readable { get; init; }

        /// <summary>How often each item was done.</summary>
        public ConcurrentDictionary<int, int> Done { get; } = new();

        private IDriverHarness Harness { get; }

        /// <summary>From now on, holds the calls after so many.</summary>
        public void HoldAfter(int calls) => Volatile.Write(ref _left, calls);

        public void Release()
        {
            HoldAfter(int.MaxValue);
            _gate.Open();
        }

        public int[] CallsOf(string function, int items) =>
            [.. Enumerable.Range(0, items).Select(item => Harness.Targets.Calls.Count(call => call.Resource.Action == function && ItemOf(call) == item))];

        private async ValueTask<TaskOutcome> AnswerAsync(TaskInvocation call, CancellationToken cancellation)
        {
            if (call.Resource.Action == "last")
            {
                return FailsLast ? new TaskRefused("E", "C") : new TaskAnswered(call.Parameters);
            }

            if (call.Resource.Action == "f" && Volatile.Read(ref _left) != int.MaxValue && Interlocked.Decrement(ref _left) < 0)
            {
                await _gate.PassAsync(cancellation);
            }

            if (call.Resource.Action == "f" && IsBroken(ItemOf(call)))
            {
                return new TaskRefused("E", "C");
            }

            if (call.Resource.Action == "f")
            {
                Done.AddOrUpdate((int)ItemOf(call), 1, static (_, count) => count + 1);
            }

            return new TaskAnswered(call.Parameters);
        }

        private static double ItemOf(TaskInvocation call) => call.Parameters switch
        {
            JsonNumber number => number.ToDouble(),
            JsonObject batch when batch["Items"] is JsonArray items => items[0] is JsonNumber first ? first.ToDouble() : -1,
            _ => -1,
        };
    }
}
