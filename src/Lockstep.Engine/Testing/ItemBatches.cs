using Lockstep.Json;

namespace Lockstep.Engine.Testing;

/// <summary>Puts items together as an ItemBatcher does: in order, each batch as full as its limits allow, one item at least.</summary>
internal static class ItemBatches
{
    /// <summary>The inputs of the iterations.</summary>
    /// <param name="items">The items.</param>
    /// <param name="batchInput">What every batch carries besides; null for nothing.</param>
    /// <param name="mostItems">Items of a batch at most; null when only the bytes count.</param>
    /// <param name="mostBytes">Bytes of a batch at most.</param>
    public static JsonArray Of(JsonArray items, JsonValue? batchInput, long? mostItems, long mostBytes)
    {
        var batches = new JsonArrayBuilder();
        int next = 0;
        while (next < items.Count)
        {
            var batch = new JsonArrayBuilder();
            long bytes = Wrapped(batchInput, JsonArray.Empty).Utf8Length;
            int first = next;
            while (next < items.Count && next - first < (mostItems ?? long.MaxValue))
            {
                int separator = next > first ? 1 : 0;
                bytes += items[next].Utf8Length + separator;
                if (next > first && bytes > mostBytes)
                {
                    break;
                }

                batch.Add(items[next++]);
            }

            batches.Add(Wrapped(batchInput, batch.ToArray()));
        }

        return batches.ToArray();
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
