using System.Diagnostics.CodeAnalysis;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Evaluation;
using Lockstep.Engine.Failures;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.Turns;
using Lockstep.Json;

namespace Lockstep.Engine.Behaviours;

/// <summary>Makes the inputs of children from items: each through the ItemSelector, then together in batches.</summary>
internal static class ItemInputs
{
    /// <summary>Makes the input of the next child. Without one and without a problem, more items have to be read first.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="frame">The frame of the map run.</param>
    /// <param name="map">The Map state.</param>
    /// <param name="run">The map run; it is not changed.</param>
    /// <param name="input">The input.</param>
    /// <param name="items">Items that it takes.</param>
    /// <param name="problem">Why the map run fails; null when it does not.</param>
    public static bool TryNext(
        Turn turn, LiveFrame frame, CompiledMap map, LiveMapRun run, [NotNullWhen(true)] out JsonValue? input, out int items, out StatesError? problem)
    {
        input = null;
        items = 0;
        problem = null;
        if (run.Source.Pending == 0)
        {
            return false;
        }

        bool made = map.Distributed?.Batcher is null
            ? TrySelect(turn, frame, map, run, 0, out input, out problem)
            : TryBatch(turn, frame, map, run, out input, out items, out problem);
        if (!made || input is null)
        {
            return false;
        }

        items = Math.Max(items, 1);
        if (turn.IsOversized(input))
        {
            problem = FailureRules.Oversized(map.Name);
            return false;
        }

        return true;
    }

    /// <summary>Whether more items have to be read before the next child can be begun, or soon after.</summary>
    public static bool NeedsMore(LiveMapRun run) =>
        run.Source.Pending == 0 || (IsBatched(run) && run.Source.Pending < (run.Request.MaxItemsPerBatch ?? long.MaxValue) && !FillsBatch(run));

    private static bool IsBatched(LiveMapRun run) => run.Request.MaxItemsPerBatch is not null || run.Request.MaxInputBytesPerBatch is not null;

    /// <summary>Whether the pending items alone, as they are, have as many bytes as a batch may: then they fill one, unless a selector makes them smaller.</summary>
    private static bool FillsBatch(LiveMapRun run)
    {
        long bytes = 0;
        for (int i = run.Source.Next; i < run.Source.Read.Count; i++)
        {
            bytes += run.Source.Read[i].Utf8Length;
        }

        return bytes > MostHeldBytes;
    }

    /// <summary>Bytes of items that are held for one batch at most: a selector that makes nothing of them must not fill the memory.</summary>
    private const long MostHeldBytes = 4 * 1024 * 1024;

    private static bool TrySelect(
        Turn turn, LiveFrame frame, CompiledMap map, LiveMapRun run, int ahead, out JsonValue? input, out StatesError? problem)
    {
        long index = run.Source.Begun + ahead;
        int position = run.Source.Next + ahead;
        JsonValue read = run.Source.Read[position];
        if (map.Parameters is null)
        {
            input = read;
            problem = null;
            return true;
        }

        MapItem item = ItemOrigins.Shown(run.Source.Origins, position, (int)Math.Min(index, int.MaxValue), read);
        if (turn.Identity.InterpreterRevision < Interpreter.KnowsItemSources)
        {
            item = item with { Source = null };
        }

        Evaluated evaluated = MapBehaviour.InputOf(turn, frame, map, run.Request.Input, item);
        input = evaluated.Succeeded ? evaluated.Value : null;
        problem = evaluated.Succeeded ? null : evaluated.Error;
        return evaluated.Succeeded;
    }

    private static bool TryBatch(
        Turn turn, LiveFrame frame, CompiledMap map, LiveMapRun run, out JsonValue? input, out int items, out StatesError? problem)
    {
        input = null;
        problem = null;
        long mostItems = run.Request.MaxItemsPerBatch ?? long.MaxValue;
        long mostBytes = Math.Min(run.Request.MaxInputBytesPerBatch ?? long.MaxValue, turn.Limits.MaxPayloadBytes);
        var batch = new JsonArrayBuilder();
        long bytes = Wrapped(run.Request.BatchInput, JsonArray.Empty).Utf8Length;
        bool full = false;
        for (items = 0; !full && items < run.Source.Pending && items < mostItems;)
        {
            if (!TrySelect(turn, frame, map, run, items, out JsonValue? item, out problem) || item is null)
            {
                return false;
            }

            bytes += item.Utf8Length + (items > 0 ? 1 : 0);
            full = items > 0 && bytes > mostBytes;
            if (!full)
            {
                batch.Add(item);
                items++;
            }
        }

        if (!full && items < mostItems && !run.Source.IsDone && NeedsMore(run))
        {
            return false;
        }

        input = Wrapped(run.Request.BatchInput, batch.ToArray());
        return true;
    }

    private static JsonObject Wrapped(JsonValue? batchInput, JsonArray items)
    {
        var batch = new JsonObjectBuilder();
        if (batchInput is not null)
        {
            batch.Add("BatchInput", batchInput);
        }

        return batch.Add("Items", items).Build();
    }
}
