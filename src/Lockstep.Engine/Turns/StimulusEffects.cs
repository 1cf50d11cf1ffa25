using System.Diagnostics;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Evaluation;
using Lockstep.Engine.Behaviours;
using Lockstep.Engine.History;
using Lockstep.Engine.Redrives;
using Lockstep.Engine.State;
using Lockstep.Engine.Stimuli;

namespace Lockstep.Engine.Turns;

/// <summary>
/// What each stimulus does to a running execution. One that is for something no longer waited for does nothing: outcomes may come late
/// and twice.
/// </summary>
internal static class StimulusEffects
{
    public static void Apply(Turn turn, Stimulus stimulus)
    {
        switch (stimulus)
        {
            case Started:
                Start(turn);
                break;
            case Continued:
                turn.AcceptContinue();
                break;
            case TimerFired fired:
                Fire(turn, fired);
                break;
            case Redriven redriven:
                Redriving.Begin(turn, redriven);
                break;
            case StopRequested stop:
                turn.Fail(ExecutionStatus.Aborted, 0, new StatesError(stop.Error, stop.Cause));
                break;
            case TaskSucceeded succeeded:
                Settle(turn, succeeded.Task, succeeded);
                break;
            case TaskFailed failed:
                Settle(turn, failed.Task, failed);
                break;
            case TaskSubmitted submitted:
                Settle(turn, submitted.Task, submitted);
                break;
            case ActivityTaken taken:
                Settle(turn, taken.Task, taken);
                break;
            case HeartbeatMissed missed:
                Settle(turn, missed.Task, missed);
                break;
            case MapRunUpdated updated:
                if (turn.Load(Frame.RootId) is LiveFrame root && turn.StateOf(root) is CompiledMapRun run && root.MapRun is not null)
                {
                    MapRunBehaviour.Update(turn, root, run, updated.Settings);
                }

                break;
            default:
                throw new UnreachableException();
        }

        Transitions.RunReady(turn, fromEarlierTurns: stimulus is Continued);
    }

    private static void Start(Turn turn)
    {
        ExecutionIdentity identity = turn.Identity;
        turn.Emit(
            0,
            HistoryEventType.ExecutionStarted,
            new ExecutionStartedDetails(
                turn.ExecutionInput, identity.RoleArn, identity.StateMachineAliasArn, identity.StateMachineVersionArn));
        if (turn.Machine.TimeoutSeconds is long timeoutSeconds)
        {
            turn.StartExecutionTimeout(timeoutSeconds);
        }

        // The first state does not follow ExecutionStarted: AWS begins the thread at 0.
        turn.Enqueue(turn.Open(null, 0, null, turn.Machine.Scopes[0].StartState, turn.ExecutionInput, 0));
    }

    private static void Settle(Turn turn, CommandId task, Stimulus outcome)
    {
        if (turn.FindAwaiting(task) is not LiveFrame frame)
        {
            return;
        }

        switch (frame.Occupation, turn.StateOf(frame))
        {
            case (CallingTask calling, CompiledTask state):
                TaskBehaviour.Settle(turn, frame, state, calling, outcome);
                break;
            case (CallingTask calling, CompiledMap state):
                DistributedMapBehaviour.Settle(turn, frame, state, calling, outcome);
                break;
            case (_, CompiledMapRun state):
                MapRunBehaviour.Settle(turn, frame, state, task, outcome);
                break;
            default:
                return;
        }

        Transitions.Wake(turn, frame);
    }

    private static void Fire(Turn turn, TimerFired fired)
    {
        if (turn.TryAcceptExecutionTimeout(fired.Timer))
        {
            turn.Fail(ExecutionStatus.TimedOut, 0, new StatesError(StatesErrorNames.Timeout, null));
            return;
        }

        if (turn.FindAwaiting(fired.Timer) is not LiveFrame frame)
        {
            return;
        }

        turn.Forget(fired.Timer);
        switch (frame.Occupation, turn.StateOf(frame))
        {
            case (Sleeping, CompiledWait wait):
                WaitBehaviour.Finish(turn, frame, wait);
                break;
            case (CallingTask calling, CompiledTask task):
                TaskBehaviour.Settle(turn, frame, task, calling, fired);
                break;
            case (BackingOff, CompiledTask task):
                TaskBehaviour.Attempt(turn, frame, task);
                break;
            case (BackingOff, CompiledParallel parallel):
                ParallelBehaviour.Attempt(turn, frame, parallel);
                break;
            case (BackingOff, CompiledMap map):
                MapBehaviour.Attempt(turn, frame, map);
                break;
            default:
                throw new UnreachableException();
        }

        Transitions.Wake(turn, frame);
    }
}
