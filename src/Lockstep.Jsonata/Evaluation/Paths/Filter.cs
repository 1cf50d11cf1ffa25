using Lockstep.Json;
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
            return Selects(predicate.Evaluate(value, frame, run), 0, 1) ? value : null;
        }

        int count = view.Count;
        run.Fuel.Spend(1 + count);
        var left = new Sequence();
        for (int i = 0; i < count; i++)
        {
            object? item = view[i];
            if (Selects(predicate.Evaluate(item, frame, run), i, count))
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
            if (Selects(predicate.Evaluate(tuples[i].Context, new TupleFrame(frame, tuples[i]), run), i, tuples.Count))
            {
                left.Add(tuples[i]);
            }
        }

        return left;
    }

    private static bool Selects(object? result, int index, int count)
    {
        switch (result)
        {
            case JsonBoolean boolean:
                return boolean.Value;
            case null:
                return false;
            case JsonNumber number:
                return Position(number.ToDouble(), count) == index;
            case JsonArray or Sequence when ArrayView.TryGet(result, out ArrayView numbers) && AreNumbers(numbers):
                for (int i = 0; i < numbers.Count; i++)
                {
                    if (Position(((JsonNumber)numbers[i]!).ToDouble(), count) == index)
                    {
                        return true;
                    }
                }

                return false;
            default:
                return Value.IsTrue(result);
        }
    }

    private static bool AreNumbers(ArrayView items)
    {
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
    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        object? value = inner.Evaluate(input, frame, run);
        foreach (Filter filter in filters)
        {
            value = filter.Apply(value, frame, run);
        }

        return Value.Normalized(value, keepsArray);
    }
}
