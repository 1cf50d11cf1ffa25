using Lockstep.Json;
using Lockstep.Jsonata.Evaluation.Calls;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Evaluation.Paths;

/// <summary>A predicate: what of a sequence it leaves. A result that is a <see cref="Sequence"/> is not normalized yet.</summary>
internal abstract class Filter
{
    public abstract object? Apply(object? value, Frame frame, Evaluator run);

    public abstract List<PathTuple> Apply(List<PathTuple> tuples, Frame frame, Evaluator run);

    /// <summary>The position that a number means in a list; negative numbers count from its end.</summary>
    protected static double Position(double number, int count)
    {
        double floor = Math.Floor(number);
        return floor < 0 ? floor + count : floor;
    }
}

/// <summary>A predicate that is a number: the item at that position.</summary>
internal sealed class PositionFilter(double number) : Filter
{
    public override object? Apply(object? value, Frame frame, Evaluator run)
    {
        run.Fuel.Spend();
        if (!ArrayView.TryGet(value, out ArrayView view))
        {
            return Position(number, 1) == 0 ? value : null;
        }

        double at = Position(number, view.Count);
        return at >= 0 && at < view.Count ? view[(int)at] : null;
    }

    public override List<PathTuple> Apply(List<PathTuple> tuples, Frame frame, Evaluator run)
    {
        double at = Position(number, tuples.Count);
        return at >= 0 && at < tuples.Count ? [tuples[(int)at]] : [];
    }
}

/// <summary>Any other predicate: the items for which it is true, or whose position is among the numbers that it gives.</summary>
internal sealed class PredicateFilter(Node predicate) : Filter
{
    public override object? Apply(object? value, Frame frame, Evaluator run)
    {
        if (value is null)
        {
            return null;
        }

        if (!ArrayView.TryGet(value, out ArrayView view))
        {
            run.Fuel.Spend();
            int times = Times(predicate.Evaluate(value, frame, run), 0, 1, run);
            return times > 1 ? Repeated(value, times) : times == 1 ? value : null;
        }

        int count = view.Count;
        run.Fuel.Spend(1 + count);
        var left = new Sequence();
        for (int i = 0; i < count; i++)
        {
            object? item = view[i];
            for (int times = Times(predicate.Evaluate(item, frame, run), i, count, run); times > 0; times--)
            {
                left.Add(item);
            }
        }

        return left;
    }

    public override List<PathTuple> Apply(List<PathTuple> tuples, Frame frame, Evaluator run)
    {
        run.Fuel.Spend(1 + tuples.Count);
        var left = new List<PathTuple>();
        for (int i = 0; i < tuples.Count; i++)
        {
            for (int times = Times(predicate.Evaluate(tuples[i].Context, new TupleFrame(frame, tuples[i]), run), i, tuples.Count, run); times > 0; times--)
            {
                left.Add(tuples[i]);
            }
        }

        return left;
    }

    private static Sequence Repeated(object value, int times)
    {
        var all = new Sequence(times);
        for (; times > 0; times--)
        {
            all.Add(value);
        }

        return all;
    }

    /// <summary>How often an item is taken: once for each of several positions that mean it, else once or not at all.</summary>
    private static int Times(object? result, int index, int count, Evaluator run)
    {
        switch (result)
        {
            case JsonBoolean boolean:
                return boolean.Value ? 1 : 0;
            case null:
                return 0;
            case JsonNumber number:
                return Position(number.ToDouble(), count) == index ? 1 : 0;
            case JsonArray or Sequence when ArrayView.TryGet(result, out ArrayView numbers) && AreNumbers(numbers, run):
                int times = 0;
                for (int i = 0; i < numbers.Count; i++)
                {
                    times += Position(((JsonNumber)numbers[i]!).ToDouble(), count) == index ? 1 : 0;
                }

                return times;
            default:
                return Value.IsTrue(result, run) ? 1 : 0;
        }
    }

    private static bool AreNumbers(ArrayView items, Evaluator run)
    {
        run.Fuel.Spend(items.Count);
        for (int i = 0; i < items.Count; i++)
        {
            if (items[i] is not JsonNumber)
            {
                return false;
            }
        }

        return items.Count > 0;
    }
}

/// <summary>A value with predicates, outside of a path.</summary>
internal sealed class FilteredNode(Node inner, Filter[] filters, bool keepsArray) : Node
{
    /// <summary>Whether it is what an array constructor gives that is filtered.</summary>
    public bool IsOfConstructor => inner is ArrayNode;

    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        object? value = inner is CallNode call ? call.List(input, frame, run) : inner.Evaluate(input, frame, run);
        if (value is TupleStream stream)
        {
            List<PathTuple> tuples = stream.Tuples;
            foreach (Filter filter in filters)
            {
                tuples = filter.Apply(tuples, frame, run);
            }

            return tuples.Count == 0 ? null : new TupleStream(tuples);
        }

        foreach (Filter filter in filters)
        {
            value = filter.Apply(value, frame, run);
        }

        return keepsArray ? PathNode.Finished(value, keepsArray: true, run) : Value.Normalized(value);
    }
}
