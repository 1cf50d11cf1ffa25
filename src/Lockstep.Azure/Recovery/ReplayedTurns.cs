using System.Globalization;
using Lockstep.Asl.Compiled;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ledger;
using Lockstep.Azure.Orchestration.Pump;
using Lockstep.Engine;
using Lockstep.Engine.Codec;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;

namespace Lockstep.Azure.Recovery;

/// <summary>Decides the stored turns of an execution again, one after the other, and compares what comes out with what is stored.</summary>
internal sealed class ReplayedTurns(CompiledMachine machine, ITaskTokenIssuer tokens, DecideTurn decide)
{
    private readonly Dictionary<long, DateTimeOffset> _heartbeats = [];
    private readonly HashSet<long> _reported = [];

    /// <summary>The revision that the next turns run; a redrive may put another one in its place.</summary>
    public CompiledMachine Machine { get; set; } = machine;

    /// <summary>The state after the last turn.</summary>
    public ExecutionState State { get; private set; } = ExecutionState.Initial;

    /// <summary>The chain at that turn.</summary>
    public long Chain { get; private set; } = TurnChain.Start;

    /// <summary>When the first heartbeat of a task is due that was submitted or taken; null when none is asked for, or it was neither.</summary>
    public DateTimeOffset? HeartbeatDue(CommandId task) => _heartbeats.TryGetValue(task.Ordinal, out DateTimeOffset due) ? due : null;

    /// <summary>Whether a turn has taken in the outcome of a task.</summary>
    public bool HasOutcome(CommandId task) => _reported.Contains(task.Ordinal);

    /// <summary>Takes the next turn; null, or how it differs from what is stored.</summary>
    public string? Take(TurnRecord stored)
    {
        try
        {
            return Compare(stored);
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            return string.Create(CultureInfo.InvariantCulture, $"Turn {stored.Turn} cannot be decided again: {broken.GetType().Name}.");
        }
    }

    /// <summary>Null, or how the turns differ from what the head says of them.</summary>
    public string? Compare(HeadRow head) => State.Turn != head.LastTurn || State.LastEventId != head.LastEventId || Chain != head.Chain
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"The stored turns end at turn {State.Turn} and event {State.LastEventId}, and the head says turn {head.LastTurn} and event {head.LastEventId}.")
        : State.Status != ExecutionStatus.Running && !head.HasEnded && head.Redrives == State.RedriveCount ? "The stored turns end the execution, and the head says that it runs." : null;

    private string? Compare(TurnRecord stored)
    {
        (Stimulus stimulus, TurnDigest digest) = TurnCodec.ReadForReplay(stored.Bytes.Span);
        if (stored.Turn != State.Turn + 1 || stored.FirstEventId != State.LastEventId + 1 || TurnChain.After(Chain, stored.Turn, digest) != stored.Chain)
        {
            return string.Create(CultureInfo.InvariantCulture, $"Turn {stored.Turn} does not follow turn {State.Turn} of the stored ones: a row is missing or was changed.");
        }

        Decision decision = decide(Machine, State, stimulus, tokens, ended: null);
        if (TurnCodec.Digest(decision.Events.AsSpan()) != digest)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"This release decides turn {stored.Turn} otherwise than it is stored: {digest.Events} events are stored, {decision.Events.Length} came out, or their content differs.");
        }

        State = decision.Next;
        Chain = stored.Chain;
        Note(stimulus);
        return null;
    }

    private void Note(Stimulus stimulus)
    {
        switch (stimulus)
        {
            case TaskSubmitted { Task: var submitted }:
                Watch(submitted);
                break;
            case ActivityTaken { Task: var taken }:
                Watch(taken);
                break;
            case TaskSucceeded { Task: var succeeded }:
                _reported.Add(succeeded.Ordinal);
                break;
            case TaskFailed { Task: var failed }:
                _reported.Add(failed.Ordinal);
                break;
            default:
                break;
        }
    }

    private void Watch(CommandId task)
    {
        if (State.FindTask(task)?.Command.HeartbeatSeconds is long seconds)
        {
            _heartbeats[task.Ordinal] = State.Time.AddSeconds(seconds);
        }
    }
}
