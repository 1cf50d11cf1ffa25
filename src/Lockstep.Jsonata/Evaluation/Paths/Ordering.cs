using Lockstep.Json;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Evaluation.Paths;

/// <summary>The order <c>^(...)</c>: by the first key that differs; items without a key come last. Equal items keep their order.</summary>
internal sealed class Ordering(Node[] keys, bool[] descending, int position)
{
    public object? Sort(object? list, Frame frame, Evaluator run)
    {
        if (!ArrayView.TryGet(list, out ArrayView items))
        {
            return list;
        }

        var keyed = new Keyed<object?>[items.Count];
        for (int i = 0; i < keyed.Length; i++)
        {
            keyed[i] = new Keyed<object?>(items[i], keyed.Length < 2 ? [] : Keys(items[i], frame, run));
        }

        Sort(keyed, run);
        var sorted = new Sequence(keyed.Length);
        foreach (Keyed<object?> item in keyed)
        {
            sorted.Add(item.Item);
        }

        return sorted;
    }

    public List<PathTuple> Sort(List<PathTuple> tuples, Frame frame, Evaluator run)
    {
        if (tuples.Count < 2)
        {
            return tuples;
        }

        var keyed = new Keyed<PathTuple>[tuples.Count];
        for (int i = 0; i < keyed.Length; i++)
        {
            keyed[i] = new Keyed<PathTuple>(tuples[i], Keys(tuples[i].Context, new TupleFrame(frame, tuples[i]), run));
        }

        Sort(keyed, run);
        return [.. keyed.Select(item => item.Item)];
    }

    private void Sort<T>(Keyed<T>[] items, Evaluator run) => StableSort.Sort(items, (a, b) => Compare(a.Keys, b.Keys) > 0, run);

    private object?[] Keys(object? item, Frame frame, Evaluator run)
    {
        run.Fuel.Spend(keys.Length);
        object?[] values = new object?[keys.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            values[i] = keys[i].Evaluate(item, frame, run);
        }

        return values;
    }

    private int Compare(object?[] left, object?[] right)
    {
        for (int i = 0; i < keys.Length; i++)
        {
            object? a = left[i];
            object? b = right[i];
            if (a is null || b is null)
            {
                if (a is null && b is null)
                {
                    continue;
                }

                return a is null ? 1 : -1;
            }

            int order = (a, b) switch
            {
                (JsonNumber x, JsonNumber y) => x.ToDouble().CompareTo(y.ToDouble()),
                (JsonString x, JsonString y) => string.CompareOrdinal(x.Value, y.Value),
                (JsonNumber or JsonString, JsonNumber or JsonString) => throw new JsonataException(
                    "T2007", $"Type mismatch when comparing values {Shown.Of(a)} and {Shown.Of(b)} in order-by clause", position, "^", Value.ForError(b)),
                _ => throw new JsonataException(
                    "T2008",
                    "The expressions within an order-by clause must evaluate to numeric or string values",
                    position,
                    "^"),
            };
            if (order != 0)
            {
                return descending[i] ? -order : order;
            }
        }

        return 0;
    }

    private readonly record struct Keyed<T>(T Item, object?[] Keys);
}

/// <summary>
/// A merge sort, because equal items have to keep their order and the comparison may be an expression's own. It halves from the top and sorts the
/// left half first, as the reference does: what is compared first decides what an error tells.
/// </summary>
internal static class StableSort
{
    /// <summary>Sorts in place.</summary>
    /// <param name="items">The items.</param>
    /// <param name="isAfter">Whether the first of two has to come after the second.</param>
    /// <param name="run">Every comparison counts.</param>
    public static void Sort<T>(T[] items, Func<T, T, bool> isAfter, Evaluator run) => Sort(items, new T[items.Length], isAfter, run);

    private static void Sort<T>(Span<T> items, Span<T> scratch, Func<T, T, bool> isAfter, Evaluator run)
    {
        if (items.Length < 2)
        {
            return;
        }

        int middle = items.Length / 2;
        Sort(items[..middle], scratch[..middle], isAfter, run);
        Sort(items[middle..], scratch[middle..], isAfter, run);
        run.Fuel.Spend(items.Length);
        items.CopyTo(scratch);
        Merge<T>(scratch[..middle], scratch[middle..], items, isAfter);
    }

    private static void Merge<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> to, Func<T, T, bool> isAfter)
    {
        int fromLeft = 0;
        int fromRight = 0;
        for (int at = 0; at < to.Length; at++)
        {
            bool takesRight = fromLeft == left.Length || (fromRight < right.Length && isAfter(left[fromLeft], right[fromRight]));
            to[at] = takesRight ? right[fromRight++] : left[fromLeft++];
        }
    }
}
