using System.Collections.Concurrent;
using Lockstep.Embedded.Committing;
using Lockstep.Embedded.Tests.Support;
using Lockstep.Engine;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Targets;
using Lockstep.TestKit.Time;

namespace Lockstep.Embedded.Tests;

/// <summary>
/// The process dies at every commit boundary in turn, before the flush and after it: a copy of the folder as it is at that moment is all that
/// the next process gets. It must come to the same end, and what the world outside has seen must be on that disk.
/// </summary>
public sealed class CommitBoundaryTests
{
    private const string Machine = """
        {"StartAt":"M","States":{
        "M":{"Type":"Map","ItemsPath":"$.items","MaxConcurrency":2,"ResultPath":"$.items","ItemProcessor":{"StartAt":"T","States":{
          "T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","Next":"P"},"P":{"Type":"Pass","End":true}}},"Next":"W"},
        "W":{"Type":"Wait","Seconds":100,"Next":"E"},
        "E":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","InputPath":"$.items","End":true}}}
        """;

    [Theory]
    [InlineData(Failpoint.BeforeCommit)]
    [InlineData(Failpoint.AfterCommit)]
    public async Task Death_at_any_commit_boundary_changes_neither_the_end_nor_what_was_promised(Failpoint boundary)
    {
        int seed = Random.Shared.Next();
        int boundaries = 0;
        for (int death = 1; death < 200; death++)
        {
            IReadOnlyList<string>? problems = await DieAtAsync(boundary, death, seed, loseLastCommit: false);
            if (problems is null)
            {
                break;
            }

            boundaries++;
            Assert.True(problems.Count == 0, $"seed {seed}, {boundary} {death}: {string.Join("; ", problems)}");
        }

        Assert.True(boundaries > 5, $"Only {boundaries} boundaries were reached.");
    }

    [Fact]
    public async Task Disk_that_lies_about_its_last_flush_is_noticed()
    {
        // The planted bug: death comes while a batch is applied, and what was acknowledged with the batch before is gone.
        int noticed = 0;
        for (int death = 2; death < 12; death++)
        {
            noticed += await DieAtAsync(Failpoint.BeforeCommit, death, seed: 1, loseLastCommit: true) is { Count: > 0 } ? 1 : 0;
        }

        Assert.True(noticed > 0);
    }

    /// <summary>Null when the run ended before it came to that boundary; else everything that is wrong afterwards.</summary>
    private static async Task<IReadOnlyList<string>?> DieAtAsync(Failpoint boundary, int death, int seed, bool loseLastCommit)
    {
        var random = new Random(seed + death);
        var time = new ManualTimeProvider();
        var failpoints = new DeadEnd(boundary, death);
        var calls = new ConcurrentQueue<string>();
        TestService dying = TestService.Closed(time);
        await using TestService next = TestService.Closed(time);
        dying.Failpoints = failpoints;
        dying.Targets.Answer = (invocation, _) =>
        {
            calls.Enqueue(invocation.IdempotencyKey);
            return ValueTask.FromResult<TaskOutcome>(new TaskAnswered(invocation.Parameters));
        };
        bool acknowledged = false;
        Task run = Task.Run(async () =>
        {
            await dying.OpenAsync();
            StateMachineRecord machine = await dying.CreateMachineAsync("m", Machine);
            failpoints.Arm();
            ExecutionKey key = await dying.StartAsync(machine, "one", Input(random));
            acknowledged = true;
            await dying.AdvanceUntilAsync(dying.EndAsync(key).AsTask(), TimeSpan.FromSeconds(10));
        });
        if (await Task.WhenAny(run, failpoints.Dead) == run)
        {
            await run;
            failpoints.Release();
            await dying.DisposeAsync();
            return null;
        }

        dying.CopyTo(next);
        if (loseLastCommit)
        {
            // Cutting the log's last page makes its last transaction invalid, as if it had never been flushed.
            await using FileStream log = File.OpenWrite(Path.Combine(next.Folder, "lockstep.db-wal"));
            log.SetLength(log.Length - 4_096);
        }

        IReadOnlyList<string> problems = await ContinueAsync(next, acknowledged, [.. calls]);
        failpoints.Release();
        await run;
        await dying.DisposeAsync();
        return problems;
    }

    private static async Task<IReadOnlyList<string>> ContinueAsync(TestService next, bool acknowledged, string[] callsBefore)
    {
        List<string> problems = [];
        await next.OpenAsync();
        var key = new ExecutionKey(TestService.Tenant, "m:one");
        ExecutionRecord? found = await next.Host.Executions.FindAsync(key, CancellationToken.None);
        if (found is null)
        {
            return acknowledged || callsBefore.Length > 0 ? ["the start was acknowledged or acted on, and is gone"] : [];
        }

        ExecutionRecord ended = await next.AdvanceUntilAsync(next.EndAsync(key).AsTask(), TimeSpan.FromSeconds(10));
        if (ended.Status != ExecutionStatus.Succeeded || found.Input is null || ended.Output != ExpectedOutput(found.Input))
        {
            problems.Add($"ended as {ended.Status} with {ended.Output ?? ended.Error}");
        }

        long[] ids = [.. (await next.HistoryAsync(key)).Select(item => item.Id)];
        if (!ids.SequenceEqual(Enumerable.Range(1, ids.Length).Select(id => (long)id)))
        {
            problems.Add("history has a gap");
        }

        // Every key ever used belongs to a call that the surviving history schedules: 5 items and the last task.
        int keys = callsBefore.Concat(next.Targets.Calls.Select(call => call.IdempotencyKey)).Distinct().Count();
        if (keys != 6)
        {
            problems.Add($"{keys} distinct keys were called, and 6 calls are scheduled");
        }

        return problems;
    }

    private static string Input(Random random) => $$"""{"items":[{{string.Join(',', Enumerable.Range(0, 5).Select(_ => random.Next(100)))}}]}""";

    private static string ExpectedOutput(string input) => input["{\"items\":".Length..^1];
}
