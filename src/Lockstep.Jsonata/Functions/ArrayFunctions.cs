using Lockstep.Json;
using Lockstep.Jsonata.Evaluation;
using Lockstep.Jsonata.Evaluation.Paths;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Functions;

/// <summary>Arrays (JSONata, "Array functions").</summary>
internal static class ArrayFunctions
{
    public static IEnumerable<LibraryFunction> All =>
    [
        new("append", "<xx:a>", 2, Append),
        new("reverse", "<a:a>", 1, Reverse),
        new("shuffle", "<a:a>", 1, Shuffle),
        new("distinct", "<x:x>", 1, Distinct),
        new("sort", "<af?:a>", 2, Sort),
        new("zip", "<a+>", 1, Zip),
    ];

    /// <summary>An array of these items, as JSON if it can be.</summary>
    public static object ArrayOf(ReadOnlySpan<object?> items, Evaluator run)
    {
        var array = new Sequence(items.Length) { IsArray = true };
        foreach (object? item in items)
        {
            array.Add(item);
        }

        return Value.Whole(array, run);
    }

    private static object?[] Items(object? array)
    {
        ArrayView view = ArrayView.Of(array);
        object?[] items = new object?[view.Count];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = view[i];
        }

        return items;
    }

    private static object? Append(object?[] arguments, Evaluator run)
    {
        run.SpendItems((long)ArrayView.Of(arguments[0]).Count + ArrayView.Of(arguments[1]).Count);
        object? all = Value.Append(arguments[0], arguments[1], run);
        return arguments[0] is null || arguments[1] is null || all is null ? all : Value.Whole(all, run);
    }

    private static object? Reverse(object?[] arguments, Evaluator run)
    {
        if (arguments[0] is null)
        {
            return null;
        }

        object?[] items = Items(arguments[0]);
        run.Fuel.Spend(items.Length);
        if (items.Length <= 1)
        {
            return arguments[0];
        }

        Array.Reverse(items);
        return ArrayOf(items, run);
    }

    private static object? Shuffle(object?[] arguments, Evaluator run)
    {
        if (arguments[0] is null)
        {
            return null;
        }

        object?[] items = Items(arguments[0]);
        run.Fuel.Spend(items.Length);
        for (int i = items.Length - 1; i > 0; i--)
        {
            int other = (int)(((UInt128)run.Context.NextRandom() * (ulong)(i + 1)) >> 64);
            (items[i], items[other]) = (items[other], items[i]);
        }

        return items.Length <= 1 ? arguments[0] : ArrayOf(items, run);
    }

    private static object? Distinct(object?[] arguments, Evaluator run)
    {
        if (!ArrayView.TryGet(arguments[0], out ArrayView view) || view.Count <= 1)
        {
            return arguments[0];
        }

        var left = new Sequence();
        var seen = new Dictionary<int, List<object?>>();
        for (int i = 0; i < view.Count; i++)
        {
            run.Fuel.Spend();
            object? item = view[i];
            int hash = Hash(item);
            if (!seen.TryGetValue(hash, out List<object?>? alike))
            {
                alike = [];
                seen.Add(hash, alike);
            }

            if (!alike.Exists(other => DeepEquality.AreEqual(item, other, run)))
            {
                alike.Add(item);
                left.Add(item);
            }
        }

        return arguments[0] is Sequence { IsArray: false } ? left.Normalized() : ArrayOf(left.AsSpan(), run);
    }

    /// <summary>Equal values have equal hashes; others mostly do not.</summary>
    private static int Hash(object? item) => item switch
    {
        JsonNumber number => number.ToDouble().GetHashCode(),
        JsonString text => text.Value.GetHashCode(StringComparison.Ordinal),
        JsonObject json => 100 + json.Count + MemberHash(json),
        JsonArray or Sequence => 200 + ArrayView.Of(item).Count + ItemHash(ArrayView.Of(item)),
        _ => Value.TypeSymbol(item),
    };

    private static int ItemHash(ArrayView items) => items.Count > 0 && items[0] is JsonNumber or JsonString ? 31 * Hash(items[0]) : 0;

    private static int MemberHash(JsonObject json)
    {
        int hash = 0;
        for (int i = 0; i < json.Count; i++)
        {
            JsonProperty member = json[i];
            hash += HashCode.Combine(
                member.Name.GetHashCode(StringComparison.Ordinal), member.Value is JsonNumber or JsonString ? Hash(member.Value) : (int)member.Value.Kind);
        }

        return hash;
    }

    private static object? Sort(object?[] arguments, Evaluator run)
    {
        if (arguments[0] is null)
        {
            return null;
        }

        object?[] items = Items(arguments[0]);
        if (items.Length <= 1)
        {
            return arguments[0];
        }

        StableSort.Sort(items, IsAfter(arguments[1] as JsonataFunction, items, run), run);
        return ArrayOf(items, run);
    }

    private static Func<object?, object?, bool> IsAfter(JsonataFunction? comparison, object?[] items, Evaluator run)
    {
        if (comparison is not null)
        {
            return (a, b) => Value.IsTrue(comparison.Invoke([a, b], null, run), run);
        }

        if (Array.TrueForAll(items, item => item is JsonNumber))
        {
            return (a, b) => ((JsonNumber)a!).ToDouble() > ((JsonNumber)b!).ToDouble();
        }

        return Array.TrueForAll(items, item => item is JsonString)
            ? (a, b) => string.CompareOrdinal(((JsonString)a!).Value, ((JsonString)b!).Value) > 0
            : throw new JsonataException(
                "D3070",
                "The single argument form of the sort function can only be applied to an array of strings or an array of numbers.  "
                    + "Use the second argument to specify a comparison function",
                token: "sort");
    }

    private static object? Zip(object?[] arguments, Evaluator run)
    {
        var views = Array.ConvertAll(arguments, ArrayView.Of);
        int count = views.Length == 0 ? 0 : views.Min(view => view.Count);
        run.SpendItems((long)count * views.Length);
        object?[] rows = new object?[count];
        for (int i = 0; i < count; i++)
        {
            rows[i] = ArrayOf(Array.ConvertAll(views, view => view[i]), run);
        }

        return ArrayOf(rows, run);
    }
}
