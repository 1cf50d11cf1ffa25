using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Lockstep.Asl.Compiled;
using Lockstep.Engine.Commands;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.State;
using Lockstep.Engine.Turns;
using Lockstep.Json;

namespace Lockstep.Engine.Behaviours;

/// <summary>
/// The redrive of a map run (Step Functions, "Redriving Map Runs"): children that failed, timed out or were stopped are begun again, those that succeeded are
/// not, and items that were never begun are begun. Which children did not succeed the store tells, a bounded number at a time; new children are begun only
/// when it has told all, so that none of them is among those that it tells.
/// </summary>
internal static class MapRunRedriving
{
    /// <summary>Children that the store is asked for at a time.</summary>
    private const int ChildrenAtOnce = 1_000;

    /// <summary>Opens a map run again that has ended without success.</summary>
    public static void Reopen(Turn turn, LiveFrame frame, LiveMapRun run)
    {
        turn.VariableBytes += Assignment.SizeOf(run.Request.Variables);
        frame.Variables = run.Request.Variables;
        run.Stage = MapRunStage.Running;
        run.Error = null;
        run.Collected = JsonArray.Empty;
        run.Items = run.Items.Redriven();
        run.Executions = run.Executions.Redriven();
    }

    /// <summary>Whether the next child is one of before; it is begun again.</summary>
    public static bool TryBegin(Turn turn, LiveFrame frame, LiveMapRun run)
    {
        if (!TryNext(run, out PastChild? past))
        {
            return false;
        }

        var request = new MapChildRequest(past.Index, past.Input ?? JsonNull.Instance) { IsRedriven = true, IsStored = past.Input is null };
        InvokeTask command = MapRunBehaviour.Issue(turn, frame, MapRunResources.Child, request.ToJson());
        run.Open.Set(command.Id.Ordinal, new OpenChild(command, past.Items, Submitted: false));
        run.Executions = run.Executions.Again(1, past.End);
        run.Items = run.Items.Again(past.Items, past.End);
        turn.Spend(past.Input?.Utf8Length ?? 0);
        return true;
    }

    /// <summary>Has the store look for more, when what it has found is begun.</summary>
    public static void Look(Turn turn, LiveFrame frame, CompiledMapRun state, LiveMapRun run)
    {
        if (run.Past is { IsDone: false, Found.IsEmpty: true } past && run.Call is null)
        {
            run.Call = MapRunBehaviour.Issue(turn, frame, MapRunResources.Past, new PastChildrenRequest(
                ChildrenAtOnce, past.Cursor, state.Map.Distributed?.Batcher is not null).ToJson());
        }
    }

    /// <summary>Takes in what the store has found.</summary>
    public static void Take(LiveMapRun run, PastChildrenAnswer answer)
    {
        if (run.Past is not { } past)
        {
            return;
        }

        ImmutableArray<PastChild> found =
        [
            .. answer.Children.Select(child => new PastChild(child.Index, child.Items, MapRunChildEnds.Of(child.Status), Input: null)),
        ];
        HashSet<long> indices = [.. found.Select(child => child.Index)];
        run.Past = new PastChildren(
            answer.Cursor, answer.Cursor is null, [.. past.Found, .. found], past.Kept.RemoveAll(child => indices.Contains(child.Index)));
    }

    private static bool TryNext(LiveMapRun run, [NotNullWhen(true)] out PastChild? next)
    {
        next = null;
        if (run.Past is not { } past)
        {
            return false;
        }

        if (!past.Found.IsEmpty)
        {
            next = past.Found[0];
            run.Past = past with { Found = past.Found.RemoveAt(0) };
        }
        else if (past.IsDone && !past.Kept.IsEmpty)
        {
            next = past.Kept[0];
            run.Past = past with { Kept = past.Kept.RemoveAt(0) };
        }
        else if (past.IsDone)
        {
            run.Past = null;
            run.Executions = run.Executions.AllAgain();
            run.Items = run.Items.AllAgain();
        }

        return next is not null;
    }
}
