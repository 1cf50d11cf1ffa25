using Lockstep.Json;
using Lockstep.Targets.MapRuns.Reading;

namespace Lockstep.Fuzz.Targets;

/// <summary>Readers of items, which go on at a cursor: whatever the pieces, the items are the same.</summary>
internal static class ItemReading
{
    private const int MostPieces = 100_000;

    /// <summary>The outcome of a read from memory, which never waits.</summary>
    public static FileItems Done(ValueTask<FileItems> reading) =>
        reading.IsCompleted ? reading.GetAwaiter().GetResult() : throw new InvalidOperationException("A read from memory waits.");

    /// <summary>Compares a read of everything with one in pieces; true when the source is well formed.</summary>
    public static bool Agree(Func<FileItems> readAll, Func<string?, FileItems> readPiece)
    {
        string all = Attempt(() => readAll().Items.ToString(), out bool accepted);
        string pieces = Attempt(
            () =>
            {
                var items = new JsonArrayBuilder();
                string? cursor = null;
                for (int piece = 0; piece < MostPieces; piece++)
                {
                    FileItems answer = readPiece(cursor);
                    foreach (JsonValue item in answer.Items)
                    {
                        items.Add(item);
                    }

                    cursor = answer.Cursor;
                    if (cursor is null)
                    {
                        return items.ToArray().ToString();
                    }
                }

                throw new InvalidOperationException("The cursor does not come to an end.");
            },
            out _);
        return all == pieces ? accepted : throw new InvalidOperationException($"Read at once it is {all}, in pieces {pieces}.");
    }

    private static string Attempt(Func<string> read, out bool accepted)
    {
        accepted = false;
        try
        {
            string items = read();
            accepted = true;
            return items;
        }
        catch (ItemReadException refused)
        {
            return refused.Message;
        }
    }
}
