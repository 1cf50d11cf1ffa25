using Lockstep.Asl.Resources;
using Lockstep.Embedded.Executions;
using Lockstep.Embedded.Hosting;
using Lockstep.Embedded.Tests.Support;
using Lockstep.Engine;
using Lockstep.Engine.History;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.MapRuns;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.TestKit.Drivers;
using Lockstep.TestKit.Time;

namespace Lockstep.Embedded.Tests;

/// <summary>Limits of the driver, at the limit and one beyond.</summary>
public sealed class DriverLimitTests
{
    [Fact]
    public async Task As_many_asynchronous_Express_executions_run_as_may_even_when_they_start_at_once()
    {
        var time = new ManualTimeProvider();
        await using TestService service = await TestService.NewAsync(
            time, new EmbeddedOptions { Driver = new DriverOptions { MaxAsyncExpressExecutions = 2 } });
        StateMachineRecord machine = await service.CreateMachineAsync("x", Machines.Wait, WorkflowType.Express);

        Result<StartOutcome>[] starts = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(index => service.TryStartAsync(machine, $"e{index}", """{"seconds":1}""").AsTask()));

        Assert.Equal(2, starts.Count(start => start.Succeeded));
        Assert.All(starts.Where(start => !start.Succeeded), start => Assert.Equal(ErrorCodes.Throttling, start.Error?.Code));
    }

    [Fact]
    public async Task Express_children_of_a_map_run_wait_for_a_place_where_others_are_refused()
    {
        var time = new ManualTimeProvider();
        await using TestService service = await TestService.NewAsync(
            time, new EmbeddedOptions { Driver = new DriverOptions { MaxAsyncExpressExecutions = 2, MaxConcurrentEffectsPerTenant = 2 } });
        service.Targets.Answer = (call, cancellation) => AnswerAsync(service.Host.MapRuns, call, cancellation);
        StateMachineRecord machine = await service.CreateMachineAsync("m", """
            {"StartAt":"Each","States":{"Each":{"Type":"Map","Label":"each","End":true,"ItemProcessor":{
              "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"W","States":{
                "W":{"Type":"Wait","Seconds":1,"Next":"T"},"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","End":true} } } } } }
            """);

        ExecutionKey key = await service.StartAsync(machine, "e", "[1,2,3,4,5]");
        ExecutionRecord ended = await service.AdvanceUntilAsync(service.EndAsync(key).AsTask(), TimeSpan.FromSeconds(1));

        Assert.Equal((ExecutionStatus.Succeeded, "5"), (ended.Status, ended.Output));
        Assert.Equal(["1", "2", "3", "4", "5"], service.Targets.Calls.Where(call => call.Resource.Kind == ResourceKind.Function).Select(call => call.Parameters.ToString()).Order());
    }

    private static async ValueTask<TaskOutcome> AnswerAsync(IMapRunDriver runs, TaskInvocation call, CancellationToken cancellation)
    {
        if (MapRunResources.IsRun(call.Resource))
        {
            Assert.True((await runs.StartRunAsync(call.Execution, call.Task, new MapRunRequest((JsonObject)call.Parameters).Within(10, 10), null, cancellation)).Succeeded);
        }
        else if (MapRunResources.IsChild(call.Resource))
        {
            Result<Accepted> started = await runs.StartChildAsync(call.Execution, call.Task, MapChildRequest.Read(call.Parameters), null, cancellation);
            return started.Succeeded ? new TaskAnswered(JsonNull.Instance) : new TaskRefused(started.Error.Code, started.Error.Message);
        }
        else if (call.Resource.Action == MapRunResources.Results.Action)
        {
            return new TaskAnswered(new ResultsAnswer(JsonNumber.Of(ResultsRequest.Read(call.Parameters).Children), 0).ToJson());
        }

        return new TaskAnswered(call.Parameters);
    }

    [Fact]
    public async Task As_many_idle_executions_stay_in_memory_as_may()
    {
        await using TestService service = await TestService.NewAsync(
            new ManualTimeProvider(), new EmbeddedOptions { Driver = new DriverOptions { MaxIdleInMemory = 2 } });
        StateMachineRecord machine = await service.CreateMachineAsync("m", Machines.Callback);
        foreach ((string name, int inMemory) in new[] { ("a", 1), ("b", 2), ("c", 2), ("d", 2) })
        {
            ExecutionKey key = await service.StartAsync(machine, name);
            await service.EventAsync(key, HistoryEventType.TaskSubmitted);
            await service.RestAsync();
            Assert.Equal(inMemory, service.Host.ExecutionsInMemory);
        }
    }

    [Theory]
    [InlineData(100, 0, 99, false)]
    [InlineData(100, 0, 100, true)]
    [InlineData(100, 60, 39, false)]
    [InlineData(100, 60, 40, true)]
    public void A_snapshot_is_due_when_the_journal_has_as_many_bytes_as_it_needs(int minBytes, long journalBytes, int commitBytes, bool isDue) =>
        Assert.Equal(isDue, new SnapshotLedger(minBytes, lastSnapshotBytes: 0, journalBytes).IsDue(commitBytes));
}
