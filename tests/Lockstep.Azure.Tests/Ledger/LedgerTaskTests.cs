using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Engine;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.TestKit.Azure;
using static Lockstep.Azure.Tests.Ledger.LedgerFixture;

namespace Lockstep.Azure.Tests.Ledger;

public sealed class LedgerTaskTests
{
    private static readonly CommandId _task = new(5);

    private readonly LedgerFixture _fixture = new();

    [Fact]
    public async Task First_outcome_wins_and_the_same_one_again_is_accepted_again()
    {
        ExecutionKey key = await StartWithTaskAsync();
        Assert.Null(await ReportAsync(key, Success(5, "1")));
        Assert.Null(await ReportAsync(key, Success(5, "1", Noon.AddHours(2))));
        Assert.Equal(ErrorCodes.TaskTimedOut, await ReportAsync(key, Success(5, "2")));
        Assert.Equal(ErrorCodes.TaskTimedOut, await ReportAsync(key, new TaskFailed(Noon, _task, "E", null)));
        Assert.Equal(Success(5, "1"), Assert.Single(await _fixture.InboxAsync(key)).Stimulus);
    }

    [Fact]
    public async Task Report_is_two_reads_and_one_transaction()
    {
        ExecutionKey key = await StartWithTaskAsync();
        _fixture.Azure.Counts.Reset();
        await ReportAsync(key, Success(5));
        Assert.Equal((2, 1, 3), (
            _fixture.Azure.Counts.Of(StorageOperationKind.TableFind), _fixture.Azure.Counts.Of(StorageOperationKind.TableWrite), _fixture.Azure.Counts.Total));
    }

    [Fact]
    public async Task Of_two_reports_at_the_same_time_one_wins()
    {
        ExecutionKey key = await StartWithTaskAsync();
        string? other = "none";
        SlipIn(StorageOperationKind.TableWrite, async () => other = await ReportAsync(key, Success(5, "2")));
        string? first = await ReportAsync(key, Success(5, "1"));
        Assert.Equal((ErrorCodes.TaskTimedOut, null), (first, other));
        Assert.Equal(Success(5, "2"), Assert.Single(await _fixture.InboxAsync(key)).Stimulus);
    }

    [Fact]
    public async Task Claim_competes_with_the_report()
    {
        ExecutionKey key = await StartWithTaskAsync();
        string? report = "none";
        SlipIn(StorageOperationKind.TableWrite, async () => report = await ReportAsync(key, Success(5)));
        Assert.IsType<ReportedBefore>(await ClaimAsync(key, ClaimReason.Timeout, Noon));
        Assert.Null(report);
        Assert.IsType<ReportedBefore>(await ClaimAsync(key, ClaimReason.Heartbeat, Noon));
    }

    [Theory]
    [InlineData(ClaimReason.Timeout)]
    [InlineData(ClaimReason.Heartbeat)]
    public async Task Claimed_task_refuses_reports_and_answers_the_same_timer_alike(ClaimReason reason)
    {
        ExecutionKey key = await StartWithTaskAsync();
        Assert.IsType<Claimed>(await ClaimAsync(key, reason, Noon));
        Assert.IsType<Claimed>(await ClaimAsync(key, reason, Noon));
        ClaimReason other = reason == ClaimReason.Timeout ? ClaimReason.Heartbeat : ClaimReason.Timeout;
        Assert.IsType<ReportedBefore>(await ClaimAsync(key, other, Noon));
        Assert.Equal(ErrorCodes.TaskTimedOut, await ReportAsync(key, Success(5)));
        Assert.Equal(ErrorCodes.TaskTimedOut, await HeartbeatAsync(key, Noon));
        Assert.Empty(await _fixture.InboxAsync(key));
    }

    [Fact]
    public async Task Heartbeat_moves_the_deadline_of_its_own_timer_only_and_wakes_nobody()
    {
        ExecutionKey key = await StartWithTaskAsync(heartbeatSeconds: 10);
        Assert.Null(await HeartbeatAsync(key, Noon.AddSeconds(5)));
        Assert.Null(await HeartbeatAsync(key, Noon.AddSeconds(3)));
        Assert.Empty(await _fixture.InboxAsync(key));
        Assert.Equal(new StillAlive(Noon.AddSeconds(15)), await ClaimAsync(key, ClaimReason.Heartbeat, Noon.AddSeconds(14)));
        Assert.IsType<Claimed>(await ClaimAsync(key, ClaimReason.Heartbeat, Noon.AddSeconds(15)));
    }

    [Fact]
    public async Task Heartbeats_do_not_hold_up_the_timeout()
    {
        ExecutionKey key = await StartWithTaskAsync(heartbeatSeconds: 10);
        await HeartbeatAsync(key, Noon);
        Assert.IsType<Claimed>(await ClaimAsync(key, ClaimReason.Timeout, Noon));
    }

    [Fact]
    public async Task Report_for_a_task_that_is_over_has_timed_out_and_for_one_that_never_was_it_does_not_exist()
    {
        ExecutionKey key = await _fixture.StartAsync();
        await _fixture.AppendAsync(key, Batch(1, Turns(1, 1)) with { Opens = [Open(5)], LastCommand = 7 });

        Assert.Equal(ErrorCodes.TaskTimedOut, await ReportAsync(key, Success(7)));
        Assert.Equal(ErrorCodes.TaskDoesNotExist, await ReportAsync(key, Success(8)));
        Assert.Equal(ErrorCodes.TaskDoesNotExist, await ReportAsync(key, Success(0)));
        Assert.Equal(ErrorCodes.TaskDoesNotExist, await ReportAsync(Key("other"), Success(5)));
        Assert.Equal(ErrorCodes.TaskDoesNotExist, await ReportAsync(Key(tenant: 2), Success(5)));
        await _fixture.AppendAsync(key, Batch(1, Turns(2, 1)) with { Closes = [_task] });
        Assert.Equal(ErrorCodes.TaskTimedOut, await ReportAsync(key, Success(5)));
        Assert.IsType<ReportedBefore>(await ClaimAsync(key, ClaimReason.Timeout, Noon));
    }

    [Fact]
    public async Task After_the_end_every_report_has_timed_out_and_no_task_is_open()
    {
        ExecutionKey key = await StartWithTaskAsync();
        await _fixture.AppendAsync(key, Batch(1, Turns(2, 1)) with { End = Succeed() });
        Assert.Equal(ErrorCodes.TaskTimedOut, await ReportAsync(key, Success(5)));
        Assert.Equal(ErrorCodes.TaskTimedOut, await HeartbeatAsync(key, Noon));
        Assert.Null(await _fixture.Ledger.FindOpenTaskAsync(key, _task, CancellationToken.None));
    }

    [Fact]
    public async Task Activity_is_taken_before_its_outcome_and_counts_its_heartbeats_from_then()
    {
        ExecutionKey key = await StartWithTaskAsync(heartbeatSeconds: 10, kind: OpenTaskKind.Activity);
        var taken = new ActivityTaken(Noon.AddMinutes(5), _task, "Ada");
        Assert.Null(await ReportAsync(key, taken));
        Assert.Null(await ReportAsync(key, taken));
        Assert.Equal(new StillAlive(Noon.AddSeconds(310)), await ClaimAsync(key, ClaimReason.Heartbeat, Noon.AddSeconds(309)));

        // The reporting worker's clock is behind.
        Assert.Null(await ReportAsync(key, Success(5, time: Noon)));
        Assert.Equal([taken, Success(5, time: Noon)], (await _fixture.InboxAsync(key)).Select(item => item.Stimulus));
    }

    [Fact]
    public async Task Open_task_shows_what_is_called_however_large()
    {
        ExecutionKey key = await _fixture.StartAsync();
        await _fixture.AppendAsync(key, Batch(1, Turns(1, 1)) with
        {
            Opens = [Open(1, OpenTaskKind.Queued, invocation: 10), Open(2, OpenTaskKind.Queued, 30, invocation: Bodies.MaxInlineBytes + 1)],
        });
        OpenTaskRow? small = await _fixture.Ledger.FindOpenTaskAsync(key, new CommandId(1), CancellationToken.None);
        OpenTaskRow? large = await _fixture.Ledger.FindOpenTaskAsync(key, new CommandId(2), CancellationToken.None);
        Assert.Equal((10, OpenTaskKind.Queued, null), (small?.Invocation?.Length, small?.Kind, small?.HeartbeatSeconds));
        Assert.Equal((Bodies.MaxInlineBytes + 1, 30), (large?.Invocation?.Length, large?.HeartbeatSeconds));
        Assert.Single(_fixture.Azure.Blobs.Names);
    }

    [Fact]
    public async Task Stop_is_requested_once_and_not_after_the_end()
    {
        ExecutionKey key = await _fixture.StartAsync();
        Assert.True(await StopAsync(key, "first"));
        Assert.True(await StopAsync(key, "second"));
        InboxItem item = Assert.Single(await _fixture.InboxAsync(key));
        Assert.Equal("first", Assert.IsType<StopRequested>(item.Stimulus).Error);
        await _fixture.AppendAsync(key, Batch(1, Turns(1, 1)) with { Taken = [item.Id] });
        Assert.True(await StopAsync(key, "third"));
        Assert.Empty(await _fixture.InboxAsync(key));
        await _fixture.AppendAsync(key, Batch(1, Turns(2, 1)) with { End = Succeed() });
        Assert.False(await StopAsync(key, "late"));
        Assert.False(await StopAsync(Key("none"), "none"));
    }

    [Fact]
    public async Task Inbox_is_read_oldest_first_in_bounded_pages_without_what_is_known()
    {
        ExecutionKey key = await _fixture.StartAsync();
        await _fixture.AppendAsync(key, Batch(1, Turns(1, 1)) with { Opens = [.. Enumerable.Range(1, 4).Select(task => Open(task))] });
        foreach (int task in (int[])[3, 1, 4, 2])
        {
            await ReportAsync(key, Success(task, $"\"{new string('x', task == 4 ? 50_000 : 10)}\"", Noon.AddMinutes(task)));
        }

        InboxPage two = await _fixture.Ledger.ReadInboxAsync(key, [], 2, int.MaxValue, CancellationToken.None);
        Assert.Equal([1L, 2], Tasks(two));
        Assert.True(two.HasMore);
        InboxPage rest = await _fixture.Ledger.ReadInboxAsync(key, [.. two.Items.Select(item => item.Id)], 2, int.MaxValue, CancellationToken.None);
        Assert.Equal([3L, 4], Tasks(rest));
        Assert.False(rest.HasMore);
        InboxPage one = await _fixture.Ledger.ReadInboxAsync(key, [two.Items[0].Id], 100, 1, CancellationToken.None);
        Assert.Equal([2L], Tasks(one));
        Assert.True(one.HasMore);

        Assert.Single(_fixture.Azure.Blobs.Names);
        await _fixture.AppendAsync(key, Batch(1, Turns(2, 1)) with { Taken = [.. two.Items.Concat(rest.Items).Select(item => item.Id), "gone"] });
        Assert.Empty(_fixture.Azure.Blobs.Names);
        Assert.Empty(await _fixture.InboxAsync(key));
    }

    private static IEnumerable<long> Tasks(InboxPage page) => page.Items.Select(item => ((TaskSucceeded)item.Stimulus).Task.Ordinal);

    private async Task<ExecutionKey> StartWithTaskAsync(long? heartbeatSeconds = null, OpenTaskKind kind = OpenTaskKind.Callback)
    {
        ExecutionKey key = await _fixture.StartAsync();
        await _fixture.AppendAsync(key, Batch(1, Turns(1, 1)) with { Opens = [Open(5, kind, heartbeatSeconds, kind == OpenTaskKind.Activity ? "a" : null)] });
        return key;
    }

    /// <summary>Does something right before the next call of a kind.</summary>
    private void SlipIn(StorageOperationKind kind, Func<Task> action) => _fixture.Azure.Before = async operation =>
    {
        if (operation.Kind == kind)
        {
            _fixture.Azure.Before = null;
            await action();
        }
    };

    private async Task<string?> ReportAsync(ExecutionKey key, Stimulus outcome) =>
        (await _fixture.Ledger.ReportAsync(key, TaskOf(outcome), outcome, CancellationToken.None)).Error?.Code;

    private static CommandId TaskOf(Stimulus outcome) => outcome switch
    {
        TaskSucceeded succeeded => succeeded.Task,
        TaskFailed failed => failed.Task,
        ActivityTaken taken => taken.Task,
        _ => throw new ArgumentException("No outcome.", nameof(outcome)),
    };

    private async Task<string?> HeartbeatAsync(ExecutionKey key, DateTimeOffset now) =>
        (await _fixture.Ledger.HeartbeatAsync(key, _task, now, CancellationToken.None)).Error?.Code;

    private async Task<ClaimOutcome> ClaimAsync(ExecutionKey key, ClaimReason reason, DateTimeOffset now) =>
        await _fixture.Ledger.ClaimAsync(key, _task, reason, now, CancellationToken.None);

    private async Task<bool> StopAsync(ExecutionKey key, string error) =>
        await _fixture.Ledger.RequestStopAsync(key, new StopRequested(Noon, error, null), null, CancellationToken.None);
}
