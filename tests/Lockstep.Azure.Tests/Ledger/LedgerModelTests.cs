using System.Collections.Immutable;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Ports;
using Lockstep.Engine;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.TestKit.Azure;
using static Lockstep.Azure.Tests.Ledger.LedgerFixture;

namespace Lockstep.Azure.Tests.Ledger;

/// <summary>Random calls, each repeated until it is answered, against a model; and random calls in the middle of others, against what must never be.</summary>
public sealed class LedgerModelTests
{
    private const int Seeds = 40;
    private const int Steps = 60;

    private static readonly ImmutableArray<TurnRecord> _turns = Turns(1, 4 * Steps, events: 1, TurnChain.Start);

    [Fact]
    public async Task Ledger_answers_as_the_model_does_whatever_gets_lost_on_the_way()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            var run = new SequentialRun(seed);
            await run.RunAsync();
        }
    }

    [Fact]
    public async Task Of_all_who_report_and_claim_a_task_at_the_same_time_one_wins()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Assert.Null(await RaceAsync(seed, withVersions: true));
        }
    }

    [Fact]
    public async Task Ledger_without_versions_of_task_rows_is_caught()
    {
        int caught = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            caught += await RaceAsync(seed, withVersions: false) is null ? 0 : 1;
        }

        Assert.InRange(caught, Seeds / 5, Seeds);
    }

    /// <summary>Reports and claims of one task, each begun in the middle of another one; what went wrong, null when nothing did.</summary>
    private static async Task<string?> RaceAsync(int seed, bool withVersions)
    {
        var random = new Random(seed);
        var azure = new MemoryAzure();
        ITables tables = withVersions ? azure.Tables : new TablesWithoutTaskVersions(azure.Tables);
        var ledger = new TableExecutionLedger(tables, azure.Blobs, azure.Messages);
        await ledger.CreateAsync(New(Key()), CancellationToken.None);
        await ledger.AppendAsync(Key(), Batch(1, _turns[..1]) with { Opens = [Open(1)] }, CancellationToken.None);

        List<string> winners = [];
        int left = 6;
        int calls = 0;
        azure.Before = SlipInAsync;
        await ActAsync();
        azure.Before = null;
        int items = (await ledger.ReadInboxAsync(Key(), [], 100, int.MaxValue, CancellationToken.None)).Items.Length;
        string[] distinct = [.. winners.Distinct(StringComparer.Ordinal)];
        return distinct.Length != 1 ? $"seed {seed}: {string.Join(", ", distinct)} have won"
            : items != (distinct[0].StartsWith("claim", StringComparison.Ordinal) ? 0 : 1) ? $"seed {seed}: {items} items after {distinct[0]}"
            : null;

        async Task SlipInAsync(StorageOperation operation)
        {
            // After the first read, so that what was read is no longer true when it is acted on.
            if (calls++ > 0 && left > 0 && random.Next(2) == 0)
            {
                await ActAsync();
            }
        }

        async Task ActAsync()
        {
            left--;
            int choice = random.Next(4);
            if (choice < 2)
            {
                Result<Accepted> answer = await ledger.ReportAsync(
                    Key(), new CommandId(1), Success(1, choice == 0 ? "1" : "2", Noon.AddSeconds(left)), CancellationToken.None);
                winners.AddRange(answer.Succeeded ? [$"report {choice}"] : []);
            }
            else
            {
                ClaimReason reason = choice == 2 ? ClaimReason.Timeout : ClaimReason.Heartbeat;
                ClaimOutcome answer = await ledger.ClaimAsync(Key(), new CommandId(1), reason, Noon, CancellationToken.None);
                winners.AddRange(answer is Claimed ? [$"claim {reason}"] : []);
            }
        }
    }

    /// <summary>One execution, one call at a time; every call is repeated until it is answered.</summary>
    private sealed class SequentialRun(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly LedgerFixture _fixture = new(new Faults(seed) { BeforeEffectRate = 0.08, AnswerLostRate = 0.08 });
        private readonly LedgerModel _model = new(_turns);
        private readonly List<(AppendBatch Batch, IReadOnlyList<Stimulus> Taken)> _sent = [];
        private DateTimeOffset _now = Noon;
        private long _nextTask = 1;
        private string _act = "";

        private static ExecutionKey Execution => Key();

        private TableExecutionLedger Ledger => _fixture.Ledger;

        public async Task RunAsync()
        {
            await AnsweredAsync(() => Ledger.CreateAsync(New(Execution), CancellationToken.None));
            for (int step = 0; step < Steps; step++)
            {
                _now += TimeSpan.FromSeconds(1);
                await ActAsync();
                await CompareAsync();
            }
        }

        private Task ActAsync() => _random.Next(20) switch
        {
            < 6 => AppendAsync(),
            < 8 => AppendAgainAsync(),
            8 => AppendWrongAsync(),
            9 => BeginEpochAsync(),
            < 13 => ReportAsync(),
            < 15 => ClaimAsync(),
            < 17 => HeartbeatAsync(),
            17 => StopAsync(),
            18 => AppendAsync(),
            _ => _random.Next(6) == 0 ? AppendAsync(Succeed()) : AppendAsync(),
        };

        private async Task AppendAsync(ExecutionEnd? end = null)
        {
            ImmutableArray<InboxItem> inbox = (await AnsweredAsync(() => Ledger.ReadInboxAsync(Execution, [], 100, int.MaxValue, CancellationToken.None))).Items;
            InboxItem[] taken = [.. inbox.Where(_ => _random.Next(2) == 0)];
            int from = Math.Max(0, _model.LastTurn - _random.Next(3));
            int to = _model.LastTurn + _random.Next(end is null ? 0 : 1, 4);
            long[] open = [.. _model.OpenTasks];
            var batch = Batch(Math.Max(1, _model.Epoch - (_random.Next(8) == 0 ? 1 : 0)), _turns[from..to]) with
            {
                Opens = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => Open(_nextTask++, OpenTaskKind.Activity, _random.Next(2) == 0 ? 3 : null, "a"))],
                Closes = [.. open.Where(_ => _random.Next(6) == 0).Select(task => new CommandId(task))],
                Taken = [.. taken.Select(item => item.Id)],
                End = end,
            };
            Stimulus[] stimuli = [.. taken.Select(item => item.Stimulus)];
            if (await ExpectAsync(batch, stimuli) is Appended && !batch.Turns.IsEmpty)
            {
                _sent.Add((batch, stimuli));
            }
        }

        private async Task AppendAgainAsync()
        {
            if (_sent.Count > 0)
            {
                (AppendBatch batch, IReadOnlyList<Stimulus> taken) = _sent[_random.Next(_sent.Count)];
                await ExpectAsync(batch, taken);
            }
        }

        private async Task AppendWrongAsync()
        {
            int last = _model.LastTurn;
            await ExpectAsync(
                last > 0 && _random.Next(2) == 0
                    ? Batch(Math.Max(1, _model.Epoch), [_turns[_random.Next(last)] with { Chain = 5 }])
                    : Batch(Math.Max(1, _model.Epoch), [_turns[last + 1]]),
                []);
        }

        private async Task<AppendOutcome> ExpectAsync(AppendBatch batch, IReadOnlyList<Stimulus> taken)
        {
            _act = $"append {batch.Turns.Length} turns, opens {batch.Opens.Length}, closes {batch.Closes.Length}, ends {batch.End is not null}";
            AppendOutcome expected = _model.Append(batch, taken);
            Same(expected, await AnsweredAsync(() => Ledger.AppendAsync(Execution, batch, CancellationToken.None)));
            return expected;
        }

        private async Task BeginEpochAsync()
        {
            long epoch = Math.Max(1, _model.Epoch + _random.Next(-1, 2));
            _act = $"epoch {epoch}";
            Same(_model.BeginEpoch(epoch), await AnsweredAsync(() => Ledger.BeginEpochAsync(Execution, epoch, CancellationToken.None)));
        }

        private async Task ReportAsync()
        {
            long task = _random.NextInt64(0, _nextTask + 2);
            string text = _random.Next(2) == 0 ? "1" : "2";
            Stimulus outcome = _random.Next(3) switch
            {
                0 => new ActivityTaken(_now, new CommandId(task), text),
                1 => new TaskFailed(_now, new CommandId(task), text, null),
                _ => new TaskSucceeded(_now, new CommandId(task), JsonValue.Parse(text)),
            };
            string fingerprint = outcome.GetType().Name + text;
            _act = $"report {outcome}";
            Same(_model.Report(outcome, task, fingerprint), (await AnsweredAsync(() =>
                Ledger.ReportAsync(Execution, new CommandId(task), outcome, CancellationToken.None))).Error?.Code);
        }

        private async Task ClaimAsync()
        {
            long task = _random.NextInt64(1, _nextTask + 1);
            ClaimReason reason = _random.Next(2) == 0 ? ClaimReason.Timeout : ClaimReason.Heartbeat;
            _act = $"claim {task} {reason}";
            Same(_model.Claim(task, reason, _now), await AnsweredAsync(() =>
                Ledger.ClaimAsync(Execution, new CommandId(task), reason, _now, CancellationToken.None)));
        }

        private async Task HeartbeatAsync()
        {
            long task = _random.NextInt64(1, _nextTask + 1);
            _act = $"heartbeat {task}";
            Same(_model.Heartbeat(task, _now), (await AnsweredAsync(() =>
                Ledger.HeartbeatAsync(Execution, new CommandId(task), _now, CancellationToken.None))).Error?.Code);
        }

        private async Task StopAsync()
        {
            var stop = new StopRequested(_now, "E", null);
            _act = "stop";
            Same(_model.Stop(stop), await AnsweredAsync(() => Ledger.RequestStopAsync(Execution, stop, null, CancellationToken.None)));
        }

        private async Task CompareAsync()
        {
            LedgerHead? head = await AnsweredAsync(() => Ledger.FindAsync(Execution, CancellationToken.None));
            Same(
                (_model.Epoch, (long)_model.LastTurn, _model.Chain, _model.HasEnded),
                (head?.Epoch ?? -1, head?.LastTurn ?? -1, head?.Chain ?? 0, head?.Record.Status == ExecutionStatus.Succeeded));
            InboxPage inbox = await AnsweredAsync(() => Ledger.ReadInboxAsync(Execution, [], 100, int.MaxValue, CancellationToken.None));
            Assert.True(_model.Inbox.SequenceEqual(inbox.Items.Select(item => item.Stimulus)), $"Seed {seed}, {_act}: inbox {string.Join(", ", inbox.Items)}");
            long task = _random.NextInt64(1, _nextTask + 1);
            OpenTaskRow? open = await AnsweredAsync(() => Ledger.FindOpenTaskAsync(Execution, new CommandId(task), CancellationToken.None));
            Same(_model.IsOpen(task), open is not null);
            long count = await AnsweredAsync(() => _fixture.Reader.CountOpenAsync(Tenant(), CancellationToken.None));
            Same(_model.HasEnded ? 0L : 1L, count);
        }

        private void Same<T>(T expected, T actual) =>
            Assert.True(EqualityComparer<T>.Default.Equals(expected, actual), $"Seed {seed}, {_act}: expected {expected}, was {actual}");

        private static async Task<T> AnsweredAsync<T>(Func<ValueTask<T>> call)
        {
            while (true)
            {
                try
                {
                    return await call();
                }
                catch (StorageUnavailableException)
                {
                    // No answer: the caller asks again.
                }
            }
        }
    }

    /// <summary>The planted bug: rows of tasks are replaced whatever version they have.</summary>
    private sealed class TablesWithoutTaskVersions(ITables tables) : ITables
    {
        public ITable this[TableName name] => new Table(tables[name]);

        private sealed class Table(ITable table) : ITable
        {
            public ValueTask<Entity?> FindAsync(EntityKey key, CancellationToken cancellation) => table.FindAsync(key, cancellation);

            public ValueTask<EntityPage> QueryAsync(EntityRange range, int maxItems, string? continuation, CancellationToken cancellation) =>
                table.QueryAsync(range, maxItems, continuation, cancellation);

            public ValueTask<WriteOutcome> WriteAsync(IReadOnlyList<EntityWrite> writes, CancellationToken cancellation) => table.WriteAsync(
                [.. writes.Select(write => write is ReplaceEntity replace && write.Key.Row.StartsWith("t|", StringComparison.Ordinal) ? new PutEntity(replace.Entity) : write)],
                cancellation);
        }
    }
}
