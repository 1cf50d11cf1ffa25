using System.Collections.Concurrent;
using System.Globalization;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Paging;
using Lockstep.Service.Targets;
using Lockstep.TestKit.Drivers;
using Xunit;

namespace Lockstep.TestKit.Contracts;

/// <summary>Map states in DISTRIBUTED mode, with calls that the test answers: reading items and forming results are targets, and tested with those.</summary>
public abstract class MapRunContract : HarnessContract
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("STANDARD")]
    [InlineData("EXPRESS")]
    public async Task Children_run_the_processor_and_their_outputs_are_the_result(string type)
    {
        await using IDriverHarness harness = await ServeAsync();
        string processor = """{"StartAt":"P","States":{"P":{"Type":"Pass","Parameters":{"n.$":"$","name.$":"$$.StateMachine.Name"},"End":true}}}""";
        ExecutionKey key = await harness.RunAsync(Map(processor, type: type), "[3,1,2]");
        ExecutionRecord ended = await harness.WaitForEndAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, null), (ended.Status, ended.Cause));
        string machine = key.Id.Split(':')[0];
        Assert.Equal(
            JsonValue.Parse($$"""[{"n":3,"name":"{{machine}}/each"},{"n":1,"name":"{{machine}}/each"},{"n":2,"name":"{{machine}}/each"}]"""),
            JsonValue.Parse(ended.Output ?? "null"));
        MapRunRecord run = await harness.TheRunAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, 3L, 3L), (run.Status, run.Progress.Items.Succeeded, run.Progress.Executions.Total));
        IReadOnlyList<HistoryEvent> history = await harness.HistoryAsync(key);
        Assert.Equal(run.Arn, history.Select(e => e.Details).OfType<MapRunStartedDetails>().Single().MapRunArn);
    }

    [Theory]
    [InlineData("", """{"b":[1],"a":null}""", """[{"Key":"b","Value":[1]},{"Key":"a","Value":null}]""")]
    [InlineData(
        """ "ItemsPath":"$.of","ItemSelector":{"item.$":"$$.Map.Item"}, """,
        """{"of":{"b":[1]}}""",
        """[{"item":{"Index":0,"Key":"b","Value":[1],"Source":"STATE_DATA"}}]""")]
    public async Task Members_of_an_object_are_items_and_tell_where_they_come_from(string fields, string input, string output)
    {
        await using IDriverHarness harness = await ServeAsync();
        ExecutionKey key = await harness.RunAsync(Map("""{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}""", fields), input);
        Assert.Equal(output, (await harness.WaitForEndAsync(key)).Output);
    }

    [Fact]
    public async Task What_a_map_run_starts_is_in_no_list_and_publishes_nothing()
    {
        await using IDriverHarness harness = await ServeAsync();
        ExecutionKey key = await harness.RunAsync(Map(Machines.Wait), """[{"seconds":100},{"seconds":100}]""");
        await harness.RunUntilIdleAsync();
        Page<ExecutionRecord> listed = await harness.Ports.Executions.ListAsync(
            key.Tenant, new ExecutionFilter(null, null), new PageRequest(10, null), CancellationToken.None);
        Assert.Equal(key, Assert.Single(listed.Items).Key);
        Assert.Equal(1, await harness.Ports.Executions.CountOpenAsync(key.Tenant, CancellationToken.None));
        Assert.Single(await harness.EventsAsync(key.Tenant));
        MapRunRecord run = await harness.TheRunAsync(key);
        Assert.Null(await harness.Ports.Executions.FindAsync(run.Key, CancellationToken.None));
        ExecutionRecord child = await harness.DescribeAsync(ChildOf(run, 1));
        Assert.Equal((ExecutionStatus.Running, """{"seconds":100}"""), (child.Status, child.Input));
    }

    [Fact]
    public async Task Progress_shows_while_it_runs_and_the_settings_can_be_changed()
    {
        await using IDriverHarness harness = await ServeAsync();
        ExecutionKey key = await harness.RunAsync(
            Map(Machines.Wait, """ "MaxConcurrency":1, """), """[{"seconds":10},{"seconds":10},{"seconds":10},{"seconds":10}]""");
        await harness.AdvanceAsync(10 * _second);
        MapRunRecord run = await harness.TheRunAsync(key);
        Assert.Equal(new MapRunCounts(2, 1, 1, 0, 0, 0, 0), run.Progress.Items);
        MapRunRecord updated = HarnessSteps.Value(await harness.Runs().UpdateAsync(run.Key, new MapRunChange(3, 2, null), CancellationToken.None));
        Assert.Equal(new MapRunSettings(3, 2, null), updated.Progress.Settings);
        await harness.RunUntilIdleAsync();
        Assert.Equal(new MapRunCounts(0, 3, 1, 0, 0, 0, 0), (await harness.TheRunAsync(key)).Progress.Items);
        await harness.AdvanceAsync(10 * _second);
        Assert.Equal(ExecutionStatus.Succeeded, (await harness.EndAsync(key)).Status);
        Result<MapRunRecord> late = await harness.Runs().UpdateAsync(run.Key, new MapRunChange(1, null, null), CancellationToken.None);
        Assert.Equal(ErrorCodes.Conflict, late.Error?.Code);
    }

    [Fact]
    public async Task Stopping_the_execution_stops_the_map_run_and_its_children()
    {
        await using IDriverHarness harness = await ServeAsync();
        ExecutionKey key = await harness.RunAsync(Map(Machines.Wait), """[{"seconds":100},{"seconds":100}]""");
        await harness.RunUntilIdleAsync();
        MapRunRecord run = await harness.TheRunAsync(key);
        await harness.StopAsync(key);
        await harness.RunUntilIdleAsync();
        MapRunRecord stopped = await harness.TheRunAsync(key);
        Assert.Equal((ExecutionStatus.Aborted, 2L), (stopped.Status, stopped.Progress.Executions.Aborted));
        Assert.Equal(ExecutionStatus.Aborted, (await harness.DescribeAsync(ChildOf(run, 0))).Status);
        Assert.Equal(ExecutionStatus.Aborted, (await harness.DescribeAsync(ChildOf(run, 1))).Status);
    }

    [Fact]
    public async Task Too_many_failures_fail_the_state_and_stop_what_still_runs()
    {
        await using IDriverHarness harness = await ServeAsync();
        string processor = """
            {"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$.seconds","NumericLessThan":5,"Next":"F"}],"Default":"W"},
              "F":{"Type":"Fail","Error":"E"},"W":{"Type":"Wait","SecondsPath":"$.seconds","End":true}}}
            """;
        ExecutionKey key = await harness.RunAsync(
            Map(processor, """ "ToleratedFailureCount":1, """), """[{"seconds":100},{"seconds":1},{"seconds":2}]""");
        ExecutionRecord ended = await harness.EndAsync(key);
        Assert.Equal((ExecutionStatus.Failed, "States.ExceedToleratedFailureThreshold"), (ended.Status, ended.Error));
        MapRunRecord run = await harness.TheRunAsync(key);
        Assert.Equal((2L, 1L), (run.Progress.Executions.Failed, run.Progress.Executions.Aborted));
        Assert.Equal(ExecutionStatus.Aborted, (await harness.DescribeAsync(ChildOf(run, 0))).Status);
    }

    [Fact]
    public async Task Map_states_within_children_have_map_runs_of_their_own()
    {
        await using IDriverHarness harness = await ServeAsync();
        ExecutionKey key = await harness.RunAsync(Map(Processor(Map(Processor(Machines.Pass), label: "inner"))), "[[1,2],[3]]");
        ExecutionRecord ended = await harness.WaitForEndAsync(key);
        Assert.Equal("""[[{"done":true},{"done":true}],[{"done":true}]]""", ended.Output);
    }

    [Theory]
    [InlineData("STANDARD")]
    [InlineData("EXPRESS")]
    public async Task Whenever_the_process_dies_no_item_is_lost_and_none_that_had_ended_runs_again(string type)
    {
        const int Items = 60;
        await using IDriverHarness harness = await ServeAsync(Items);
        var done = new ConcurrentDictionary<string, int>();
        Func<TaskInvocation, CancellationToken, ValueTask<TaskOutcome>> serve = harness.Targets.Answer;
        int calls = 0;
        CallGate gate = harness.Targets.NewGate();
        harness.Targets.Answer = async (call, cancellation) =>
        {
            if (call.Resource.Kind != Asl.Resources.ResourceKind.Function)
            {
                return await serve(call, cancellation);
            }

            if (Interlocked.Increment(ref calls) > Items / 2 && done.Count < Items / 2)
            {
                await gate.PassAsync(cancellation);
            }

            done.AddOrUpdate(call.Parameters.ToString(), 1, static (_, count) => count + 1);
            return new TaskAnswered(call.Parameters);
        };
        string function = """{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","End":true}}}""";
        const string Reader = """
             "MaxConcurrency":7,
             "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"bucket","Key":"k"},"ReaderConfig":{"InputType":"JSON"}},
            """;
        ExecutionKey key = await harness.RunAsync(Map(function, Reader, type), "{}");
        for (int life = 0; life < 4; life++)
        {
            await Task.Yield();
            int before = done.Count;
            await harness.CrashAndRestartAsync();
            Assert.True(done.Count >= before);
        }

        gate.Open();
        ExecutionRecord ended = await harness.WaitForEndAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, null), (ended.Status, ended.Cause));
        Assert.Equal(
            JsonArray.Of([.. Enumerable.Range(0, Items).Select(i => (JsonValue)JsonNumber.Of(i))]), JsonValue.Parse(ended.Output ?? "null"));
        MapRunRecord run = await harness.TheRunAsync(key);
        Assert.Equal(new MapRunCounts(0, 0, Items, 0, 0, 0, 0), run.Progress.Executions);
        for (int index = 0; index < Items; index++)
        {
            Assert.Equal(index.ToString(CultureInfo.InvariantCulture), (await harness.Runs().FindChildAsync(run.Key, index, CancellationToken.None))?.Input);
        }
    }

    private static string Processor(string machine) => machine;

    private static string Map(string processor, string fields = "", string type = "STANDARD", string label = "each") =>
        $$"""
        {"StartAt":"{{label}}","States":{"{{label}}":{"Type":"Map","Label":"{{label}}", {{fields}} "End":true,
          "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"{{type}}"},{{processor.Trim()[1..]}} } }
        }
        """;

    private static ExecutionKey ChildOf(MapRunRecord run, int index) =>
        ExecutionKey.Of(run.Key.Tenant, MapRunNames.LabelledMachineOf(run.Key), MapRunNames.OfChild(run.Key, index), null);

    private async Task<IDriverHarness> ServeAsync(int readable = 0)
    {
        IDriverHarness harness = await OpenAsync();
        harness.Targets.Answer = async (call, cancellation) =>
            await harness.ServeMapRunAsync(call, readable, cancellation) ?? new TaskAnswered(call.Parameters);
        return harness;
    }
}
