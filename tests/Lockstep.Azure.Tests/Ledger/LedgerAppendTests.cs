using System.Collections.Immutable;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.TestKit.Azure;
using static Lockstep.Azure.Tests.Ledger.LedgerFixture;

namespace Lockstep.Azure.Tests.Ledger;

public sealed class LedgerAppendTests
{
    private readonly LedgerFixture _fixture = new();

    [Fact]
    public async Task Append_of_turns_tasks_and_taken_items_is_one_read_and_one_transaction()
    {
        ExecutionKey key = await _fixture.StartAsync();
        await _fixture.AppendAsync(key, Batch(1, Turns(1, 1)) with { Opens = [Open(1), Open(2)] });
        await _fixture.Ledger.ReportAsync(key, new CommandId(1), Success(1), CancellationToken.None);
        InboxItem item = Assert.Single(await _fixture.InboxAsync(key));
        _fixture.Azure.Counts.Reset();

        AppendOutcome outcome = await _fixture.AppendAsync(
            key, Batch(1, Turns(2, 10)) with { Opens = [Open(3)], Closes = [new CommandId(2)], Taken = [item.Id] });

        Assert.Equal(new Appended(11, Turns(11, 1)[0].Chain), outcome);
        Assert.Equal(1, _fixture.Azure.Counts.Of(StorageOperationKind.TableWrite));
        Assert.Equal(1, _fixture.Azure.Counts.Of(StorageOperationKind.TableFind));
        Assert.Equal(2, _fixture.Azure.Counts.Total);
        Assert.Empty(await _fixture.InboxAsync(key));
        Assert.NotNull(await _fixture.Ledger.FindOpenTaskAsync(key, new CommandId(3), CancellationToken.None));
        Assert.Null(await _fixture.Ledger.FindOpenTaskAsync(key, new CommandId(2), CancellationToken.None));
    }

    [Fact]
    public async Task Repeated_and_overlapping_turns_change_nothing_that_is_durable()
    {
        ExecutionKey key = await _fixture.StartAsync();
        await _fixture.AppendAsync(key, Batch(1, Turns(1, 3)));

        Assert.Equal(new Appended(3, Turns(3, 1)[0].Chain), await _fixture.AppendAsync(key, Batch(1, Turns(1, 3))));
        Assert.Equal(new Appended(3, Turns(3, 1)[0].Chain), await _fixture.AppendAsync(key, Batch(1, Turns(2, 1))));
        Assert.Equal(new Appended(5, Turns(5, 1)[0].Chain), await _fixture.AppendAsync(key, Batch(1, Turns(2, 4))));
        LedgerHead head = await _fixture.HeadAsync(key);
        Assert.Equal((5, 10), (head.LastTurn, head.LastEventId));
        Assert.Equal(5, head.Record.Transitions);
    }

    [Fact]
    public async Task An_append_says_which_turns_it_has_made_durable_itself()
    {
        ExecutionKey key = await _fixture.StartAsync();
        List<long> told = [];
        foreach (ImmutableArray<TurnRecord> turns in new[] { Turns(1, 3), Turns(1, 3), Turns(2, 4), Turns(6, 120), Turns(120, 6) })
        {
            await _fixture.AppendAsync(key, Batch(1, turns) with { OnDurable = turn => told.Add(turn.Turn) });
        }

        Assert.Equal(Enumerable.Range(1, 125).Select(turn => (long)turn), told);
    }

    [Fact]
    public async Task Turn_that_does_not_follow_is_a_gap_and_writes_nothing()
    {
        ExecutionKey key = await _fixture.StartAsync();
        await _fixture.AppendAsync(key, Batch(1, Turns(1, 2)));
        Assert.Equal(new AppendGap(2), await _fixture.AppendAsync(key, Batch(1, Turns(4, 1))));
        Assert.Equal(2, (await _fixture.HeadAsync(key)).LastTurn);
    }

    [Fact]
    public async Task Older_epoch_is_fenced_off_and_a_later_one_takes_over()
    {
        ExecutionKey key = await _fixture.StartAsync();
        Assert.True(await _fixture.Ledger.BeginEpochAsync(key, 2, CancellationToken.None));
        Assert.True(await _fixture.Ledger.BeginEpochAsync(key, 2, CancellationToken.None));
        Assert.False(await _fixture.Ledger.BeginEpochAsync(key, 1, CancellationToken.None));
        Assert.Equal(new FencedOff(2), await _fixture.AppendAsync(key, Batch(1, Turns(1, 1))));
        Assert.IsType<Appended>(await _fixture.AppendAsync(key, Batch(3, Turns(1, 1))));
        Assert.Equal(new FencedOff(3), await _fixture.AppendAsync(key, Batch(2, Turns(1, 1))));
        Assert.IsType<Appended>(await _fixture.AppendAsync(key, Batch(4, [])));
        Assert.Equal(4, (await _fixture.HeadAsync(key)).Epoch);
    }

    [Fact]
    public async Task Append_that_read_the_head_before_a_later_epoch_began_writes_nothing()
    {
        ExecutionKey key = await _fixture.StartAsync();
        _fixture.Azure.Before = async operation =>
        {
            if (operation.Kind == StorageOperationKind.TableWrite)
            {
                _fixture.Azure.Before = null;
                await _fixture.Ledger.BeginEpochAsync(key, 2, CancellationToken.None);
            }
        };
        Assert.Equal(new FencedOff(2), await _fixture.AppendAsync(key, Batch(1, Turns(1, 1))));
        Assert.Equal(0, (await _fixture.HeadAsync(key)).LastTurn);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(2)]
    public async Task Turn_with_another_chain_has_diverged(int turn)
    {
        ExecutionKey key = await _fixture.StartAsync();
        ImmutableArray<TurnRecord> turns = Turns(1, 3);
        await _fixture.AppendAsync(key, Batch(1, turns[..2]));
        await _fixture.AppendAsync(key, Batch(1, turns[2..]));

        TurnRecord other = turns[turn - 1] with { Chain = 99 };
        Assert.Equal(new Diverged(turn, turns[turn - 1].Chain, 99), await _fixture.AppendAsync(key, Batch(1, [other])));
    }

    [Fact]
    public async Task Turn_that_follows_other_events_has_diverged()
    {
        ExecutionKey key = await _fixture.StartAsync();
        await _fixture.AppendAsync(key, Batch(1, Turns(1, 2)));
        Assert.IsType<Diverged>(await _fixture.AppendAsync(key, Batch(1, [Turn(3, 9, 1, 0)])));
        Assert.IsType<Diverged>(await _fixture.AppendAsync(key, Batch(1, [Turn(1, 7, 1, 0)])));
    }

    [Fact]
    public async Task Chains_are_compared_across_turns_without_events()
    {
        ExecutionKey key = await _fixture.StartAsync();
        ImmutableArray<TurnRecord> turns = Turns(1, 30, events: 0);
        foreach (TurnRecord turn in turns)
        {
            Assert.IsType<Appended>(await _fixture.AppendAsync(key, Batch(1, [turn])));
        }

        Assert.Equal(new Appended(30, turns[^1].Chain), await _fixture.AppendAsync(key, Batch(1, [turns[24]])));
        Assert.IsType<Diverged>(await _fixture.AppendAsync(key, Batch(1, [turns[24] with { Chain = 1 }])));
    }

    [Fact]
    public async Task Execution_ends_once_together_with_its_event()
    {
        ExecutionKey key = await _fixture.StartAsync();
        AppendBatch end = Batch(1, Turns(1, 2)) with { End = Succeed("""{"a":1}""") };
        _fixture.Azure.Counts.Reset();
        Assert.IsType<Appended>(await _fixture.AppendAsync(key, end));

        // One for everything, and one that empties the outbox when the topic has the events.
        Assert.Equal(2, _fixture.Azure.Counts.Of(StorageOperationKind.TableWrite, "Executions"));

        LedgerHead head = await _fixture.HeadAsync(key);
        Assert.Equal((ExecutionStatus.Succeeded, """{"a":1}"""), (head.Record.Status, head.Record.Output));
        Assert.Equal(Noon.AddHours(1), head.Record.StoppedAt);
        Assert.IsType<Appended>(await _fixture.AppendAsync(key, end));
        Assert.IsType<Appended>(await _fixture.AppendAsync(key, Batch(1, Turns(1, 1))));
        Assert.Equal(new AlreadyEnded(2), await _fixture.AppendAsync(key, Batch(1, Turns(3, 1))));
        Assert.Equal(new AlreadyEnded(2), await _fixture.AppendAsync(key, Batch(1, Turns(1, 1)) with { End = Succeed() }));
        Assert.Equal(new AlreadyEnded(2), await _fixture.AppendAsync(key, Batch(1, [])));
        Assert.Equal(2, _fixture.Azure.Messages.Pending.Count);
    }

    [Fact]
    public async Task Failure_keeps_error_and_cause_of_any_length()
    {
        ExecutionKey key = await _fixture.StartAsync();
        string cause = new('c', 300_000);
        await _fixture.AppendAsync(key, Batch(1, Turns(1, 1)) with { End = new ExecutionEnd(ExecutionStatus.Failed, Noon, null, "E", cause) });
        LedgerHead head = await _fixture.HeadAsync(key);
        Assert.Equal(("E", cause, null), (head.Record.Error, head.Record.Cause, head.Record.Output));
    }

    [Fact]
    public async Task Execution_without_turns_ends_once_too()
    {
        ExecutionKey key = await _fixture.StartAsync();
        AppendBatch end = Batch(1, []) with { End = Succeed() };
        Assert.IsType<Appended>(await _fixture.AppendAsync(key, end));
        Assert.IsType<Appended>(await _fixture.AppendAsync(key, end));
        Assert.Equal(new AlreadyEnded(0), await _fixture.AppendAsync(key, end with { End = Succeed("2") }));
    }

    [Theory]
    [InlineData(99, 1)]
    [InlineData(100, 2)]
    public async Task Entities_beyond_the_limit_of_a_transaction_go_into_a_second_one(int entities, int transactions)
    {
        ExecutionKey key = await _fixture.StartAsync();
        await _fixture.AppendAsync(key, Batch(1, Turns(1, 1)));
        _fixture.Azure.Counts.Reset();
        AppendBatch batch = Batch(1, Turns(2, 1)) with { Opens = [.. Enumerable.Range(1, entities - 1).Select(task => Open(task))] };
        Assert.IsType<Appended>(await _fixture.AppendAsync(key, batch));
        Assert.Equal(transactions, _fixture.Azure.Counts.Of(StorageOperationKind.TableWrite));
        Assert.NotNull(await _fixture.Ledger.FindOpenTaskAsync(key, new CommandId(entities - 1), CancellationToken.None));
    }

    [Fact]
    public async Task Bytes_beyond_the_limit_of_a_transaction_go_into_a_second_one()
    {
        ExecutionKey key = await _fixture.StartAsync();
        ImmutableArray<TurnRecord> turns = Turns(1, 91, events: 1, payload: 32_000);
        await _fixture.AppendAsync(key, Batch(1, turns[..1]));
        _fixture.Azure.Counts.Reset();
        Assert.IsType<Appended>(await _fixture.AppendAsync(key, Batch(1, turns[1..])));
        Assert.Equal(2, _fixture.Azure.Counts.Of(StorageOperationKind.TableWrite));
        Assert.Equal(91, (await _fixture.HeadAsync(key)).LastTurn);
        Assert.Empty(_fixture.Azure.Blobs.Names);
    }

    [Fact]
    public async Task Batch_that_was_cut_off_between_transactions_is_completed_by_repeating_it()
    {
        for (int call = 1; call <= 12; call++)
        {
            foreach (Fault fault in (Fault[])[Fault.BeforeEffect, Fault.AnswerLost])
            {
                var fixture = new LedgerFixture();
                ExecutionKey key = await fixture.StartAsync();
                AppendBatch batch = Batch(1, Turns(1, 12, payload: 20_000)) with { Opens = [.. Enumerable.Range(1, 250).Select(task => Open(task))] };
                fixture.Azure.Faults = Faults.Once(call, fault);
                await RepeatAsync(() => fixture.AppendAsync(key, batch));
                fixture.Azure.Faults = Faults.None;

                Assert.Equal(12, (await fixture.HeadAsync(key)).LastTurn);
                Assert.Equal(250, fixture.Azure.Tables.All(TableName.Executions).Count(row => row.Key.Row.StartsWith("t|", StringComparison.Ordinal)));
            }
        }
    }

    [Fact]
    public async Task Opens_of_a_batch_that_a_longer_one_overtook_are_written_all_the_same()
    {
        ExecutionKey key = await _fixture.StartAsync();
        AppendBatch first = Batch(1, Turns(1, 1)) with { Opens = [Open(1)] };
        await _fixture.AppendAsync(key, Batch(1, Turns(1, 2)) with { Opens = [Open(2)] });
        Assert.IsType<Appended>(await _fixture.AppendAsync(key, first));
        Assert.NotNull(await _fixture.Ledger.FindOpenTaskAsync(key, new CommandId(1), CancellationToken.None));
    }

    [Fact]
    public async Task Late_repetition_does_not_open_a_task_again_that_is_closed()
    {
        ExecutionKey key = await _fixture.StartAsync();
        AppendBatch first = Batch(1, Turns(1, 1)) with { Opens = [Open(1)] };
        await _fixture.AppendAsync(key, first);
        await _fixture.AppendAsync(key, Batch(1, Turns(2, 1)) with { Closes = [new CommandId(1)] });
        await _fixture.AppendAsync(key, first);
        Assert.Null(await _fixture.Ledger.FindOpenTaskAsync(key, new CommandId(1), CancellationToken.None));
    }

    [Fact]
    public async Task Turn_over_the_limit_of_a_row_goes_into_a_blob_and_smaller_ones_share_a_page()
    {
        ExecutionKey key = await _fixture.StartAsync();
        await _fixture.AppendAsync(key, Batch(1, Turns(1, 1, events: 1, payload: 40_000)));
        Assert.StartsWith("000000000001/x/m:one/h/", Assert.Single(_fixture.Azure.Blobs.Names), StringComparison.Ordinal);
        await _fixture.AppendAsync(key, Batch(1, [Turn(2, 2, 1, 0), Turn(3, 3, 1, 0)]));
        Assert.Equal(2, _fixture.Azure.Tables.All(TableName.Executions).Count(row => row.Key.Row.StartsWith("h|", StringComparison.Ordinal)));
        Assert.Single(_fixture.Azure.Blobs.Names);
    }

    [Fact]
    public void Page_holds_exactly_what_a_row_may()
    {
        TurnRecord[] turns = [NewTurn(1, 16_000), NewTurn(2, Bodies.MaxInlineBytes - 1 - 16_000 - (2 * 44))];
        Assert.Equal(Bodies.MaxInlineBytes, TurnPage.Write([.. turns]).Length);
        Assert.Single(TurnPage.Group(turns, Bodies.MaxInlineBytes));
        turns[1] = NewTurn(2, turns[1].Bytes.Length + 1);
        Assert.Equal(2, TurnPage.Group(turns, Bodies.MaxInlineBytes).Count);
        Assert.Equal(turns.Select(turn => turn.Turn), TurnPage.Group(turns, Bodies.MaxInlineBytes).SelectMany(page => TurnPage.Read(TurnPage.Write(page))).Select(turn => turn.Turn));

        static TurnRecord NewTurn(long turn, int bytes) => new(turn, turn, 1, turn, 0, new byte[bytes]);
    }

    [Fact]
    public async Task Batch_with_a_hole_in_it_is_a_defect_of_the_sender()
    {
        ExecutionKey key = await _fixture.StartAsync();
        await Assert.ThrowsAsync<ArgumentException>(async () => await _fixture.AppendAsync(key, Batch(1, [Turns(1, 1)[0], Turns(3, 1)[0]])));
    }

    [Fact]
    public async Task Execution_that_is_not_there_is_fenced_off() =>
        Assert.Equal(new FencedOff(0), await _fixture.AppendAsync(Key("none"), Batch(1, Turns(1, 1))));

    [Fact]
    public async Task Quarantined_execution_takes_no_more_turns_shows_as_running_and_refuses_reports()
    {
        ExecutionKey key = await _fixture.StartAsync();
        await _fixture.AppendAsync(key, Batch(1, Turns(1, 1)) with { Opens = [Open(1)] });
        await _fixture.Ledger.QuarantineAsync(key, new string('q', TableExecutionLedger.MaxReasonLength + 1), CancellationToken.None);
        await _fixture.Ledger.QuarantineAsync(key, "later", CancellationToken.None);

        LedgerHead head = await _fixture.HeadAsync(key);
        Assert.Equal(new string('q', TableExecutionLedger.MaxReasonLength), head.Quarantine);
        Assert.Equal(ExecutionStatus.Running, head.Record.Status);
        Assert.IsType<FencedOff>(await _fixture.AppendAsync(key, Batch(1, Turns(2, 1))));
        Assert.False(await _fixture.Ledger.BeginEpochAsync(key, 5, CancellationToken.None));
        Result<Accepted> report = await _fixture.Ledger.ReportAsync(key, new CommandId(1), Success(1), CancellationToken.None);
        Assert.Equal(ErrorCodes.Conflict, report.Error?.Code);
    }

    [Fact]
    public async Task State_parts_are_kept_by_epoch_and_dropped_before_one()
    {
        ExecutionKey key = await _fixture.StartAsync();
        byte[] limit = new byte[LedgerStates.MaxPartBytes];
        await _fixture.Ledger.SaveStatePartAsync(key, 2, 0, limit, CancellationToken.None);
        await _fixture.Ledger.SaveStatePartAsync(key, 2, 1, new byte[] { 1 }, CancellationToken.None);
        await _fixture.Ledger.SaveStatePartAsync(key, 10, 0, new byte[] { 2 }, CancellationToken.None);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () =>
            await _fixture.Ledger.SaveStatePartAsync(key, 2, 2, new byte[limit.Length + 1], CancellationToken.None));

        await _fixture.Ledger.DropStatesBeforeAsync(key, 10, CancellationToken.None);
        Assert.Null(await _fixture.Ledger.ReadStatePartAsync(key, 2, 1, CancellationToken.None));
        Assert.Equal([2], (await _fixture.Ledger.ReadStatePartAsync(key, 10, 0, CancellationToken.None))?.ToArray() ?? []);
    }

    private static async Task RepeatAsync(Func<ValueTask<AppendOutcome>> append)
    {
        try
        {
            Assert.IsType<Appended>(await append());
        }
        catch (StorageUnavailableException)
        {
            Assert.IsType<Appended>(await append());
        }
    }
}
