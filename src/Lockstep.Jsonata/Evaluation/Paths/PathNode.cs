using Lockstep.Json;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Evaluation.Paths;

/// <summary>
/// A path: each step is evaluated for each item that the step before has given, and what it gives is gathered into one sequence (JSONata,
/// "Path operators").
/// </summary>
/// <remarks>
/// Within, a list is a <see cref="JsonArray"/> or a <see cref="Sequence"/>, and anything else stands for the list of itself. So as long as
/// there is one value at each step no list is made, and an array that one step gives is walked by the next without a copy.
/// </remarks>
internal sealed class PathNode(PathStep[] steps, bool keepsArray) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        object? current = steps[0].IsVariable && Value.IsArray(input) ? Sequence.Of(input) : input;
        for (int i = 0; i < steps.Length; i++)
        {
            PathStep step = steps[i];
            run.Fuel.Spend();
            if (i == 0 && step.IsConstructed)
            {
                current = step.Constructed(current, frame, run, out bool isWhole);
                if (isWhole)
                {
                    return Whole(current, keepsArray);
                }
            }
            else
            {
                current = step.Ordering is not null ? Ordered(step, current, frame, run) : Step(step, current, i == steps.Length - 1, frame, run);
            }

            if (current is null)
            {
                return null;
            }
        }

        return Finished(current, keepsArray, run);
    }

    /// <summary>What a path comes to that has nothing to go over after its first step: the value of that step.</summary>
    public static object? Whole(object? value, bool keepsArray)
    {
        if (!keepsArray || value is null)
        {
            return value;
        }

        Sequence single = Sequence.Of(value);
        single.KeepsSingleton = true;
        return single;
    }

    /// <summary>What a path's last list stands for.</summary>
    public static object? Finished(object? list, bool keepsArray, Evaluator run)
    {
        if (!keepsArray)
        {
            return list is Sequence { IsKeptSingle: true } kept ? kept[0] : Value.Normalized(list);
        }

        switch (list)
        {
            case null or Sequence { IsArray: false, StaysWhole: false, Count: 0 }:
                return null;
            case Sequence { IsArray: false, StaysWhole: false } sequence:
                sequence.KeepsSingleton = true;
                return sequence;
            case JsonArray or Sequence { StaysWhole: false }:
                return list;
            default:
                Sequence single = Sequence.Of(list is Sequence whole ? Value.Whole(whole, run) : list);
                single.KeepsSingleton = true;
                return single;
        }
    }

    private static object? Ordered(PathStep step, object? current, Frame frame, Evaluator run)
    {
        object? sorted = step.Ordering?.Sort(current, frame, run);
        foreach (Stage stage in step.Stages)
        {
            sorted = stage.Filter?.Apply(sorted, frame, run);
        }

        return sorted;
    }

    private static object? Step(PathStep step, object? current, bool isLast, Frame frame, Evaluator run)
    {
        if (!ArrayView.TryGet(current, out ArrayView items))
        {
            return Single(step.Results(current, frame, run), isLast);
        }

        int count = items.Count;
        run.Fuel.Spend(count);
        object? first = null;
        Sequence? all = null;
        for (int i = 0; i < count; i++)
        {
            object? result = step.Results(items[i], frame, run);
            if (result is null)
            {
                continue;
            }

            if (all is not null)
            {
                all.AddFlat(result, run);
            }
            else if (first is null)
            {
                first = result;
            }
            else
            {
                all = new Sequence(Math.Max(4, count));
                all.AddFlat(first, run);
                all.AddFlat(result, run);
            }
        }

        if (all is not null || first is null)
        {
            return all;
        }

        // With a predicate every item has a result, be it empty, so that an array is not the only one.
        if (count > 1 && step.Stages.Length > 0)
        {
            all = new Sequence();
            all.AddFlat(first, run);
            return all;
        }

        return Single(first, isLast);
    }

    /// <summary>The list of one result: an array is the list of its items, except that one which stays whole is one item.</summary>
    private static object? Single(object? result, bool isLast) =>
        result is Sequence { StaysWhole: true } && !isLast ? Sequence.Of(result) : result;
}

/// <summary>A path of names only.</summary>
internal sealed class NamePathNode : Node
{
    private readonly string[] _names;
    private readonly int[] _hints;
    private readonly PathNode[] _rest;

    public NamePathNode(string[] names)
    {
        _names = names;
        _hints = new int[names.Length];
        _rest = new PathNode[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            _rest[i] = new PathNode([.. names[i..].Select(name => new PathStep(new NameNode(name), []))], keepsArray: false);
        }
    }

    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        run.Fuel.Spend(_names.Length);
        object? current = input;
        for (int i = 0; i < _names.Length; i++)
        {
            if (current is not JsonObject json)
            {
                return current is JsonArray or Sequence or MixedObject ? _rest[i].Evaluate(current, frame, run) : null;
            }

            current = json.Find(_names[i], ref _hints[i]);
        }

        return current;
    }
}
