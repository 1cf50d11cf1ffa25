using Lockstep.Json;
using Lockstep.Jsonata.Evaluation;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Functions;

/// <summary>Objects (JSONata, "Object functions").</summary>
internal static class ObjectFunctions
{
    public static IEnumerable<LibraryFunction> All =>
    [
        new("keys", "<x-:a<s>>", 1, Keys),
        new("lookup", "<x-s:x>", 2, Lookup),
        new("spread", "<x-:a<o>>", 1, Spread),
        new("merge", "<a<o>:o>", 1, Merge),
        new("clone", "<(oa)-:o>", 1, Clone),
    ];

    /// <summary>The value itself, which nothing can change.</summary>
    private static object? Clone(object?[] arguments, Evaluator run)
    {
        run.Fuel.Spend();
        return arguments[0];
    }

    private static Sequence Keys(object?[] arguments, Evaluator run)
    {
        var names = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        AddKeys(arguments[0], names, seen, run);
        var keys = new Sequence(names.Count);
        foreach (string name in names)
        {
            keys.Add(JsonString.Of(name));
        }

        return keys;
    }

    private static void AddKeys(object? value, List<string> names, HashSet<string> seen, Evaluator run)
    {
        run.Fuel.Spend();
        if (ArrayView.TryGet(value, out ArrayView items))
        {
            run.Enter();
            for (int i = 0; i < items.Count; i++)
            {
                AddKeys(items[i], names, seen, run);
            }

            run.Leave();
            return;
        }

        ObjectView members = ObjectView.Of(value);
        run.Fuel.Spend(members.Count);
        for (int i = 0; i < members.Count; i++)
        {
            if (seen.Add(members.NameAt(i)))
            {
                names.Add(members.NameAt(i));
            }
        }
    }

    private static object? Lookup(object?[] arguments, Evaluator run)
    {
        run.Fuel.Spend(1 + ArrayView.Of(arguments[0]).Count);
        return arguments[1] is JsonString name ? Value.Members(arguments[0], name.Value, run) : null;
    }

    private static object? Spread(object?[] arguments, Evaluator run)
    {
        if (!Value.IsArray(arguments[0]) && !Value.IsObject(arguments[0]))
        {
            return arguments[0];
        }

        var parts = new Sequence();
        AddParts(arguments[0], parts, run);
        return Value.IsArray(arguments[0]) && parts.Count > 0 ? ArrayFunctions.ArrayOf(parts.AsSpan(), run) : parts;
    }

    private static void AddParts(object? value, Sequence parts, Evaluator run)
    {
        run.Fuel.Spend();
        if (ArrayView.TryGet(value, out ArrayView items))
        {
            run.Enter();
            for (int i = 0; i < items.Count; i++)
            {
                AddParts(items[i], parts, run);
            }

            run.Leave();
            return;
        }

        if (!Value.IsObject(value))
        {
            parts.Add(value);
            return;
        }

        ObjectView members = ObjectView.Of(value);
        run.Fuel.Spend(members.Count);
        for (int i = 0; i < members.Count; i++)
        {
            var part = new ObjectAssembly(run, 1);
            part.Set(members.NameAt(i), members.ValueAt(i));
            parts.Add(part.Build());
        }
    }

    private static object? Merge(object?[] arguments, Evaluator run)
    {
        if (arguments[0] is null)
        {
            return null;
        }

        ArrayView items = ArrayView.Of(arguments[0]);
        var result = new ObjectAssembly(run);
        for (int i = 0; i < items.Count; i++)
        {
            ObjectView members = ObjectView.Of(items[i]);
            run.Fuel.Spend(1 + members.Count);
            for (int member = 0; member < members.Count; member++)
            {
                result.Set(members.NameAt(member), members.ValueAt(member));
            }
        }

        return result.Build();
    }
}
