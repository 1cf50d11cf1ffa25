using Lockstep.Asl.Compiled;
using Lockstep.Engine.History;
using Lockstep.Engine.Turns;
using Lockstep.Json;

namespace Lockstep.Engine.Behaviours;

/// <summary>
/// Parallel: opens a frame for each branch with the same input, and joins when all are done; the result is the array of their outputs in
/// order of the branches. The first branch that fails fails the state.
/// </summary>
internal static class ParallelBehaviour
{
    public static void Attempt(Turn turn, LiveFrame frame, CompiledParallel state)
    {
        if (!DataFlow.TryInput(turn, frame, state, out JsonValue? effective)
            || !DataFlow.TryShape(turn, frame, state.Parameters, effective, out JsonValue? input))
        {
            return;
        }

        turn.Emit(frame, HistoryEventType.ParallelStateStarted, null);
        frame.Join = LiveJoin.OfBranches();
        if (turn.Inspection is not null)
        {
            return; // Of a tested state nothing inside runs: the mock stands for it.
        }

        for (int i = 0; i < state.Branches.Length; i++)
        {
            CompiledScope branch = turn.Machine.Scopes[state.Branches[i]];
            LiveFrame opened = turn.Open(frame, i, null, branch.StartState, input, frame.PreviousEventId);
            frame.Join.Open.Set(i, opened.Id);
            turn.Enqueue(opened);
        }
    }

    public static void BranchSucceeded(Turn turn, LiveFrame frame, CompiledParallel state, LiveFrame branch, JsonValue output)
    {
        LiveJoin join = frame.Join ?? throw new InvalidOperationException("A branch is done that its state does not wait for.");
        join.Finish(branch.Index, output);
        frame.PreviousEventId = branch.PreviousEventId;
        if (join.Open.Count == 0)
        {
            // The exit follows the last branch, not this event: so does AWS link them.
            turn.Emit(frame.PreviousEventId, HistoryEventType.ParallelStateSucceeded, null);
            frame.Join = null;
            DataFlow.AcceptResult(turn, frame, state, join.Outputs());
        }
    }
}
