using Lockstep.Asl;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Evaluation;
using Lockstep.Engine.Behaviours;
using Lockstep.Engine.Failures;
using Lockstep.Engine.MapRuns;
using Lockstep.Engine.Turns;
using Lockstep.Json;

namespace Lockstep.Engine.Testing;

/// <summary>
/// What a tested Map state does before its iterations would begin: finds its items, and evaluates what says how they would run. A failure on the
/// way fails the state.
/// </summary>
internal static class MapTest
{
    public static void Run(Turn turn, LiveFrame frame, CompiledMap state, JsonValue effective, StateInspection inspection)
    {
        if (TryFindItems(turn, frame, state, effective, inspection, out JsonArray? items, out JsonArray origins)
            && TryEvaluateSettings(turn, frame, state, effective, inspection)
            && items is not null
            && TrySelect(turn, frame, state, effective, inspection, origins, ref items)
            && TryBatch(turn, frame, state, effective, inspection, ref items))
        {
            inspection.Iterations = items.Count;
        }
    }

    /// <summary>Finds the items; null when an ItemReader reads them and nothing is known of what it reads.</summary>
    private static bool TryFindItems(
        Turn turn, LiveFrame frame, CompiledMap state, JsonValue effective, StateInspection inspection, out JsonArray? items, out JsonArray origins)
    {
        origins = JsonArray.Empty;
        if (state.Distributed?.Reader is not ItemReaderFields reader)
        {
            bool found = MapBehaviour.TryItems(turn, frame, state, effective, out JsonValue? selected, out items);
            if (found && state.QueryLanguage == QueryLanguage.JsonPath)
            {
                inspection.Note(InspectedStep.AfterItemsPath, selected);
            }

            if (items is not null && state.ChildType is not null)
            {
                origins = ItemOrigins.Of(items.Count, ItemOrigins.StateData, selected is JsonObject);
            }

            return found;
        }

        items = null;
        if (!DataFlow.TryEvaluate(turn, frame, reader.Parameters, effective, out JsonValue? arguments)
            || !DataFlow.TryEvaluateInteger(turn, frame, reader.MaxItems, effective, out long? maxItems))
        {
            return false;
        }

        if (inspection.ItemReaderData is not string data)
        {
            return true;
        }

        if (!ItemReaderData.TryRead(reader, data, maxItems, out JsonValue? node, out items, out string? problem))
        {
            FailureRules.FailState(turn, frame, new StatesError(StatesErrorNames.ItemReaderFailed, problem));
            return false;
        }

        if (reader.ItemsPointer is not null)
        {
            inspection.Note(InspectedStep.AfterItemsPointer, node is JsonObject ? node : items);
        }

        origins = ItemOrigins.Of(items.Count, SourceOf(reader, arguments), node is JsonObject);

        return true;
    }

    /// <summary>What the items would show as their source. Of which of several objects they are the test data does not say.</summary>
    private static string SourceOf(ItemReaderFields reader, JsonValue? arguments)
    {
        string? bucket = ((arguments as JsonObject)?["Bucket"] as JsonString)?.Value;
        string? key = ((arguments as JsonObject)?["Key"] as JsonString)?.Value;
        return ItemOrigins.Uri(bucket ?? "", reader.ListsObjects ? null : key ?? "");
    }

    private static bool TryEvaluateSettings(Turn turn, LiveFrame frame, CompiledMap state, JsonValue effective, StateInspection inspection)
    {
        if (!DataFlow.TryEvaluateInteger(turn, frame, state.MaxConcurrency, effective, out long? maxConcurrency))
        {
            return false;
        }

        inspection.Note(InspectedStep.MaxConcurrency, JsonNumber.Of(maxConcurrency ?? 0));
        if (state.Distributed is not DistributedMapFields distributed)
        {
            return true;
        }

        if (!TryNumber(turn, frame, distributed.ToleratedFailureCount, effective, out JsonNumber? count)
            || !TryNumber(turn, frame, distributed.ToleratedFailurePercentage, effective, out JsonNumber? percentage))
        {
            return false;
        }

        inspection.Note(InspectedStep.ToleratedFailureCount, count);
        inspection.Note(InspectedStep.ToleratedFailurePercentage, percentage);
        inspection.Tolerance = new FailureTolerance(count?.ToDouble(), percentage?.ToDouble());
        return true;
    }

    private static bool TryNumber(Turn turn, LiveFrame frame, ValueExpression? expression, JsonValue effective, out JsonNumber? number)
    {
        number = null;
        if (expression is null)
        {
            return true;
        }

        bool evaluated = DataFlow.TryEvaluate(turn, frame, expression, effective, out JsonValue? value);
        number = value as JsonNumber;
        return evaluated;
    }

    private static bool TrySelect(
        Turn turn, LiveFrame frame, CompiledMap state, JsonValue effective, StateInspection inspection, JsonArray origins, ref JsonArray items)
    {
        if (state.Parameters is null)
        {
            return true;
        }

        var inputs = new JsonArrayBuilder(items.Count);
        long bytes = 0;
        for (int i = 0; i < items.Count; i++)
        {
            Evaluated input = MapBehaviour.InputOf(turn, frame, state, effective, ItemOrigins.Shown(origins, i, i, items[i]));
            if (!input.Succeeded)
            {
                FailureRules.FailState(turn, frame, input.Error);
                return false;
            }

            bytes += input.Value.Utf8Length;
            if (turn.IsOversized(input.Value) || bytes > turn.Limits.MaxBytesPerTurn)
            {
                FailureRules.FailOversized(turn, frame);
                return false;
            }

            inputs.Add(input.Value);
        }

        items = inputs.ToArray();
        inspection.Note(InspectedStep.AfterItemSelector, items);
        return true;
    }

    private static bool TryBatch(
        Turn turn, LiveFrame frame, CompiledMap state, JsonValue effective, StateInspection inspection, ref JsonArray items)
    {
        if (state.Distributed?.Batcher is not ItemBatcherFields batcher)
        {
            return true;
        }

        if (!DataFlow.TryEvaluateInteger(turn, frame, batcher.MaxItemsPerBatch, effective, out long? mostItems)
            || !DataFlow.TryEvaluateInteger(turn, frame, batcher.MaxInputBytesPerBatch, effective, out long? mostBytes)
            || !TryBatchInput(turn, frame, batcher, effective, out JsonValue? batchInput))
        {
            return false;
        }

        items = ItemBatches.Of(items, batchInput, mostItems, Math.Min(mostBytes ?? long.MaxValue, turn.Limits.MaxPayloadBytes));
        inspection.Note(InspectedStep.AfterItemBatcher, items);
        return true;
    }

    private static bool TryBatchInput(Turn turn, LiveFrame frame, ItemBatcherFields batcher, JsonValue effective, out JsonValue? batchInput)
    {
        batchInput = null;
        return batcher.BatchInput is null || DataFlow.TryEvaluate(turn, frame, batcher.BatchInput, effective, out batchInput);
    }
}
