using System.Buffers;
using Lockstep.Asl.Resources;
using Lockstep.Azure.Activities;
using Lockstep.Azure.Events;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Intents;
using Lockstep.Azure.Logging;
using Lockstep.Azure.Storage;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Engine.Commands;
using Lockstep.Json;
using Lockstep.Service.Executions;
using Lockstep.Service.Logging;
using Lockstep.Service.Paging;
using Lockstep.TestKit;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Time;
using static Lockstep.Azure.Tests.Ledger.LedgerFixture;

namespace Lockstep.Azure.Tests.Ledger;

/// <summary>docs/azure-storage.md says what each step of an execution costs in calls; here they are counted.</summary>
public sealed class ExecutionCostTests
{
    private readonly LedgerFixture _fixture = new();
    private readonly List<string> _counted = [];

    [Fact]
    public async Task Every_step_of_an_execution_costs_what_is_documented_and_nothing_else_is_documented()
    {
        await CountAppendsAsync();
        await CountTasksAsync();
        await CountReadsAsync();
        string[] lines = File.ReadAllLines(Repository.PathOf("docs/azure-storage.md"));
        int header = Array.FindIndex(lines, line => line.StartsWith("| step of an execution |", StringComparison.Ordinal));
        Assert.Equal(string.Join('\n', _counted), string.Join('\n', lines.Skip(header + 2).TakeWhile(line => line.StartsWith('|'))));
    }

    private async Task CountAppendsAsync()
    {
        await _fixture.StartAsync(Key("before"));
        await CountAsync("add one to the ledger and to the lists", async () => await _fixture.Ledger.CreateAsync(New(Key()), CancellationToken.None));
        await CountAsync("first turns", async () => await _fixture.AppendAsync(Key(), Batch(1, Turns(1, 3))));
        await CountAsync("later turns, with tasks opened and closed", async () => await _fixture.AppendAsync(
            Key(), Batch(1, Turns(4, 1)) with { Opens = [Open(1), Open(2, heartbeatSeconds: 5)], Closes = [new CommandId(9)] }));
        await CountAsync("last turns, with the end", async () => await _fixture.AppendAsync(Key(), Batch(1, Turns(5, 1)) with { End = Succeed() }));
        await _fixture.StartAsync(Key("short"));
        await CountAsync("all turns of a short one, with the end", async () => await _fixture.AppendAsync(
            Key("short"), Batch(1, Turns(1, 1)) with { End = Succeed() }));
    }

    private async Task CountTasksAsync()
    {
        ExecutionKey key = await _fixture.StartAsync(Key("tasks"));
        await _fixture.AppendAsync(key, Batch(1, Turns(1, 1)) with { Opens = [Open(1), Open(2, heartbeatSeconds: 5), ActivityTask(3)] });
        await CountAsync("report an outcome", async () => await _fixture.Ledger.ReportAsync(key, new CommandId(1), Success(1), CancellationToken.None));
        await CountAsync("heartbeat", async () => await _fixture.Ledger.HeartbeatAsync(key, new CommandId(2), Noon.AddDays(1), CancellationToken.None));
        await CountAsync("claim for a timer", async () => await _fixture.Ledger.ClaimAsync(
            key, new CommandId(2), ClaimReason.Timeout, Noon, CancellationToken.None));
        await CountAsync("read the inbox", async () => await _fixture.InboxAsync(key));
        await CountAsync("request to stop", async () => await _fixture.Ledger.RequestStopAsync(
            key, new Engine.Stimuli.StopRequested(Noon, null, null), null, CancellationToken.None));
        var time = new ManualTimeProvider(Noon);
        var queue = new ActivityTaskQueue(_fixture.Azure.Tables, _fixture.Azure.Blobs, new ActivityQueueParts(
            new TableIntents(_fixture.Azure.Tables),
            _fixture.Azure.Messages,
            time,
            TimeSpan.FromMinutes(1),
            new StorageRetry(new StorageRetryOptions(), time),
            (_, _) => { }));
        await CountAsync("offer a task to workers", async () => await queue.OfferAsync(key, [ActivityTask(3)], CancellationToken.None));
        await CountAsync("hand a task to a worker", async () => Assert.NotNull(
            await queue.PollAsync(Tenant(), "a", null, TimeSpan.Zero, CancellationToken.None)));
        await CountAsync("look of a worker that finds nothing", async () => await queue.PollAsync(
            Tenant(), "a", null, TimeSpan.Zero, CancellationToken.None));
    }

    private async Task CountReadsAsync()
    {
        await CountAsync("describe", async () => await _fixture.Reader.FindAsync(Key(), CancellationToken.None));
        await CountAsync("page of history", async () => await _fixture.Reader.ReadHistoryAsync(
            Key(), reverse: true, new PageRequest(50, null), CancellationToken.None));
        await CountAsync("page of a list", async () => await _fixture.Reader.ListAsync(
            Tenant(), new ExecutionFilter("m", ExecutionStatus.Running), new PageRequest(50, null), CancellationToken.None));
        await CountAsync("count of open ones", async () => await _fixture.Reader.CountOpenAsync(Tenant(), CancellationToken.None));
        ReadOnlyMemory<byte> body = new ExecutionEventMessage(Key(), ExecutionStatus.Running, Noon).ToMessage(New(Key()).Record).Body;
        await CountAsync("keep up to 49 events", async () => await EventLogs.Over(_fixture.Azure).KeepAsync(
            "000000000001", [body], CancellationToken.None));
        var logs = new TableLogStore(_fixture.Azure.Tables, new StorageRetry(new StorageRetryOptions(), TimeProvider.System), TimeProvider.System, TimeSpan.FromDays(90));
        var group = new LogGroup(Tenant(), "g");
        await logs.AppendAsync(group, [new LogEvent("m:e", 1, Noon, "{}")], CancellationToken.None);
        LogEvent[] some = [.. Enumerable.Range(2, 50).Select(id => new LogEvent("m:e", id, Noon, "{}"))];
        await CountAsync("log the events of some turns, up to 50", async () => await logs.AppendAsync(group, some, CancellationToken.None));
    }

    private async Task CountAsync(string step, Func<Task> action)
    {
        StorageCounts counts = _fixture.Azure.Counts;
        counts.Reset();
        await action();
        int[] columns =
        [
            counts.Of(StorageOperationKind.TableFind), counts.Of(StorageOperationKind.TableQuery), counts.Of(StorageOperationKind.TableWrite),
            counts.Of(StorageOperationKind.MessageSend),
        ];
        Assert.Equal(counts.Total, columns.Sum());
        _counted.Add($"| {step} | {string.Join(" | ", columns)} |");
    }

    private static OpenTaskRow ActivityTask(long task)
    {
        var bytes = new ArrayBufferWriter<byte>();
        InvocationCodec.Write(bytes, new InvokeTask(
            new CommandId(task), new TaskResource("arn", ResourceKind.Activity, "states", "a", IntegrationPattern.RequestResponse), "S",
            JsonNull.Instance, 0, null, null, "token"));
        return new OpenTaskRow(new CommandId(task), OpenTaskKind.Activity, Noon, null, "a", bytes.WrittenMemory);
    }
}
