using System.Diagnostics;
using Lockstep.Asl;
using Lockstep.Asl.Compiled;
using Lockstep.Engine.Behaviours;
using Lockstep.Engine.Commands;
using Lockstep.Engine.History;
using Lockstep.Engine.State;
using Lockstep.Json;

namespace Lockstep.Engine.Turns;

/// <summary>
/// How a frame moves: into a state, out of it to the next, and out of its scope at the end. A frame runs until it waits; ready frames
/// run in the order in which they became ready.
/// </summary>
internal static class Transitions
{
    /// <summary>Runs every ready frame until it waits, or the budget of the turn is spent.</summary>
    public static void RunReady(Turn turn, bool fromEarlierTurns)
    {
        while (turn.HasBudget && turn.TryDequeue(fromEarlierTurns, out LiveFrame? frame))
        {
            while (frame.IsEntering && turn.HasBudget)
            {
                Enter(turn, frame);
            }

            if (frame.IsEntering)
            {
                turn.Enqueue(frame);
            }
            else if (frame.Ended)
            {
                turn.Recycle(frame);
            }
        }
    }

    /// <summary>Leaves a state that has done its work.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="frame">The frame in the state.</param>
    /// <param name="state">The state.</param>
    /// <param name="output">Its output.</param>
    /// <param name="assigned">The variables it assigns; null for none.</param>
    /// <param name="next">Index of the next state, or <see cref="CompiledState.End"/>.</param>
    public static void Exit(Turn turn, LiveFrame frame, CompiledState state, JsonValue output, JsonObject? assigned, int next)
    {
        if (assigned is not null)
        {
            Assignment.Apply(turn, frame, assigned);
        }

        if (!ReferenceEquals(output, frame.Input))
        {
            turn.Spend(output.Utf8Length);
        }

        turn.Emit(frame, ExitedEvent(state.Type), new StateExitedDetails(state.Name, output, assigned));
        turn.EndVisit(frame, VisitOutcome.Exited);
        turn.Inspection?.Exited(output, next == CompiledState.End ? null : turn.Machine.States[next].Name);
        if (next != CompiledState.End)
        {
            Proceed(turn, frame, next, output);
        }
        else
        {
            Complete(turn, frame, output);
        }
    }

    /// <summary>Makes a frame that woke from waiting ready again.</summary>
    public static void Wake(Turn turn, LiveFrame frame)
    {
        if (frame.IsEntering)
        {
            turn.Enqueue(frame);
        }
    }

    /// <summary>Enters the state that a frame has come to, or tries it again after a redrive, and runs it until it waits or the frame has moved on.</summary>
    public static void Enter(Turn turn, LiveFrame frame)
    {
        CompiledState state = turn.StateOf(frame);
        turn.SpendTransition();
        frame.Retries = default;
        frame.EventBeforeEntry = frame.PreviousEventId;
        if (frame.Occupation is Stopped stopped && state is not CompiledFail)
        {
            // After a redrive: history shows the entry already, and a Fail state alone is entered again.
            frame.Occupation = Entering.Instance;
            if (stopped.MapRun is InvokeTask mapRun)
            {
                DistributedMapBehaviour.Redrive(turn, frame, mapRun);
                return;
            }
        }
        else
        {
            frame.EnteredTime = turn.Now;
            frame.EnteredEventId = turn.Emit(frame.EventBeforeEntry, EnteredEvent(state.Type), new StateEnteredDetails(state.Name, frame.Input));
            frame.PreviousEventId = frame.EnteredEventId;
        }

        switch (state)
        {
            case CompiledPass pass:
                PassBehaviour.Run(turn, frame, pass);
                break;
            case CompiledChoice choice:
                ChoiceBehaviour.Run(turn, frame, choice);
                break;
            case CompiledTask task:
                TaskBehaviour.Attempt(turn, frame, task);
                break;
            case CompiledWait wait:
                WaitBehaviour.Start(turn, frame, wait);
                break;
            case CompiledSucceed succeed:
                SucceedBehaviour.Run(turn, frame, succeed);
                break;
            case CompiledFail fail:
                FailBehaviour.Run(turn, frame, fail);
                break;
            case CompiledParallel parallel:
                ParallelBehaviour.Attempt(turn, frame, parallel);
                break;
            case CompiledMapRun run:
                MapRunBehaviour.Start(turn, frame, run);
                break;
            case CompiledMap map:
                MapBehaviour.Attempt(turn, frame, map);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static void Proceed(Turn turn, LiveFrame frame, int next, JsonValue input)
    {
        frame.State = next;
        frame.Input = input;
        frame.Occupation = Entering.Instance;
        frame.Join = null;
    }

    private static void Complete(Turn turn, LiveFrame frame, JsonValue output)
    {
        if (turn.ParentOf(frame) is not LiveFrame parent)
        {
            turn.Succeed(frame.PreviousEventId, output);
            return;
        }

        turn.Close(frame);
        switch (turn.StateOf(parent))
        {
            case CompiledParallel parallel:
                ParallelBehaviour.BranchSucceeded(turn, parent, parallel, frame, output);
                break;
            case CompiledMap map:
                MapBehaviour.IterationSucceeded(turn, parent, map, frame, output);
                break;
            default:
                throw new UnreachableException();
        }

        Wake(turn, parent);
    }

    private static HistoryEventType EnteredEvent(StateType type) => type switch
    {
        StateType.Pass => HistoryEventType.PassStateEntered,
        StateType.Task => HistoryEventType.TaskStateEntered,
        StateType.Choice => HistoryEventType.ChoiceStateEntered,
        StateType.Wait => HistoryEventType.WaitStateEntered,
        StateType.Succeed => HistoryEventType.SucceedStateEntered,
        StateType.Fail => HistoryEventType.FailStateEntered,
        StateType.Parallel => HistoryEventType.ParallelStateEntered,
        StateType.Map => HistoryEventType.MapStateEntered,
        _ => throw new UnreachableException(),
    };

    private static HistoryEventType ExitedEvent(StateType type) => type switch
    {
        StateType.Pass => HistoryEventType.PassStateExited,
        StateType.Task => HistoryEventType.TaskStateExited,
        StateType.Choice => HistoryEventType.ChoiceStateExited,
        StateType.Wait => HistoryEventType.WaitStateExited,
        StateType.Succeed => HistoryEventType.SucceedStateExited,
        StateType.Parallel => HistoryEventType.ParallelStateExited,
        StateType.Map => HistoryEventType.MapStateExited,
        _ => throw new UnreachableException(), // A Fail state is never left.
    };
}
