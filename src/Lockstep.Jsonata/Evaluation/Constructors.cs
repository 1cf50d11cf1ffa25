using Lockstep.Json;
using Lockstep.Jsonata.Evaluation.Paths;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Evaluation;

/// <summary>
/// An array constructor: the items of arrays among its parts are taken one by one, except where the part is a constructor itself.
/// </summary>
internal sealed class ArrayNode(Node[] items, bool staysWhole) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        run.Fuel.Spend(1 + items.Length);
        if (items.Length == 0 && !staysWhole)
        {
            return JsonArray.Empty;
        }

        var all = new Sequence(items.Length) { IsArray = true, StaysWhole = staysWhole };
        foreach (Node item in items)
        {
            object? value = item.Evaluate(input, frame, run);
            if (value is null)
            {
                continue;
            }

            if (item is ArrayNode or FilteredNode { IsOfConstructor: true })
            {
                all.Add(Value.Whole(value, run));
            }
            else
            {
                int before = all.Count;
                AddItems(all, value);
                run.Fuel.Spend(all.Count - before);
            }
        }

        return staysWhole ? all : Value.Whole(all, run);
    }

    private static void AddItems(Sequence all, object value)
    {
        if (!ArrayView.TryGet(value, out ArrayView view))
        {
            all.Add(value);
            return;
        }

        for (int i = 0; i < view.Count; i++)
        {
            all.Add(view[i]);
        }
    }
}

/// <summary>An object constructor: groups its context, which is one item or an array of them.</summary>
internal sealed class ObjectNode(Grouping grouping) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run) => grouping.Evaluate(input, frame, run);
}

/// <summary>A value whose items are grouped into an object.</summary>
internal sealed class GroupedNode(Node inner, Grouping grouping) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run) =>
        grouping.Evaluate(inner.Evaluate(input, frame, run), frame, run);
}
