using Lockstep.Asl.Compiled;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.Turns;
using Lockstep.Json;

namespace Lockstep.Engine.Behaviours;

/// <summary>
/// Has the results of a map run gone over, in calls that each take a bounded number of children. What is collected is no more than the result of a
/// state may have, and what is written is with whoever writes it; so nothing here grows with the number of children.
/// </summary>
internal static class MapRunResults
{
    /// <summary>Asks for the results from a place on.</summary>
    /// <remarks>
    /// The first request is what it always was, and an answer without a place to go on ends the map run as it always did; so map runs of every revision
    /// go on as they have begun.
    /// </remarks>
    public static void Ask(Turn turn, LiveFrame frame, CompiledMapRun state, LiveMapRun run, ResultsCursor? cursor)
    {
        ResultWriterFields? writer = state.Map.Distributed?.Writer;
        run.Call = MapRunBehaviour.Issue(turn, frame, MapRunResources.Results, new ResultsRequest(
            run.Children,
            run.Request.Destination,
            writer?.Transformation ?? "COMPACT",
            writer?.OutputType ?? "JSON",
            run.Request.Arn,
            turn.Limits.MaxPayloadBytes,
            cursor).ToJson());
    }

    /// <summary>Takes in results, and asks for more while there are any.</summary>
    public static void Take(Turn turn, LiveFrame frame, CompiledMapRun state, LiveMapRun run, ResultsAnswer answer)
    {
        run.Executions = run.Executions with { ResultsWritten = answer.Written };
        run.Items = run.Items with { ResultsWritten = ItemsWritten(run, answer.Written) };
        Collect(run, answer.Collected);
        if (answer.Next is { } next)
        {
            Ask(turn, frame, state, run, next);
            return;
        }

        MapRunBehaviour.End(turn, frame, state, run, answer.Output ?? Collected(state, run));
    }

    private static void Collect(LiveMapRun run, JsonArray? results)
    {
        if (results is null or { Count: 0 })
        {
            return;
        }

        var together = new JsonArrayBuilder(run.Collected.Count + results.Count);
        foreach (JsonValue result in run.Collected)
        {
            together.Add(result);
        }

        foreach (JsonValue result in results)
        {
            together.Add(result);
        }

        run.Collected = together.ToArray();
    }

    private static JsonValue Collected(CompiledMapRun state, LiveMapRun run) =>
        state.Map.Distributed?.Writer?.OutputType == "JSONL" ? JsonString.Of(string.Join('\n', run.Collected)) : run.Collected;

    /// <summary>Items whose results are written: all that have ended, when every child that has ended is written.</summary>
    private static long ItemsWritten(LiveMapRun run, long written) =>
        written == run.Executions.Succeeded + run.Executions.Failed + run.Executions.TimedOut + run.Executions.Aborted ? run.Items.Total : written;
}
