using System.Buffers;
using System.Collections.Immutable;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Orchestration.Contracts;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Orchestration.Pump;

/// <summary>
/// The turns that are not known to be durable, and the changes of rows that go with them. Each batch begins with the first of them, however often
/// it was sent, until an answer confirms it: so a batch that got lost, or is still under way, never leaves a gap behind it.
/// </summary>
internal sealed class TurnLog
{
    private readonly long _epoch;
    private readonly List<LoggedTurn> _turns = [];
    private readonly List<RowChange> _rows = [];
    private readonly Dictionary<long, long> _chains = [];
    private long _chain;
    private long _lastTurn;
    private long _lastCommand;

    /// <param name="epoch">The epoch that sends.</param>
    /// <param name="lastTurn">The last durable turn.</param>
    /// <param name="chain">The chain at that turn.</param>
    public TurnLog(long epoch, long lastTurn, long chain)
    {
        _epoch = epoch;
        _lastTurn = lastTurn;
        _chain = chain;
        _chains[lastTurn] = chain;
    }

    /// <summary>Set by tests only: forgets turns as soon as they were sent once, a mistake that tests have to notice.</summary>
    public bool ForgetsWhatWasSent { get; init; }

    /// <summary>The chain at the last turn.</summary>
    public long Chain => _chain;

    /// <summary>Whether anything is not known to be durable.</summary>
    public bool HasUnconfirmed => _turns.Count > 0 || _rows.Count > 0;

    /// <summary>Whether rows change with what is not known to be durable.</summary>
    public bool HasRows => _rows.Count > 0;

    /// <summary>Items of the inbox whose taking in is not known to be durable.</summary>
    public ImmutableArray<string> Taken => [.. _rows.Select(row => row.Taken).OfType<string>()];

    /// <summary>Adds a turn.</summary>
    /// <param name="stimulus">What it took in.</param>
    /// <param name="decision">What it decided.</param>
    /// <param name="facts">What there is to tell of it, as <see cref="TurnFactsMessage"/> writes it.</param>
    public void Add(Stimulus stimulus, in Decision decision, ReadOnlyMemory<byte> facts)
    {
        var bytes = new ArrayBufferWriter<byte>();
        TurnDigest digest = TurnCodec.Write(bytes, stimulus, decision.Events.AsSpan());
        _lastTurn = decision.Next.Turn;
        _chain = TurnChain.After(_chain, _lastTurn, digest);
        _chains[_lastTurn] = _chain;
        _lastCommand = decision.Next.LastCommandId;
        long firstEvent = decision.Next.LastEventId - decision.Events.Length + 1;
        _turns.Add(new LoggedTurn(
            new TurnMessage(_lastTurn, firstEvent, digest.Events, _chain, Transitions.CountIn(decision.Events), Body.Of(bytes.WrittenMemory))
            {
                Facts = Body.Of(facts),
                Redrives = decision.Next.RedriveCount == 0 ? null : decision.Next.RedriveCount,
            })
        {
            MapRun = decision.Next.MapRun,
        });
    }

    /// <summary>Adds a change of rows that goes with the turns so far.</summary>
    public void Add(RowChange change) => _rows.Add(change);

    /// <summary>Whether everything, and some bytes more, fits into one message.</summary>
    public bool FitsWith(int bytes)
    {
        long total = bytes;
        foreach (LoggedTurn turn in _turns)
        {
            if (turn.IsLarge)
            {
                return false;
            }

            total += turn.InlineBytes;
        }

        return total + _rows.Sum(row => row.InlineBytes) <= MessageSizes.Message && _rows.Count <= MessageSizes.RowsPerAppend;
    }

    /// <summary>Puts the bytes of turns aside that are too large for a message.</summary>
    public async Task PutLargeAsideAsync(LargeBodies bodies)
    {
        foreach (LoggedTurn turn in _turns.ToArray())
        {
            if (turn is { IsLarge: true, Message: { Bytes.Bytes: { } bytes, Facts.Bytes: { } facts } })
            {
                turn.Message = turn.Message with
                {
                    Bytes = await bodies.PutAsync(bytes, MessageSizes.Inline),
                    Facts = await bodies.PutAsync(facts, MessageSizes.InlineFacts),
                };
            }
        }
    }

    /// <summary>The next batch: from the first turn that is not known to be durable, as much as fits.</summary>
    /// <param name="end">How the last turn ended the execution; goes with the last batch only, and then no task matters any more.</param>
    /// <param name="reserved">Bytes of the message that something else takes.</param>
    public SentBatch Next(EndMessage? end, int reserved = 0)
    {
        long room = MessageSizes.Message - reserved;
        List<TurnMessage> turns = [];
        MapRunProgress? progress = null;
        foreach (LoggedTurn turn in _turns)
        {
            if (turns.Count > 0 && turn.InlineBytes > room)
            {
                break;
            }

            turns.Add(turn.Message);
            progress = turn.MapRun;
            room -= turn.InlineBytes;
        }

        bool hasAllTurns = turns.Count == _turns.Count;
        List<RowChange> rows = [];
        foreach (RowChange row in hasAllTurns ? _rows.Where(row => end is null || row.Outlives) : [])
        {
            // What is given up costs no row, and an end has no batch after it.
            bool isFull = rows.Count >= MessageSizes.RowsPerAppend && row.GivenUp is null;
            if (isFull || (row.InlineBytes > room && rows.Count + turns.Count > 0))
            {
                continue;
            }

            rows.Add(row);
            room -= row.InlineBytes;
        }

        var batch = new BatchMessage
        {
            Epoch = _epoch,
            Turns = [.. turns],
            Opens = [.. rows.Select(row => row.Open).OfType<OpenMessage>()],
            Closes = [.. rows.Where(row => row.Close is not null).Select(row => row.Close ?? 0)],
            GivenUp = [.. rows.Where(row => row.GivenUp is not null).Select(row => row.GivenUp ?? 0)],
            Taken = [.. rows.Select(row => row.Taken).OfType<string>()],
            LastCommand = hasAllTurns ? _lastCommand : 0,
            End = hasAllTurns ? end : null,
            MapRun = progress is null ? null : MapRunMessage.Of(progress),
        };
        if (ForgetsWhatWasSent)
        {
            _turns.RemoveRange(0, turns.Count);
            _rows.RemoveAll(rows.Contains);
        }

        return new SentBatch(batch, rows);
    }

    /// <summary>Takes in that a batch is durable.</summary>
    /// <returns>Null; or why the ledger and this orchestration disagree.</returns>
    public string? Confirm(SentBatch sent, AppendAnswer answer)
    {
        if (answer.LastTurn > _lastTurn)
        {
            return $"The ledger has turn {answer.LastTurn}, and this orchestration has decided {_lastTurn}.";
        }

        if (_chains.TryGetValue(answer.LastTurn, out long chain) && chain != answer.Chain)
        {
            return $"The turns up to {answer.LastTurn} are not those that are stored: the interpreter decides otherwise than it did.";
        }

        _turns.RemoveAll(turn => turn.Message.Turn <= answer.LastTurn);
        _rows.RemoveAll(sent.Rows.Contains);
        return null;
    }

    private sealed class LoggedTurn(TurnMessage message)
    {
        public TurnMessage Message { get; set; } = message;

        public MapRunProgress? MapRun { get; init; }

        public int InlineBytes => LengthOf(Message.Bytes) + LengthOf(Message.Facts);

        public bool IsLarge => LengthOf(Message.Bytes) > MessageSizes.Inline || LengthOf(Message.Facts) > MessageSizes.InlineFacts;

        private static int LengthOf(Body? body) => body?.Bytes?.Length ?? 0;
    }
}

/// <summary>A change of one row of the ledger; exactly one member is set.</summary>
internal sealed class RowChange
{
    /// <summary>A task that waits for reports from now on.</summary>
    public OpenMessage? Open { get; init; }

    /// <summary>A task that waits no longer.</summary>
    public long? Close { get; init; }

    /// <summary>A task that was given up, whatever closed its row.</summary>
    public long? GivenUp { get; init; }

    /// <summary>An item of the inbox that a turn has taken in.</summary>
    public string? Taken { get; init; }

    /// <summary>Whether it matters after the end too, when no task can be reported to any more.</summary>
    public bool Outlives => Taken is not null || GivenUp is not null;

    /// <summary>What it adds to a message.</summary>
    public int InlineBytes => Open?.Invocation?.Bytes?.Length ?? 0;
}

/// <summary>A batch as it was sent, with the changes of rows that it contains.</summary>
internal sealed record SentBatch(BatchMessage Batch, IReadOnlyList<RowChange> Rows);
