using Lockstep.Asl;
using Lockstep.Asl.Compiled;
using Lockstep.Engine.History;
using Lockstep.Engine.State;
using Lockstep.Engine.Turns;

namespace Lockstep.Engine.Failures;

/// <summary>Aborts the frames beside one that failed, with everything inside them: calls and timers are given up, history says so.</summary>
internal static class Aborting
{
    private const int NoIndex = -1;

    /// <summary>Aborts all frames that a Parallel or Map state opened, except the one that failed and is closed already.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="parent">The frame in the state.</param>
    /// <param name="failedIndex">The frame that failed.</param>
    /// <param name="silently">Whether history says nothing of it.</param>
    public static void AbortOthers(Turn turn, LiveFrame parent, int failedIndex, bool silently = false)
    {
        if (parent.Join is not LiveJoin join)
        {
            return;
        }

        AbortOpen(turn, parent, join, silently, failedIndex);
        parent.Join = null;
    }

    private static void AbortOpen(Turn turn, LiveFrame parent, LiveJoin join, bool silently, int failedIndex = NoIndex)
    {
        // Opened frames may stand in the join still; the failed one is not to be loaded again.
        foreach (KeyValuePair<long, long> open in join.Open.Entries().Where(open => open.Key != failedIndex))
        {
            LiveFrame frame = turn.Load(open.Value);
            Abort(turn, frame, silently);
            if (!silently && turn.StateOf(parent) is CompiledMap map)
            {
                turn.Emit(frame.PreviousEventId, HistoryEventType.MapIterationAborted, new MapIterationDetails(map.Name, frame.Index));
            }
        }
    }

    private static void Abort(Turn turn, LiveFrame frame, bool silently)
    {
        if (frame.Join is LiveJoin join)
        {
            AbortOpen(turn, frame, join, silently);
        }
        else
        {
            turn.GiveUp(frame.Occupation);
        }

        if (silently)
        {
            turn.Close(frame);
            return;
        }

        if (turn.StateOf(frame) is CompiledMap && frame.Occupation is CallingTask)
        {
            turn.Emit(frame, HistoryEventType.MapRunAborted, null);
        }

        // A state that has not been entered yet leaves no trace. The end of the iteration follows what the state did, not this event, as AWS links them.
        if (!frame.IsEntering && AbortedEvent(turn.StateOf(frame).Type) is HistoryEventType type)
        {
            turn.Emit(frame.PreviousEventId, type, null);
        }

        turn.Close(frame);
    }

    private static HistoryEventType? AbortedEvent(StateType type) => type switch
    {
        StateType.Task => HistoryEventType.TaskStateAborted,
        StateType.Wait => HistoryEventType.WaitStateAborted,
        StateType.Parallel => HistoryEventType.ParallelStateAborted,
        StateType.Map => HistoryEventType.MapStateAborted,
        _ => null, // The others never wait.
    };
}
