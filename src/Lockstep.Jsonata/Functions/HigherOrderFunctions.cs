using Lockstep.Json;
using Lockstep.Jsonata.Evaluation;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Functions;

/// <summary>Functions that call functions (JSONata, "Higher order functions").</summary>
internal static class HigherOrderFunctions
{
    public static IEnumerable<LibraryFunction> All =>
    [
        new("map", "<af>", 2, Map),
        new("filter", "<af>", 2, Filter),
        new("single", "<af?>", 2, Single),
        new("reduce", "<afj?:j>", 3, Reduce),
        new("sift", "<o-f?:o>", 2, Sift),
        new("each", "<o-f:a>", 2, Each),
    ];

    private static Sequence? Map(object?[] arguments, Evaluator run)
    {
        if (arguments[0] is not { } list || arguments[1] is not JsonataFunction function)
        {
            return null;
        }

        ArrayView items = ArrayView.Of(list);
        var results = new Sequence(items.Count);
        for (int i = 0; i < items.Count; i++)
        {
            if (CallWithItem(function, items[i], i, list, run) is { } result)
            {
                results.Add(result);
            }
        }

        return results;
    }

    private static Sequence? Filter(object?[] arguments, Evaluator run)
    {
        if (arguments[0] is not { } list || arguments[1] is not JsonataFunction function)
        {
            return null;
        }

        ArrayView items = ArrayView.Of(list);
        var results = new Sequence();
        for (int i = 0; i < items.Count; i++)
        {
            if (Value.IsTrue(CallWithItem(function, items[i], i, list, run), run))
            {
                results.Add(items[i]);
            }
        }

        return results;
    }

    private static object? Single(object?[] arguments, Evaluator run)
    {
        if (arguments[0] is not { } list)
        {
            return null;
        }

        ArrayView items = ArrayView.Of(list);
        object? found = null;
        bool isFound = false;
        for (int i = 0; i < items.Count; i++)
        {
            if (arguments[1] is JsonataFunction function && !Value.IsTrue(CallWithItem(function, items[i], i, list, run), run))
            {
                continue;
            }

            found = isFound
                ? throw new JsonataException("D3138", "The $single() function expected exactly 1 matching result.  Instead it matched more.", token: "single")
                : items[i];
            isFound = true;
        }

        return isFound ? found : throw new JsonataException(
            "D3139", "The $single() function expected exactly 1 matching result.  Instead it matched 0.", token: "single");
    }

    private static object? Reduce(object?[] arguments, Evaluator run)
    {
        if (arguments[0] is not { } list || arguments[1] is not JsonataFunction function)
        {
            return null;
        }

        if (function.Arity < 2)
        {
            throw new JsonataException("D3050", "The second argument of reduce function must be a function with at least two arguments", token: "reduce");
        }

        ArrayView items = ArrayView.Of(list);
        int start = arguments[2] is null && items.Count > 0 ? 1 : 0;
        object? result = start == 1 ? items[0] : arguments[2];
        for (int i = start; i < items.Count; i++)
        {
            run.Fuel.Spend();
            result = run.Call(function, result, items[i], JsonNumber.Of(i), list);
        }

        return result;
    }

    private static object? Sift(object?[] arguments, Evaluator run)
    {
        if (arguments[1] is not JsonataFunction function || arguments[0] is not { } json)
        {
            return null;
        }

        ObjectView members = ObjectView.Of(json);
        var result = new ObjectAssembly(run);
        bool isEmpty = true;
        for (int i = 0; i < members.Count; i++)
        {
            run.Fuel.Spend();
            if (Value.IsTrue(run.Call(function, members.ValueAt(i), JsonString.Of(members.NameAt(i)), json), run))
            {
                result.Set(members.NameAt(i), members.ValueAt(i));
                isEmpty = false;
            }
        }

        return isEmpty ? null : result.Build();
    }

    private static Sequence? Each(object?[] arguments, Evaluator run)
    {
        if (arguments[1] is not JsonataFunction function || arguments[0] is not { } json)
        {
            return null;
        }

        ObjectView members = ObjectView.Of(json);
        var results = new Sequence(members.Count);
        for (int i = 0; i < members.Count; i++)
        {
            run.Fuel.Spend();
            if (run.Call(function, members.ValueAt(i), JsonString.Of(members.NameAt(i)), json) is { } result)
            {
                results.Add(result);
            }
        }

        return results;
    }

    private static object? CallWithItem(JsonataFunction function, object? item, int index, object list, Evaluator run)
    {
        run.Fuel.Spend();
        return function.Arity <= 1 ? run.Call(function, item) : run.Call(function, item, JsonNumber.Of(index), list);
    }
}
