using Lockstep.Json;
using Lockstep.Jsonata.Functions;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Evaluation.Paths;

/// <summary>What a stage of a step does: filter its results, or bind their position.</summary>
internal readonly record struct Stage(Filter? Filter, int Index);

/// <summary>A compiled step of a path.</summary>
internal sealed class PathStep(Node node, Stage[] stages)
{
    public const int Unbound = -1;

    public Node Node { get; } = node;

    public Stage[] Stages { get; } = stages;

    /// <summary>Set for the step <c>^(...)</c>.</summary>
    public Ordering? Ordering { get; init; }

    /// <summary>Whether the step is an array constructor at the start, whose array is what the path starts from.</summary>
    public bool IsConstructed { get; init; }

    /// <summary>Whether the step is a variable, whose context is one item even if it is an array.</summary>
    public bool IsVariable { get; init; }

    /// <summary>The binding of the results while the context stays.</summary>
    public int Focus { get; init; } = Unbound;

    /// <summary>The binding of the position.</summary>
    public int Index { get; init; } = Unbound;

    /// <summary>The binding of the context that the step starts from.</summary>
    public int Ancestor { get; init; } = Unbound;

    /// <summary>Whether tuples flow from this step on.</summary>
    public bool BindsTuple { get; init; }

    /// <summary>
    /// The list that a path starts from when its first step is an array constructor. Predicates may have left something else of the array than an array: of
    /// a string the path goes over the characters, of anything else over nothing.
    /// </summary>
    /// <param name="item">The context.</param>
    /// <param name="frame">The variables.</param>
    /// <param name="run">The evaluation.</param>
    /// <param name="isWhole">Whether there is nothing to go over, and what is returned is what the path comes to.</param>
    public object? Constructed(object? item, Frame frame, Evaluator run, out bool isWhole)
    {
        object? value = Node.Evaluate(item, frame, run);
        isWhole = false;
        if (ArrayView.TryGet(value, out ArrayView items))
        {
            isWhole = items.Count == 0;
            return isWhole ? JsonArray.Empty : value;
        }

        if (value is not JsonString text)
        {
            return null;
        }

        isWhole = text.Value.Length == 0;
        if (isWhole)
        {
            return text;
        }

        run.SpendItems(text.Value.Length);
        var characters = new Sequence(text.Value.Length);
        foreach (char character in text.Value)
        {
            characters.Add(JsonString.Of(character.ToString()));
        }

        return characters;
    }

    /// <summary>The results for one item of the context; a <see cref="Sequence"/> may not be normalized yet.</summary>
    public object? Results(object? item, Frame frame, Evaluator run)
    {
        object? value = Node.Evaluate(item, frame, run);
        for (int i = 0; value is not null && i < Stages.Length; i++)
        {
            value = Stages[i].Filter is { } filter ? filter.Apply(value, frame, run) : value;
        }

        return value;
    }
}

/// <summary>The step by a name.</summary>
internal sealed class NameNode(string name) : Node
{
    private int _hint;

    public string Name { get; } = name;

    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        if (input is JsonObject json)
        {
            return json.Find(Name, ref _hint);
        }

        if (input is not (JsonArray or Sequence))
        {
            return input is MixedObject mixed ? mixed[Name] : null;
        }

        return Value.Lookup(input, Name, run);
    }
}

/// <summary>The wildcard <c>*</c>: the values of an object's members, of which arrays give their items.</summary>
internal sealed class WildcardNode : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        object? context = Sequence.Unwrapped(input);
        var found = new Sequence();
        bool hasArray = false;
        if (ArrayView.TryGet(context, out ArrayView items))
        {
            for (int i = 0; i < items.Count; i++)
            {
                hasArray |= Value.IsArray(items[i]);
                AddFlattened(found, items[i], run);
            }
        }
        else
        {
            ObjectView members = ObjectView.Of(context);
            for (int i = 0; i < members.Count; i++)
            {
                hasArray |= Value.IsArray(members.ValueAt(i));
                AddFlattened(found, members.ValueAt(i), run);
            }
        }

        // As with $append, a list that an array has gone into is an array, and no sequence that may stand for its only item.
        return hasArray ? ArrayFunctions.ArrayOf(found.AsSpan(), run) : found.Normalized();
    }

    private static void AddFlattened(Sequence found, object? value, Evaluator run)
    {
        run.Fuel.Spend();
        if (!ArrayView.TryGet(value, out ArrayView items))
        {
            found.Add(value);
            return;
        }

        run.Enter();
        for (int i = 0; i < items.Count; i++)
        {
            AddFlattened(found, items[i], run);
        }

        run.Leave();
    }
}

/// <summary>The descendants <c>**</c>: the context and everything in it, arrays by their items.</summary>
internal sealed class DescendantNode : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        object? context = Sequence.Unwrapped(input);
        var found = new Sequence();
        if (context is not null)
        {
            AddAll(found, context, run);
        }

        return found.Normalized();
    }

    private static void AddAll(Sequence found, object? value, Evaluator run)
    {
        run.Fuel.Spend();
        run.Enter();
        if (ArrayView.TryGet(value, out ArrayView items))
        {
            for (int i = 0; i < items.Count; i++)
            {
                AddAll(found, items[i], run);
            }
        }
        else
        {
            found.Add(value);
            ObjectView members = ObjectView.Of(value);
            for (int i = 0; i < members.Count; i++)
            {
                AddAll(found, members.ValueAt(i), run);
            }
        }

        run.Leave();
    }
}

/// <summary>A wildcard with <c>[]</c>: a single value that it finds is an array of one.</summary>
internal sealed class KeepingNode(Node found) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run) =>
        PathNode.Finished(found.Evaluate(input, frame, run), keepsArray: true, run);
}
