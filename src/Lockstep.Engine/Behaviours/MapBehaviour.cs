using System.Diagnostics.CodeAnalysis;
using Lockstep.Asl;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Evaluation;
using Lockstep.Engine.Failures;
using Lockstep.Engine.History;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.Testing;
using Lockstep.Engine.Turns;
using Lockstep.Json;

namespace Lockstep.Engine.Behaviours;

/// <summary>
/// Map (INLINE): opens a frame for each item, no more at a time than MaxConcurrency and the limit of open iterations allow, and joins when
/// all are done; the result is the array of their outputs in order of the items. The first iteration that fails fails the state.
/// </summary>
internal static class MapBehaviour
{
    public static void Attempt(Turn turn, LiveFrame frame, CompiledMap state)
    {
        if (!DataFlow.TryInput(turn, frame, state, out JsonValue? effective))
        {
            return;
        }

        if (turn.Inspection is StateInspection inspection)
        {
            // Of a tested state nothing inside runs: the mock stands for it.
            MapTest.Run(turn, frame, state, effective, inspection);
            return;
        }

        if (state.ChildType is not null)
        {
            DistributedMapBehaviour.Attempt(turn, frame, state, effective);
            return;
        }

        if (!TryItems(turn, frame, state, effective, out JsonArray? items)
            || !DataFlow.TryEvaluateInteger(turn, frame, state.MaxConcurrency, effective, out long? maxConcurrency)
            || !TryTolerance(turn, frame, state, effective))
        {
            return;
        }

        turn.Emit(frame, HistoryEventType.MapStateStarted, new MapStateStartedDetails(items.Count));
        frame.Join = LiveJoin.OfItems(items, effective);
        OpenUpTo(turn, frame, state, items, maxConcurrency);
        if (items.Count == 0)
        {
            Finish(turn, frame, state, frame.Join);
        }
    }

    /// <summary>After a redrive: opens iterations that were not begun, as far as those that go on leave room.</summary>
    public static void Resume(Turn turn, LiveFrame frame, CompiledMap state)
    {
        if (frame.Join is { Items: JsonArray items, EffectiveInput: JsonValue effective }
            && DataFlow.TryEvaluateInteger(turn, frame, state.MaxConcurrency, effective, out long? maxConcurrency))
        {
            OpenUpTo(turn, frame, state, items, maxConcurrency);
        }
    }

    private static void OpenUpTo(Turn turn, LiveFrame frame, CompiledMap state, JsonArray items, long? maxConcurrency)
    {
        int mostOpen = Math.Max(1, turn.Limits.MaxOpenIterations);
        long width = maxConcurrency is > 0 and long cap ? Math.Min(cap, mostOpen) : mostOpen;
        long previous = frame.PreviousEventId;
        while (frame.Join is LiveJoin join && join.Next < items.Count && join.Open.Count < width)
        {
            OpenNext(turn, frame, state, join, items, previous);
        }
    }

    /// <summary>The array that the state's iterations go over; a failure fails the state.</summary>
    private static bool TryItems(Turn turn, LiveFrame frame, CompiledMap state, JsonValue effective, [NotNullWhen(true)] out JsonArray? items) =>
        TryItems(turn, frame, state, effective, out _, out items);

    /// <summary>Whether the items of a state may be the members of an object.</summary>
    public static bool GoesOverMembers(Turn turn, CompiledState state) =>
        turn.Identity.InterpreterRevision >= Interpreter.KnowsItemSources && state is CompiledMap { ChildType: not null };

    /// <summary>The array or, in DISTRIBUTED mode, the object that the state's iterations go over; a failure fails the state.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="frame">The frame of the state.</param>
    /// <param name="state">The state.</param>
    /// <param name="effective">Its effective input.</param>
    /// <param name="selected">What is gone over; null when its evaluation failed.</param>
    /// <param name="items">The elements of the array, or the members of the object.</param>
    public static bool TryItems(
        Turn turn, LiveFrame frame, CompiledMap state, JsonValue effective, out JsonValue? selected, [NotNullWhen(true)] out JsonArray? items)
    {
        items = null;
        if (!DataFlow.TryEvaluate(turn, frame, state.Items, effective, out selected))
        {
            return false;
        }

        items = selected is JsonObject members && GoesOverMembers(turn, state) ? ItemOrigins.Members(members) : selected as JsonArray;
        if (items is null)
        {
            FailureRules.FailState(turn, frame, new StatesError(StatesErrorNames.Runtime, "Reference path \"$\" must point to array."));
        }

        return items is not null;
    }

    /// <summary>Evaluates what says how many failures are put up with: nothing in INLINE mode, but what is wrong with it shows.</summary>
    private static bool TryTolerance(Turn turn, LiveFrame frame, CompiledMap state, JsonValue effective) =>
        state.QueryLanguage != QueryLanguage.Jsonata
        || (DataFlow.TryEvaluate(turn, frame, state.Distributed?.ToleratedFailureCount, effective, out _)
            && DataFlow.TryEvaluate(turn, frame, state.Distributed?.ToleratedFailurePercentage, effective, out _));

    /// <summary>The input of an iteration: its item, or what ItemSelector makes of it.</summary>
    public static Evaluated InputOf(Turn turn, LiveFrame frame, CompiledMap state, JsonValue effective, MapItem item) =>
        state.Parameters is ValueExpression selector ? selector.Evaluate(turn.Scope.At(frame, effective, item)) : Evaluated.Of(item.Value);

    public static void IterationSucceeded(Turn turn, LiveFrame frame, CompiledMap state, LiveFrame iteration, JsonValue output)
    {
        LiveJoin join = frame.Join ?? throw new InvalidOperationException("An iteration is done that its state does not wait for.");
        JsonArray items = join.Items ?? throw new InvalidOperationException("A Map state joins without items.");
        join.Finish(iteration.Index, output);
        frame.PreviousEventId = turn.Emit(
            iteration.PreviousEventId, HistoryEventType.MapIterationSucceeded, new MapIterationDetails(state.Name, iteration.Index));
        if (join.Next < items.Count)
        {
            // The iteration that takes a place follows the last event inside the one that left it.
            OpenNext(turn, frame, state, join, items, iteration.PreviousEventId);
        }
        else if (join.Open.Count == 0)
        {
            Finish(turn, frame, state, join);
        }
    }

    public static void EmitIterationFailed(Turn turn, CompiledMap state, LiveFrame iteration) =>
        turn.Emit(iteration.PreviousEventId, HistoryEventType.MapIterationFailed, new MapIterationDetails(state.Name, iteration.Index));

    private static void OpenNext(Turn turn, LiveFrame frame, CompiledMap state, LiveJoin join, JsonArray items, long previousEventId)
    {
        int index = join.Next++;
        JsonValue item = items[index];
        JsonValue input = item;
        if (state.Parameters is not null)
        {
            Evaluated evaluated = InputOf(turn, frame, state, join.EffectiveInput ?? frame.Input, new MapItem(index, item));
            if (!evaluated.Succeeded)
            {
                AbortOthers(turn, frame, join, index, FailureRules.EndsAtOnce(turn, new Failure(evaluated.Error, FailureOrigin.State)));
                FailureRules.FailState(turn, frame, evaluated.Error);
                return;
            }

            if (turn.IsOversized(evaluated.Value))
            {
                AbortOthers(turn, frame, join, index, silently: false);
                FailureRules.FailOversized(turn, frame);
                return;
            }

            input = evaluated.Value;
        }

        long started = turn.Emit(previousEventId, HistoryEventType.MapIterationStarted, new MapIterationDetails(state.Name, index));
        LiveFrame opened = turn.Open(frame, index, item, turn.Machine.Scopes[state.Processor].StartState, input, started);
        join.Open.Set(index, opened.Id);
        turn.Enqueue(opened);
    }

    /// <summary>An iteration cannot be opened: a redrive opens it, and goes on with the others.</summary>
    private static void AbortOthers(Turn turn, LiveFrame frame, LiveJoin join, int index, bool silently)
    {
        join.Next = index;
        frame.Inside = StoppedInside.Of(turn, frame, failed: null, insideFailed: null);
        Aborting.AbortOthers(turn, frame, index, silently);
    }

    private static void Finish(Turn turn, LiveFrame frame, CompiledMap state, LiveJoin join)
    {
        // The exit follows the last iteration, not this event: so does AWS link them.
        turn.Emit(frame.PreviousEventId, HistoryEventType.MapStateSucceeded, null);
        frame.Join = null;
        DataFlow.AcceptResult(turn, frame, state, join.Outputs());
    }
}
