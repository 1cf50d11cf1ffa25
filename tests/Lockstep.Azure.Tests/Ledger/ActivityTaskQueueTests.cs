using System.Buffers;
using Lockstep.Asl.Resources;
using Lockstep.Azure.Activities;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Intents;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Engine.Commands;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service.Activities;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.TestKit.Azure;
using Lockstep.TestKit.Time;
using static Lockstep.Azure.Tests.Ledger.LedgerFixture;

namespace Lockstep.Azure.Tests.Ledger;

public sealed class ActivityTaskQueueTests
{
    private readonly LedgerFixture _fixture = new();
    private readonly ManualTimeProvider _time = new(Noon);

    [Fact]
    public async Task Tasks_are_handed_out_oldest_first_once_each_with_token_and_input()
    {
        ExecutionKey key = await OfferAsync(3, 1, 2);
        Assert.Equal(("token 1", "token 2", "token 3"), (await PollAsync(), await PollAsync(), await PollAsync()));
        Assert.Null(await PollAsync());
        Assert.Equal(
            [1L, 2, 3], (await _fixture.InboxAsync(key)).Select(item => Assert.IsType<ActivityTaken>(item.Stimulus).Task.Ordinal).Order());
        Assert.DoesNotContain(_fixture.Azure.Tables.All(TableName.Activities), row => row.Key.Partition.Contains("|q|", StringComparison.Ordinal));
        Assert.NotEmpty(_fixture.Azure.Tables.All(TableName.Intents));
        Assert.Equal(3, _fixture.Azure.Messages.Pending.Count(message => message.Route == MessageRoute.Callbacks));
    }

    [Fact]
    public async Task Taking_is_in_the_inbox_before_the_task_is_handed_out()
    {
        ExecutionKey key = await OfferAsync(1);
        ActivityTask? task = await Queue().PollAsync(Tenant(), "a", "Ada", TimeSpan.Zero, CancellationToken.None);
        Assert.Equal(("token 1", "1"), (task?.TaskToken, task?.Input));
        Assert.Equal(new ActivityTaken(Noon, new CommandId(1), "Ada"), Assert.Single(await _fixture.InboxAsync(key)).Stimulus);
    }

    [Fact]
    public async Task Of_two_workers_at_the_same_time_one_gets_the_task()
    {
        for (int call = 1; call <= 8; call++)
        {
            var fixture = new ActivityTaskQueueTests();
            await fixture.OfferAsync(1);
            int calls = 0;
            string? second = null;
            fixture._fixture.Azure.Before = async _ =>
            {
                if (++calls == call)
                {
                    second = await fixture.PollAsync();
                }
            };
            string? first = await fixture.PollAsync();
            fixture._fixture.Azure.Before = null;
            string? third = await fixture.PollAsync();
            Assert.Single([first, second, third], token => token is not null);
        }
    }

    [Fact]
    public async Task Task_whose_worker_died_on_the_way_goes_to_another_when_the_lease_is_over()
    {
        for (int call = 1; call <= 10; call++)
        {
            foreach (Fault fault in (Fault[])[Fault.BeforeEffect, Fault.AnswerLost, Fault.SentTwice])
            {
                var fixture = new ActivityTaskQueueTests();
                ExecutionKey key = await fixture.OfferAsync(1);
                fixture._fixture.Azure.Faults = Faults.Once(call, fault);
                string? first = null;
                try
                {
                    first = await fixture.PollAsync();
                }
                catch (StorageUnavailableException)
                {
                    // The worker asks again, later.
                }

                fixture._fixture.Azure.Faults = Faults.None;
                fixture._time.Advance(ActivityTaskQueue.Lease);
                string? second = await fixture.PollAsync();

                Assert.True(first is null != second is null, $"{fault} at call {call}: {first ?? "none"}, then {second ?? "none"}.");
                Assert.Single(await fixture._fixture.InboxAsync(key));
            }
        }
    }

    [Theory]
    [InlineData(1, "token 1")]
    [InlineData(31, null)]
    public async Task Offer_that_is_gone_when_its_removal_is_tried_again_was_removed_by_its_worker_only_within_the_lease(int seconds, string? handedOut)
    {
        var plain = new ActivityTaskQueueTests();
        await plain.OfferAsync(1);
        plain._fixture.Azure.Faults = Faults.None;
        await plain.PollAsync();

        await OfferAsync(1);
        Faults faults = _fixture.Azure.Faults = Faults.Once(plain._fixture.Azure.Faults.Calls, Fault.AnswerLost);
        bool isLater = false;
        _fixture.Azure.Before = _ =>
        {
            if (faults.Injected > 0 && !isLater)
            {
                isLater = true;
                _time.Advance(TimeSpan.FromSeconds(seconds));
            }

            return Task.CompletedTask;
        };
        Assert.Equal(handedOut, await PollAsync());
        Assert.True(isLater);
    }

    [Fact]
    public async Task Offer_that_was_repeated_after_it_was_used_up_hands_nothing_out()
    {
        ExecutionKey key = await OfferAsync(1);
        Assert.NotNull(await PollAsync());
        await Queue().OfferAsync(key, [ActivityTask(1)], CancellationToken.None);
        Assert.Null(await PollAsync());
        Assert.Single(await _fixture.InboxAsync(key));
    }

    [Fact]
    public async Task Task_that_was_given_up_is_not_handed_out_and_its_offer_is_cleared_away()
    {
        ExecutionKey key = await OfferAsync(1, 2);
        await _fixture.AppendAsync(key, Batch(1, Turns(2, 1)) with { Closes = [new CommandId(1)] });
        Assert.Equal("token 2", await PollAsync());
        Assert.Null(await PollAsync());
        Assert.Empty(_fixture.Azure.Tables.All(TableName.Activities));
    }

    [Fact]
    public async Task Worker_that_waits_gets_what_is_offered_in_its_own_process_at_once()
    {
        ActivityTaskQueue queue = Queue();
        ExecutionKey key = await _fixture.StartAsync();
        await _fixture.AppendAsync(key, Batch(1, Turns(1, 1)) with { Opens = [ActivityTask(1)] });
        Task<ActivityTask?> poll = queue.PollAsync(Tenant(), "a", null, TimeSpan.FromSeconds(60), CancellationToken.None).AsTask();
        await queue.OfferAsync(key, [ActivityTask(1)], CancellationToken.None);
        Assert.NotNull(await poll);
    }

    [Fact]
    public async Task Poll_that_finds_nothing_ends_when_its_wait_is_over()
    {
        Task<ActivityTask?> poll = Queue().PollAsync(Tenant(), "a", null, TimeSpan.FromSeconds(60), CancellationToken.None).AsTask();
        while (!poll.IsCompleted)
        {
            if (_time.NextDue is { } due)
            {
                Assert.InRange(due, Noon, Noon.AddSeconds(60));
                _time.Advance(due - _time.GetUtcNow());
            }

            await Task.Yield();
        }

        Assert.Null(await poll);
    }

    [Fact]
    public async Task Cancelled_poll_takes_nothing()
    {
        ExecutionKey key = await OfferAsync(1);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await Queue().PollAsync(Tenant(), "a", null, TimeSpan.Zero, cancelled.Token));
        Assert.Empty(await _fixture.InboxAsync(key));
        Assert.NotNull(await PollAsync());
    }

    [Fact]
    public async Task Queues_of_tenants_and_activities_are_apart()
    {
        await OfferAsync(1);
        Assert.Null(await Queue().PollAsync(Tenant(2), "a", null, TimeSpan.Zero, CancellationToken.None));
        Assert.Null(await Queue().PollAsync(Tenant(), "b", null, TimeSpan.Zero, CancellationToken.None));
    }

    private ActivityTaskQueue Queue() => new(_fixture.Azure.Tables, _fixture.Azure.Blobs, new ActivityQueueParts(
        new TableIntents(_fixture.Azure.Tables), _fixture.Azure.Messages, _time, TimeSpan.FromMinutes(1),
        new StorageRetry(new StorageRetryOptions { FirstDelay = TimeSpan.Zero }, _time), (_, _) => { }));

    private async Task<ExecutionKey> OfferAsync(params long[] tasks)
    {
        ExecutionKey key = await _fixture.StartAsync();
        OpenTaskRow[] rows = [.. tasks.Select(ActivityTask)];
        await _fixture.AppendAsync(key, Batch(1, Turns(1, 1)) with { Opens = [.. rows] });
        await Queue().OfferAsync(key, rows, CancellationToken.None);
        _fixture.Azure.Messages.LoseAll();
        return key;
    }

    private async Task<string?> PollAsync() =>
        (await Queue().PollAsync(Tenant(), "a", null, TimeSpan.Zero, CancellationToken.None))?.TaskToken;

    private static OpenTaskRow ActivityTask(long task)
    {
        var bytes = new ArrayBufferWriter<byte>();
        InvocationCodec.Write(bytes, new InvokeTask(
            new CommandId(task),
            new TaskResource("arn", ResourceKind.Activity, "states", "a", IntegrationPattern.RequestResponse),
            "S",
            JsonValue.Parse(task.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            0,
            null,
            null,
            $"token {task}"));
        return new OpenTaskRow(new CommandId(task), OpenTaskKind.Activity, Noon.AddSeconds(-100 + task), null, "a", bytes.WrittenMemory);
    }
}
