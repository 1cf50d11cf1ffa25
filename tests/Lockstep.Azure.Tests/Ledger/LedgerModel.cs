using System.Collections.Immutable;
using Lockstep.Azure.Executions;
using Lockstep.Engine;
using Lockstep.Engine.Stimuli;
using Lockstep.Service.Errors;

namespace Lockstep.Azure.Tests.Ledger;

/// <summary>What the ledger has to answer, written down once more without storage: one execution, one call at a time.</summary>
internal sealed class LedgerModel(ImmutableArray<TurnRecord> turns)
{
    private readonly Dictionary<long, ModelTask> _tasks = [];
    private readonly List<Stimulus> _inbox = [];
    private bool _stopRequested;
    private long _lastCommand;

    public long Epoch { get; private set; }

    public int LastTurn { get; private set; }

    public bool HasEnded { get; private set; }

    public IReadOnlyList<Stimulus> Inbox => _inbox;

    public long Chain => LastTurn == 0 ? TurnChain.Start : turns[LastTurn - 1].Chain;

    public IEnumerable<long> OpenTasks => HasEnded ? [] : _tasks.Where(task => task.Value.IsOpen).Select(task => task.Key);

    public bool IsOpen(long task) => OpenTasks.Contains(task);

    public AppendOutcome Append(AppendBatch batch, IReadOnlyList<Stimulus> taken)
    {
        if (batch.Epoch < Epoch)
        {
            return new FencedOff(Epoch);
        }

        TurnRecord? known = batch.Turns.LastOrDefault(turn => turn.Turn <= LastTurn);
        if (known is not null && known.Chain != turns[(int)known.Turn - 1].Chain)
        {
            return new Diverged(known.Turn, turns[(int)known.Turn - 1].Chain, known.Chain);
        }

        bool hasFresh = batch.Turns.Any(turn => turn.Turn > LastTurn);
        if (HasEnded)
        {
            bool isDurable = !hasFresh && !batch.Turns.IsEmpty && (batch.End is null || batch.Turns[^1].Turn == LastTurn);
            return isDurable ? new Appended(LastTurn, Chain) : new AlreadyEnded(LastTurn);
        }

        if (hasFresh && batch.Turns.First(turn => turn.Turn > LastTurn).Turn != LastTurn + 1)
        {
            return new AppendGap(LastTurn);
        }

        Apply(batch, taken);
        return new Appended(LastTurn, Chain);
    }

    public bool BeginEpoch(long epoch)
    {
        bool isCurrent = epoch >= Epoch;
        Epoch = isCurrent ? epoch : Epoch;
        return isCurrent;
    }

    public string? Report(Stimulus outcome, long task, string text)
    {
        if (Refusal(task) is { } refusal)
        {
            return refusal;
        }

        ModelTask found = _tasks[task];
        if (!found.IsOpen)
        {
            return found.Outcome == text ? null : ErrorCodes.TaskTimedOut;
        }

        if (outcome is ActivityTaken)
        {
            if (!found.IsTaken)
            {
                _inbox.Add(outcome);
                _tasks[task] = found.Heard(outcome.Time) with { IsTaken = true };
            }

            return null;
        }

        _inbox.Add(outcome);
        _tasks[task] = found with { IsOpen = false, Outcome = text };
        return null;
    }

    public string? Heartbeat(long task, DateTimeOffset now)
    {
        if (Refusal(task) is { } refusal)
        {
            return refusal;
        }

        if (!_tasks[task].IsOpen)
        {
            return ErrorCodes.TaskTimedOut;
        }

        _tasks[task] = _tasks[task].Heard(now);
        return null;
    }

    public ClaimOutcome Claim(long task, ClaimReason reason, DateTimeOffset now)
    {
        if (!_tasks.TryGetValue(task, out ModelTask? found))
        {
            return new ReportedBefore();
        }

        if (!found.IsOpen)
        {
            return found.Claim == reason ? new Claimed() : new ReportedBefore();
        }

        if (reason == ClaimReason.Heartbeat && found.Deadline > now)
        {
            return new StillAlive(found.Deadline.Value);
        }

        _tasks[task] = found with { IsOpen = false, Claim = reason };
        return new Claimed();
    }

    public bool Stop(StopRequested stop)
    {
        if (!HasEnded && !_stopRequested)
        {
            _stopRequested = true;
            _inbox.Add(stop);
        }

        return !HasEnded;
    }

    private void Apply(AppendBatch batch, IReadOnlyList<Stimulus> taken)
    {
        Epoch = batch.Epoch;
        LastTurn = Math.Max(LastTurn, batch.Turns.IsEmpty ? 0 : (int)batch.Turns[^1].Turn);
        HasEnded = batch.End is not null;
        _inbox.RemoveAll(taken.Contains);
        foreach (OpenTaskRow open in batch.Opens)
        {
            _lastCommand = Math.Max(_lastCommand, open.Task.Ordinal);
            if (!HasEnded)
            {
                _tasks.TryAdd(open.Task.Ordinal, new ModelTask(true, open.HeartbeatSeconds, null, false, null, null));
            }
        }

        foreach (CommandId close in HasEnded ? [] : batch.Closes)
        {
            _tasks[close.Ordinal] = new ModelTask(false, null, null, false, null, null);
        }
    }

    private string? Refusal(long task)
    {
        bool isThere = _tasks.ContainsKey(task);
        return task < 1 || (!isThere && task > _lastCommand) ? ErrorCodes.TaskDoesNotExist
            : HasEnded || !isThere ? ErrorCodes.TaskTimedOut
            : null;
    }

    private sealed record ModelTask(bool IsOpen, long? HeartbeatSeconds, DateTimeOffset? Deadline, bool IsTaken, string? Outcome, ClaimReason? Claim)
    {
        public ModelTask Heard(DateTimeOffset now) => HeartbeatSeconds is long seconds ? this with { Deadline = now.AddSeconds(seconds) } : this;
    }
}
