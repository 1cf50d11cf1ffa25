using System.Collections.Immutable;
using System.Diagnostics;
using Lockstep.Engine.Commands;
using Lockstep.Engine.MapRuns;
using Lockstep.Json;

namespace Lockstep.Engine.State;

/// <summary>
/// Everything the interpreter knows of an execution between two turns: immutable, serialisable, enough to go on from anywhere. The
/// tree of frames (machine, branches, iterations) is kept flat, in a table by frame id, so that a turn copies only what it changes.
/// </summary>
public sealed record ExecutionState
{
    internal ExecutionState()
    {
    }

    /// <summary>The state before the first stimulus, which must be <see cref="Stimuli.Started"/>.</summary>
    public static ExecutionState Initial { get; } = new();

    /// <summary>The status after the last turn.</summary>
    public ExecutionStatus Status { get; internal init; } = ExecutionStatus.Running;

    /// <summary>Turns taken so far; the sequence number of the last stimulus. 0 before the start.</summary>
    public long Turn { get; internal init; }

    /// <summary>Id of the last history event; 0 before the start.</summary>
    public long LastEventId { get; internal init; }

    /// <summary>Ordinal of the last command.</summary>
    public long LastCommandId { get; internal init; }

    /// <summary>The time of the last turn; never goes back.</summary>
    public DateTimeOffset Time { get; internal init; }

    /// <summary>When the execution started.</summary>
    public DateTimeOffset StartTime { get; internal init; }

    /// <summary>Who the execution is; null before the start.</summary>
    public ExecutionIdentity? Identity { get; internal init; }

    /// <summary>The limits that it runs under, for life.</summary>
    public ExecutionLimits Limits { get; internal init; } = ExecutionLimits.Default;

    /// <summary>The input of the execution; null before the start.</summary>
    public JsonValue? Input { get; internal init; }

    /// <summary>How often the execution has been redriven.</summary>
    public int RedriveCount { get; internal init; }

    /// <summary>When it was redriven last; null when it never was.</summary>
    public DateTimeOffset? RedriveTime { get; internal init; }

    /// <summary>The last ExecutionRedriven event; 0 when there is none.</summary>
    internal long RedriveEventId { get; init; }

    /// <summary>The client tokens of the last redrives, the newest last.</summary>
    public ImmutableArray<RedriveToken> RedriveTokens { get; internal init; } = [];

    /// <summary>
    /// The frames, by id. Empty before the start and after a success; after another end of a Standard execution those with which a redrive goes on.
    /// </summary>
    internal PersistentTable<Frame> Frames { get; init; } = PersistentTable<Frame>.Empty;

    /// <summary>Who waits for what: ordinal of a task or timer to frame id.</summary>
    internal PersistentTable<long> Awaited { get; init; } = PersistentTable<long>.Empty;

    /// <summary>Frames that are ready to go on, in the order in which they will: place in the queue to frame id.</summary>
    internal PersistentTable<long> Ready { get; init; } = PersistentTable<long>.Empty;

    /// <summary>The place that the next frame takes in <see cref="Ready"/>.</summary>
    internal long NextReady { get; init; }

    /// <summary>The id of the next frame.</summary>
    internal long NextFrame { get; init; }

    /// <summary>Bytes of the values of all variables of all frames. Kept along, never counted anew; not stored, as it follows from the frames.</summary>
    internal long VariableBytes { get; init; }

    /// <summary>How far a map run is, at its end too; null for other executions. Not stored, as it follows from the frames.</summary>
    public MapRunProgress? MapRun { get; internal init; }

    /// <summary>Random numbers drawn so far.</summary>
    internal ulong RandomDraws { get; init; }

    /// <summary>The timer of the machine's own timeout; null when there is none.</summary>
    internal StartTimer? ExecutionTimeout { get; init; }

    /// <summary>The Continue that has been commanded and not come back; null when there is none.</summary>
    internal Continue? PendingContinue { get; init; }

    /// <summary>
    /// The effects that are decided and not yet answered, as they were commanded: tasks (not those already submitted and waiting
    /// for a callback), timers, a pending Continue. A driver that has lost its memory carries them out again.
    /// </summary>
    public IEnumerable<Command> OutstandingCommands()
    {
        if (ExecutionTimeout is not null)
        {
            yield return ExecutionTimeout;
        }

        foreach (KeyValuePair<long, Frame> entry in Frames.Entries())
        {
            switch (entry.Value.Occupation)
            {
                case CallingTask task:
                    if (!task.Submitted)
                    {
                        yield return task.Command;
                    }

                    if (task.Timeout is not null)
                    {
                        yield return task.Timeout;
                    }

                    break;
                case Sleeping sleeping:
                    yield return sleeping.Timer;
                    break;
                case BackingOff backingOff:
                    yield return backingOff.Timer;
                    break;
                case RunningMap map:
                    if (map.Call is not null)
                    {
                        yield return map.Call;
                    }

                    foreach (KeyValuePair<long, OpenChild> child in map.Open.Entries().Where(child => !child.Value.Submitted))
                    {
                        yield return child.Value.Command;
                    }

                    break;
                case Entering or Stopped or Joining:
                    break;
                default:
                    throw new UnreachableException();
            }
        }

        if (PendingContinue is not null)
        {
            yield return PendingContinue;
        }
    }

    /// <summary>Children of a map run that have started and not ended: a map run waits for their ends, and for nothing else of them.</summary>
    public IEnumerable<CommandId> SubmittedChildren() => Frames.Entries()
        .Select(entry => entry.Value.Occupation)
        .OfType<RunningMap>()
        .SelectMany(map => map.Open.Entries())
        .Where(child => child.Value.Submitted)
        .Select(child => child.Value.Command.Id);

    /// <summary>Finds a task that still waits for its outcome; null when it does not exist, has ended or was given up.</summary>
    public OpenTask? FindTask(CommandId task) =>
        !Awaited.TryGet(task.Ordinal, out long frameId) || !Frames.TryGet(frameId, out Frame? frame)
            ? null
            : frame.Occupation switch
            {
                CallingTask calling when calling.Command.Id == task => new OpenTask(calling.Command, calling.Submitted, calling.Taken),
                RunningMap map => map.Find(task),
                _ => null,
            };

    /// <summary>Finds the task whose timeout a timer watches; null when the timer is for something else, or no longer waited for.</summary>
    public OpenTask? FindTaskOfTimer(CommandId timer) =>
        Awaited.TryGet(timer.Ordinal, out long frameId)
            && Frames.TryGet(frameId, out Frame? frame)
            && frame.Occupation is CallingTask calling
            && calling.Timeout?.Id == timer
            ? new OpenTask(calling.Command, calling.Submitted, calling.Taken)
            : null;
}
