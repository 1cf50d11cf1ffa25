using System.Collections.Concurrent;
using Lockstep.Embedded.Committing;
using Lockstep.Embedded.Tests.Support;
using Lockstep.Engine;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.MapRuns;
using Lockstep.Service.Paging;
using Lockstep.Service.Redrives;
using Lockstep.Service.Targets;
using Lockstep.TestKit.Time;

namespace Lockstep.Embedded.Tests;

/// <summary>
/// The process dies at every commit boundary of a redrive of a map run in turn, before the flush and after it: a copy of the folder as it is at that moment
/// is all that the next process gets. Every item is done in the end, and none that was done before the redrive is done again.
/// </summary>
public sealed class MapRunRedriveBoundaryTests
{
    private const int Items = 6;

    private static readonly ExecutionKey _key = new(TestService.Tenant, "m:one");

    [Theory]
    [InlineData(Failpoint.BeforeCommit, "STANDARD")]
    [InlineData(Failpoint.AfterCommit, "STANDARD")]
    [InlineData(Failpoint.BeforeCommit, "EXPRESS")]
    [InlineData(Failpoint.AfterCommit, "EXPRESS")]
    public async Task Death_at_any_boundary_of_a_redrive_loses_no_item_and_repeats_none_that_was_done(Failpoint boundary, string type)
    {
        int boundaries = 0;
        while (await DieAtAsync(boundary, boundaries + 1, type))
        {
            boundaries++;
            Assert.True(boundaries < 200, "The redrive does not end.");
        }

        Assert.True(boundaries > 10, $"Only {boundaries} boundaries were reached.");
    }

    /// <summary>False when the redrive ended before it came to that boundary.</summary>
    private static async Task<bool> DieAtAsync(Failpoint boundary, int death, string type)
    {
        var time = new ManualTimeProvider();
        var failpoints = new DeadEnd(boundary, death);
        var done = new ConcurrentDictionary<string, int>();
        bool broken = true;
        TestService dying = TestService.Closed(time);
        dying.Failpoints = failpoints;
        dying.Targets.Answer = (call, cancellation) => AnswerAsync(dying, call, broken, done, cancellation);
        await dying.OpenAsync();
        await dying.StartAsync(await dying.CreateMachineAsync("m", Machine(type)), "one", $"[{string.Join(',', Enumerable.Range(0, Items))}]");
        Assert.Equal(ExecutionStatus.Failed, (await dying.EndAsync(_key)).Status);
        await dying.RestAsync();
        string[] before = [.. done.Keys];
        broken = false;
        failpoints.Arm();
        bool acknowledged = false;
        Task run = Task.Run(async () =>
        {
            acknowledged = (await RedriveAsync(dying)).Succeeded;
            await dying.EndAsync(_key);
        });
        if (await Task.WhenAny(run, failpoints.Dead) == run)
        {
            await run;
            await CheckAsync(dying, before, done);
            failpoints.Release();
            await dying.DisposeAsync();
            return false;
        }

        await using (TestService next = TestService.Closed(time))
        {
            dying.CopyTo(next);
            bool promised = acknowledged;
            next.Targets.Answer = (call, cancellation) => AnswerAsync(next, call, false, done, cancellation);
            await next.OpenAsync();
            ExecutionRecord? found = await next.Host.Executions.FindAsync(_key, CancellationToken.None);
            Assert.True(found?.RedriveCount == 1 || !promised, $"{boundary} {death}: the redrive was acknowledged, and is gone.");
            if (found?.RedriveCount == 0)
            {
                Assert.True((await RedriveAsync(next)).Succeeded);
            }

            await CheckAsync(next, before, done);
        }

        failpoints.Release();
        await run;
        await dying.DisposeAsync();
        return true;
    }

    private static async Task CheckAsync(TestService service, string[] before, ConcurrentDictionary<string, int> done)
    {
        ExecutionRecord ended = await service.EndAsync(_key);
        Assert.Equal((ExecutionStatus.Succeeded, "[0,1,2,3,4,5]"), (ended.Status, ended.Output));
        MapRunRecord run = Assert.Single((await service.Host.MapRuns.ListAsync(_key, new PageRequest(9, null), CancellationToken.None))?.Items ?? []);
        Assert.Equal((1, new MapRunCounts(0, 0, Items, 0, 0, 0, 0)), (run.RedriveCount, run.Progress.Executions));
        Assert.Equal(Items, done.Count);
        Assert.All(before, item => Assert.Equal(1, done[item]));
    }

    private static async Task<Result<RedriveOutcome>> RedriveAsync(TestService service) => await service.Host.Driver.RedriveAsync(
        new RedriveRequest(_key, RedriveRules.Of(ServiceLimits.Default)), CancellationToken.None);

    private static async ValueTask<TaskOutcome> AnswerAsync(
        TestService service, TaskInvocation call, bool broken, ConcurrentDictionary<string, int> done, CancellationToken cancellation)
    {
        IMapRunDriver runs = service.Host.MapRuns;
        switch (call.Resource.Action)
        {
            case "mapRun.sync":
                return Answer(await runs.StartRunAsync(call.Execution, call.Task, new MapRunRequest((JsonObject)call.Parameters).Within(9, 9), null, cancellation));
            case "mapRunChild.sync":
                return Answer(await runs.StartChildAsync(call.Execution, call.Task, MapChildRequest.Read(call.Parameters), null, cancellation));
            case "mapRunPast":
                return new TaskAnswered((await runs.FindPastChildrenAsync(call.Execution, PastChildrenRequest.Read(call.Parameters), cancellation))!.ToJson());
            case "mapRunResults":
                var outputs = new JsonArrayBuilder();
                for (int index = 0; index < Items; index++)
                {
                    outputs.Add(JsonValue.Parse((await runs.FindChildAsync(call.Execution, index, cancellation))?.Output ?? "null"));
                }

                return new TaskAnswered(new ResultsAnswer(outputs.ToArray(), 0).ToJson());
            default:
                if (broken && call.Parameters.ToString() is "1" or "3")
                {
                    return new TaskRefused("E", "C");
                }

                done.AddOrUpdate(call.Parameters.ToString(), 1, static (_, count) => count + 1);
                return new TaskAnswered(call.Parameters);
        }
    }

    private static TaskOutcome Answer(Result<Accepted> started) =>
        started.Succeeded ? new TaskAnswered(JsonNull.Instance) : new TaskRefused(started.Error.Code, started.Error.Message);

    private static string Machine(string type) => $$"""
        {"StartAt":"M","States":{"M":{"Type":"Map","Label":"each","MaxConcurrency":2,"ToleratedFailureCount":1,"End":true,
          "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"{{type}}"},"StartAt":"T","States":{
            "T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","End":true} } } } } }
        """;
}
