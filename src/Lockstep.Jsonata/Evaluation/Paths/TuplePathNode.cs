using Lockstep.Json;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Evaluation.Paths;

/// <summary>
/// A path in which steps bind variables: from the first such step on tuples flow, each a context with what was bound on the way to it
/// (JSONata, "Positional variable binding", "Context variable binding", "Parent").
/// </summary>
/// <param name="steps">The steps.</param>
/// <param name="keepsArray">Whether a single result stays in an array.</param>
/// <param name="giveTuples">Whether a path around this one wants the tuples, because a <c>%</c> there looks into this one.</param>
/// <param name="grouping">The grouping at the end of the path, if any; it sees the variables.</param>
internal sealed class TuplePathNode(PathStep[] steps, bool keepsArray, bool giveTuples, Grouping? grouping) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run)
    {
        object? current = steps[0].IsVariable && Value.IsArray(input) ? Sequence.Of(input) : input;
        List<PathTuple>? tuples = null;
        for (int i = 0; i < steps.Length; i++)
        {
            PathStep step = steps[i];
            run.Fuel.Spend();
            if (tuples is null && !step.BindsTuple)
            {
                bool isWhole = false;
                current = i == 0 && step.IsConstructed
                    ? step.Constructed(current, frame, run, out isWhole)
                    : Plain(step, current, frame, run);
                if (isWhole && grouping is null && !giveTuples)
                {
                    return PathNode.Whole(current, keepsArray);
                }

                if (current is null)
                {
                    // The grouping looks for variables of the path where tuples would hold them.
                    return grouping?.Evaluate(null, new TupleFrame(frame, new PathTuple(null)), run);
                }

                continue;
            }

            bool isStart = tuples is null;
            tuples ??= i == 0 && step.IsConstructed ? Start(step.Node.Evaluate(current, frame, run)) : Start(current);
            if (!(isStart && i == 0 && step.IsConstructed))
            {
                tuples = Step(step, tuples, isStart, frame, run);
            }
        }

        return Result(tuples ?? [], frame, run);
    }

    private object? Result(List<PathTuple> tuples, Frame frame, Evaluator run)
    {
        if (giveTuples)
        {
            return tuples.Count == 0 ? null : new TupleStream(tuples);
        }

        if (grouping is not null)
        {
            return grouping.Evaluate(new TupleStream(tuples), frame, run);
        }

        var contexts = new Sequence(tuples.Count);
        foreach (PathTuple tuple in tuples)
        {
            contexts.Add(tuple.Context);
        }

        return PathNode.Finished(contexts, keepsArray, run);
    }

    private static List<PathTuple> Start(object? list)
    {
        ArrayView items = ArrayView.Of(list);
        var tuples = new List<PathTuple>(items.Count);
        for (int i = 0; i < items.Count; i++)
        {
            tuples.Add(new PathTuple(items[i]));
        }

        return tuples.Count == 0 && list is null ? [new PathTuple(null)] : tuples;
    }

    private static object? Plain(PathStep step, object? current, Frame frame, Evaluator run)
    {
        if (step.Ordering is not null)
        {
            object? sorted = step.Ordering.Sort(current, frame, run);
            foreach (Stage stage in step.Stages)
            {
                sorted = stage.Filter?.Apply(sorted, frame, run);
            }

            return sorted;
        }

        ArrayView items = ArrayView.Of(current);
        var all = new Sequence();
        for (int i = 0; i < Math.Max(1, items.Count); i++)
        {
            all.AddFlat(step.Results(items.Count == 0 ? null : items[i], frame, run), run);
        }

        run.Fuel.Spend(1 + all.Count);
        return all.Count == 0 ? null : all;
    }

    private static List<PathTuple> Step(PathStep step, List<PathTuple> tuples, bool isStart, Frame frame, Evaluator run)
    {
        List<PathTuple> results;
        if (step.Ordering is not null)
        {
            results = step.Ordering.Sort(tuples, frame, run);
            if (isStart && step.Index != PathStep.Unbound)
            {
                results = Numbered(results, step.Index);
            }
        }
        else
        {
            results = [];
            foreach (PathTuple tuple in tuples)
            {
                AddResults(results, step, tuple, new TupleFrame(frame, tuple), run);
            }
        }

        foreach (Stage stage in step.Stages)
        {
            results = stage.Filter is null ? Numbered(results, stage.Index) : stage.Filter.Apply(results, frame, run);
        }

        return results;
    }

    private static void AddResults(List<PathTuple> results, PathStep step, PathTuple tuple, TupleFrame frame, Evaluator run)
    {
        object? value = step.Node.Evaluate(tuple.Context, frame, run);
        if (value is TupleStream stream)
        {
            run.Fuel.Spend(stream.Tuples.Count);
            foreach (PathTuple inner in stream.Tuples)
            {
                results.Add(tuple.Over(inner));
            }

            return;
        }

        ArrayView items = ArrayView.Of(value);
        run.Fuel.Spend(items.Count);
        for (int i = 0; i < items.Count; i++)
        {
            PathTuple result = step.Focus == PathStep.Unbound ? tuple.With(items[i]) : tuple.Bind(step.Focus, items[i]);
            if (step.Index != PathStep.Unbound)
            {
                result = result.Bind(step.Index, JsonNumber.Of(i));
            }

            results.Add(step.Ancestor == PathStep.Unbound ? result : result.Bind(step.Ancestor, tuple.Context));
        }
    }

    private static List<PathTuple> Numbered(List<PathTuple> tuples, int binding)
    {
        for (int i = 0; i < tuples.Count; i++)
        {
            tuples[i] = tuples[i].Bind(binding, JsonNumber.Of(i));
        }

        return tuples;
    }
}
