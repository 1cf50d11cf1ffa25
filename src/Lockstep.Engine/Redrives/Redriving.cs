using Lockstep.Asl.Compiled;
using Lockstep.Engine.Behaviours;
using Lockstep.Engine.History;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;
using Lockstep.Engine.Turns;

namespace Lockstep.Engine.Redrives;

/// <summary>
/// A redrive (Step Functions, "Restarting state machine executions with redrive"): the frames with which the execution ended go on. States that failed or
/// were given up are tried again with their input and without a retry behind them; what was done stays done. Every thread goes on from ExecutionRedriven.
/// </summary>
internal static class Redriving
{
    /// <summary>Client tokens that are remembered, as at AWS.</summary>
    private const int RememberedTokens = 10;

    /// <summary>The state of an execution that ended without success, open again.</summary>
    public static ExecutionState Reopened(ExecutionState ended, Redriven redriven)
    {
        DateTimeOffset now = redriven.Time > ended.Time ? redriven.Time : ended.Time;
        long variableBytes = 0;
        foreach (KeyValuePair<long, Frame> entry in ended.Frames.Entries())
        {
            variableBytes += Assignment.SizeOf(entry.Value.Variables);
        }

        return ended with
        {
            Status = ExecutionStatus.Running,
            RedriveCount = ended.RedriveCount + 1,
            RedriveTime = now,
            RedriveEventId = ended.LastEventId + 1,
            RedriveTokens = redriven.ClientToken is null
                ? ended.RedriveTokens
                : [.. ended.RedriveTokens.Add(new RedriveToken(redriven.ClientToken, now)).TakeLast(RememberedTokens)],
            VariableBytes = variableBytes,
            MapRun = null,
        };
    }

    /// <summary>Lets the frames go on.</summary>
    public static void Begin(Turn turn, Redriven redriven)
    {
        long redrivenEvent = turn.Emit(
            turn.Before.LastEventId,
            HistoryEventType.ExecutionRedriven,
            new ExecutionRedrivenDetails(turn.Before.RedriveCount, redriven.Input?.Value, redriven.Definition?.RevisionId));
        if (turn.Machine.TimeoutSeconds is long timeoutSeconds)
        {
            turn.StartExecutionTimeout(timeoutSeconds);
        }

        List<LiveFrame> frames = [];
        foreach (KeyValuePair<long, Frame> entry in turn.Before.Frames.Entries())
        {
            LiveFrame frame = turn.Load(entry.Key);
            frame.State = redriven.Definition?.States[frames.Count] ?? frame.State;
            frame.Input = redriven.Input is RedriveInput changed && changed.Frame == frame.Id ? changed.Value : frame.Input;
            frame.Occupation = OccupationOf(turn, frame, redriven);
            frame.PreviousEventId = redrivenEvent;
            frame.Retries = default;
            frames.Add(frame);
            if (frame.IsEntering)
            {
                turn.Enqueue(frame);
            }
        }

        foreach (LiveFrame frame in frames)
        {
            // What a Map state begins anew may fail, and take others or the execution with it.
            if (!turn.IsOver && !frame.Ended && frame.Join is not null && turn.StateOf(frame) is CompiledMap map)
            {
                MapBehaviour.Resume(turn, frame, map);
            }
            else if (frame.MapRun is not null && turn.StateOf(frame) is CompiledMapRun run)
            {
                MapRunBehaviour.Redrive(turn, frame, run);
            }
        }
    }

    /// <summary>
    /// What a frame is about when it goes on. A Map state that gets another input, or runs another definition, has nothing in common with the children of
    /// its map run any more: it starts a new one.
    /// </summary>
    private static Occupation OccupationOf(Turn turn, LiveFrame frame, Redriven redriven) =>
        frame.Occupation is Stopped { MapRun: not null } stopped
            && (redriven.StartsNewMapRuns || redriven.Definition is not null || redriven.Input?.Frame == frame.Id || turn.Identity.InterpreterRevision < Interpreter.RedrivesMapRuns)
            ? stopped with { MapRun = null }
            : frame.Occupation;
}
