using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Lockstep.Asl;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Evaluation;
using Lockstep.Engine.Behaviours;
using Lockstep.Engine.Commands;
using Lockstep.Engine.History;
using Lockstep.Engine.State;
using Lockstep.Engine.Turns;
using Lockstep.Json;

namespace Lockstep.Engine.Failures;

/// <summary>
/// What happens to a failure, in this order (States Language, "Errors"): (1) a Retrier of the state tries again, (2) a Catcher leads to
/// another state, (3) the scope fails: the execution, or the Parallel or Map state around it, whose other branches are aborted.
/// </summary>
internal static class FailureRules
{
    /// <summary>Fails the state that a frame is in for a reason of its own, such as an expression that cannot be evaluated.</summary>
    public static void FailState(Turn turn, LiveFrame frame, StatesError error) => Fail(turn, frame, OfState(turn, frame, error));

    /// <summary>
    /// A failure of the state itself; its cause says where the error occurred, as AWS words it. An expression of a JSONata state that fails has an
    /// event of its own.
    /// </summary>
    public static Failure OfState(Turn turn, LiveFrame frame, StatesError error)
    {
        if (turn.Inspection is not null)
        {
            return new Failure(error, FailureOrigin.State); // There is no history that the place could refer to.
        }

        string place = string.Create(
            CultureInfo.InvariantCulture,
            $"An error occurred while executing the state '{turn.StateOf(frame).Name}' (entered at the event id #{frame.EnteredEventId}). ");
        error = error with { Cause = place + error.Cause };
        if (error.Name == StatesErrorNames.QueryEvaluationError)
        {
            EmitEvaluationFailed(turn, frame, error);
        }

        return new Failure(error, FailureOrigin.State);
    }

    /// <summary>Fails a state whose output, or a value on the way to it, is larger than the payload limit.</summary>
    public static void FailOversized(Turn turn, LiveFrame frame) =>
        Fail(turn, frame, new Failure(Oversized(turn.StateOf(frame).Name), FailureOrigin.State));

    /// <summary>The error for a payload over the limit.</summary>
    /// <param name="source">The state, or the task by its resource, that produced it.</param>
    public static StatesError Oversized(string source) => new(
        StatesErrorNames.DataLimitExceeded,
        $"The state/task '{source}' returned a result with a size exceeding the maximum number of bytes service limit.");

    /// <summary>Fails the state that a frame is in.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="frame">The frame; nothing is open in it any more.</param>
    /// <param name="failure">Why.</param>
    /// <param name="fromInside">Whether a branch or iteration of the state failed, rather than the state itself.</param>
    public static void Fail(Turn turn, LiveFrame frame, Failure failure, bool fromInside = false)
    {
        if (turn.StateOf(frame) is CompiledWorkState state)
        {
            // (1)
            if (TryRetry(turn, frame, state, failure))
            {
                return;
            }

            if ((fromInside || failure.Error.Name != StatesErrorNames.Runtime) && !EndsAtOnce(turn, failure))
            {
                EmitStateFailed(turn, frame, state.Type);
            }

            // (2)
            if (TryCatch(turn, frame, state, ref failure))
            {
                return;
            }
        }

        // (3)
        Frame stopped = frame.Inside is { } inside
            ? frame.Save() with { Occupation = inside.Join }
            : StoppedFrames.Of(frame.Save(), failed: true);
        turn.EndVisit(frame, VisitOutcome.Failed);
        turn.Inspection?.Failed(failure.Error);
        FailScope(turn, frame, failure, stopped);
    }

    /// <summary>
    /// Whether the execution ends where the failure arose: nothing takes States.Runtime, so that history goes from the state that failed to the end, whatever
    /// is around it and beside it.
    /// </summary>
    public static bool EndsAtOnce(Turn turn, Failure failure) =>
        failure.Error.Name == StatesErrorNames.Runtime && failure.Origin != FailureOrigin.Task
        && turn.Identity.InterpreterRevision >= Interpreter.EndsAtOnce;

    private static void EmitEvaluationFailed(Turn turn, LiveFrame frame, StatesError error)
    {
        // AWS takes entry and evaluation in one step: what fails there follows the event before the entry.
        long previous = frame.PreviousEventId == frame.EnteredEventId ? frame.EventBeforeEntry : frame.PreviousEventId;
        frame.PreviousEventId = turn.Emit(
            previous,
            HistoryEventType.EvaluationFailed,
            new EvaluationFailedDetails(turn.StateOf(frame).Name, error.Name, error.Cause, error.Location));
    }

    private static bool TryRetry(Turn turn, LiveFrame frame, CompiledWorkState state, Failure failure)
    {
        int index = IndexOf(state.Retry, failure);
        if (index < 0)
        {
            return false;
        }

        int used = turn.Inspection?.RetriesBefore ?? frame.Retries.Of(index);
        if (used >= state.Retry[index].MaxAttempts)
        {
            return false;
        }

        TimeSpan delay = RetryDelay.Of(state.Retry[index], used, turn);
        turn.Inspection?.Retried(index, delay, failure.Error);
        frame.Retries = frame.Retries.Add(index);
        frame.Join = null;
        frame.Inside = null;
        frame.Occupation = new BackingOff(turn.StartTimer(frame, turn.Now + delay, TimerPurpose.Retry));
        return true;
    }

    private static bool TryCatch(Turn turn, LiveFrame frame, CompiledWorkState state, ref Failure failure)
    {
        for (int i = 0; i < state.Catch.Length; i++)
        {
            Catcher catcher = state.Catch[i];
            if (!failure.Matches(catcher.ErrorEquals))
            {
                continue;
            }

            var errorOutput = JsonObject.Of(
                new JsonProperty("Error", JsonString.Of(failure.Error.Name ?? "")),
                new JsonProperty("Cause", JsonString.Of(failure.Error.Cause ?? "")));
            if (CatcherOutcome.Of(turn, frame, state, catcher, errorOutput, out Failure followUp) is not CatcherOutcome outcome)
            {
                // What goes wrong in a Catcher is not caught by another one.
                failure = followUp;
                return false;
            }

            frame.Join = null;
            frame.Inside = null;
            turn.EndVisit(frame, VisitOutcome.Caught);
            turn.Inspection?.Caught(i, failure.Error);
            Transitions.Exit(turn, frame, state, outcome.Output, outcome.Assigned, catcher.NextState);
            return true;
        }

        return false;
    }

    private static int IndexOf(ImmutableArray<Retrier> retriers, Failure failure)
    {
        for (int i = 0; i < retriers.Length; i++)
        {
            if (failure.Matches(retriers[i].ErrorEquals))
            {
                return i;
            }
        }

        return -1;
    }

    private static void EmitStateFailed(Turn turn, LiveFrame frame, StateType type)
    {
        if (type == StateType.Parallel)
        {
            turn.Emit(frame, HistoryEventType.ParallelStateFailed, null);
        }
        else if (type == StateType.Map)
        {
            turn.Emit(frame, HistoryEventType.MapStateFailed, null);
        }
    }

    private static void FailScope(Turn turn, LiveFrame frame, Failure failure, Frame stopped)
    {
        if (turn.ParentOf(frame) is not LiveFrame parent)
        {
            turn.Fail(ExecutionStatus.Failed, frame.PreviousEventId, failure.Error, [stopped, .. frame.Inside?.Frames ?? []]);
            return;
        }

        parent.Inside = StoppedInside.Of(turn, parent, stopped, frame.Inside);

        turn.Close(frame);
        bool atOnce = EndsAtOnce(turn, failure);
        switch (turn.StateOf(parent))
        {
            case CompiledParallel:
                break;
            case CompiledMap when atOnce:
                break;
            case CompiledMap map:
                MapBehaviour.EmitIterationFailed(turn, map, frame);
                break;
            default:
                throw new UnreachableException();
        }

        Aborting.AbortOthers(turn, parent, frame.Index, silently: atOnce);
        parent.PreviousEventId = frame.PreviousEventId;
        Fail(turn, parent, failure, fromInside: true);
        Transitions.Wake(turn, parent);
    }
}
