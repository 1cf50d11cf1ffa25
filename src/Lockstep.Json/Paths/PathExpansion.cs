using System.Diagnostics;
using Lockstep.Json.Paths.Filters;

namespace Lockstep.Json.Paths;

/// <summary>Collects the nodes one step leads to, from each of the nodes before it in turn.</summary>
/// <param name="root">What <c>$</c> stands for in filters.</param>
/// <param name="budget">Pays for every node.</param>
/// <param name="definite">Whether the path up to here gives one node at most; then a step that does not fit it ends the evaluation.</param>
/// <param name="isLast">Whether the step is the path's last.</param>
/// <param name="afterDescent">Whether the step comes directly after <c>..</c>.</param>
internal sealed class PathExpansion(JsonValue root, PathBudget budget, bool definite, bool isLast, bool afterDescent)
{
    public List<JsonValue> Found { get; } = [];

    /// <summary>Adds what the step leads to; false when the evaluation has no result.</summary>
    public bool Add(JsonValue node, PathStep step)
    {
        switch (step)
        {
            case NameStep name:
                return node is JsonObject parent ? AddMember(parent, name.Name) : !definite;
            case NamesStep names:
                return node is JsonObject whole ? AddMembers(whole, names.Names) : !definite;
            case IndexStep index:
                return node is JsonArray list ? AddItem(list, index.Index) : !definite;
            case IndexesStep indexes:
                return node is JsonArray items ? AddItems(items, indexes.Indexes) : !definite;
            case SliceStep slice:
                return node is JsonArray range ? AddSlice(range, slice) : !definite;
            case WildcardStep:
                AddChildren(node);
                return true;
            case DescendStep:
                AddContainers(node);
                return true;
            case FilterStep filter:
                return AddPassing(node, filter.Test);
            default:
                throw new UnreachableException();
        }
    }

    private void AddNode(JsonValue? node)
    {
        if (node is not null && budget.Spend())
        {
            Found.Add(node);
        }
    }

    private bool AddMember(JsonObject parent, string name)
    {
        JsonValue? member = parent[name];
        AddNode(member);
        return member is not null || !definite;
    }

    private bool AddMembers(JsonObject parent, string[] names)
    {
        if (!isLast)
        {
            foreach (string name in names)
            {
                AddNode(parent[name]);
            }

            return true;
        }

        var merged = new JsonObjectBuilder(names.Length);
        foreach (string name in names)
        {
            if (parent.TryGet(name, out JsonValue? member) && budget.Spend())
            {
                merged.Set(name, member);
            }
        }

        // Searching everywhere for several members means: for objects that have them all.
        if (!afterDescent || merged.Count == names.Distinct(StringComparer.Ordinal).Count())
        {
            AddNode(merged.Build());
        }

        return true;
    }

    private bool AddItem(JsonArray array, int index)
    {
        AddNode(PathEvaluation.Item(array, index));
        return true;
    }

    private bool AddItems(JsonArray array, int[] indexes)
    {
        foreach (int index in indexes)
        {
            AddNode(PathEvaluation.Item(array, index));
        }

        return true;
    }

    private bool AddSlice(JsonArray array, SliceStep slice)
    {
        if (slice.Step > 0)
        {
            long end = Bound(slice.End ?? array.Count, array.Count, 0, array.Count);
            for (long i = Bound(slice.Start ?? 0, array.Count, 0, array.Count); i < end; i += slice.Step)
            {
                AddNode(array[(int)i]);
            }
        }
        else if (slice.Step < 0)
        {
            long end = slice.End is long last ? Bound(last, array.Count, -1, array.Count - 1) : -1;
            for (long i = Bound(slice.Start ?? array.Count - 1, array.Count, -1, array.Count - 1); i > end; i += slice.Step)
            {
                AddNode(array[(int)i]);
            }
        }

        return true;
    }

    private void AddChildren(JsonValue node)
    {
        foreach (JsonValue child in Children(node))
        {
            AddNode(child);
        }
    }

    private void AddContainers(JsonValue node)
    {
        var pending = new Stack<JsonValue>();
        pending.Push(node);
        while (pending.TryPop(out JsonValue? next))
        {
            ReadOnlySpan<JsonValue> children = Children(next);
            if (next.Depth == 0 || !budget.Spend(children.Length))
            {
                continue;
            }

            AddNode(next);
            for (int i = children.Length - 1; i >= 0; i--)
            {
                if (children[i].Depth > 0)
                {
                    pending.Push(children[i]);
                }
            }
        }
    }

    private bool AddPassing(JsonValue node, FilterExpression test)
    {
        var filter = new FilterEvaluation(root, budget);
        switch (node)
        {
            case JsonObject json:
                if (budget.Spend() && filter.Passes(test, json))
                {
                    AddNode(json);
                }

                return true;
            case JsonArray when afterDescent:
                // Its arrays and objects come by themselves.
                return true;
            case JsonArray array:
                foreach (JsonValue item in array)
                {
                    if (!budget.Spend())
                    {
                        break;
                    }

                    if (filter.Passes(test, item))
                    {
                        AddNode(item);
                    }
                }

                return true;
            default:
                return !definite;
        }
    }

    private static ReadOnlySpan<JsonValue> Children(JsonValue node) => node switch
    {
        JsonArray array => array.AsSpan(),
        JsonObject json => json.Values,
        _ => [],
    };

    private static long Bound(long index, int count, long lowest, long highest) =>
        Math.Clamp(index < 0 ? index + count : index, lowest, highest);
}
