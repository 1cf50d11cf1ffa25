using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Evaluation.Paths;

/// <summary>
/// One result of a path that binds variables: the context, and what the steps so far have bound. Bindings are a chain, shared with the
/// tuples that follow from this one.
/// </summary>
internal sealed class PathTuple
{
    private readonly Binding? _bindings;

    public PathTuple(object? context)
        : this(context, null)
    {
    }

    private PathTuple(object? context, Binding? bindings)
    {
        Context = context;
        _bindings = bindings;
    }

    public object? Context { get; }

    /// <summary>The tuples of one group as one: of each binding all values.</summary>
    public static PathTuple Merge(List<PathTuple> tuples, Evaluator run)
    {
        if (tuples.Count == 1)
        {
            return tuples[0];
        }

        var context = new Sequence(tuples.Count);
        var values = new SortedDictionary<int, Sequence>();
        foreach (PathTuple tuple in tuples)
        {
            run.Fuel.Spend();
            context.AddFlat(tuple.Context, run);
            var seen = new HashSet<int>();
            for (Binding? at = tuple._bindings; at is not null; at = at.Next)
            {
                if (!seen.Add(at.Id))
                {
                    continue;
                }

                if (!values.TryGetValue(at.Id, out Sequence? all))
                {
                    all = new Sequence();
                    values.Add(at.Id, all);
                }

                all.AddFlat(at.Value, run);
            }
        }

        Binding? merged = null;
        foreach ((int id, Sequence all) in values)
        {
            merged = new Binding(id, all.Normalized(), merged);
        }

        return new PathTuple(context.Normalized(), merged);
    }

    public bool TryFind(int id, out object? value)
    {
        for (Binding? at = _bindings; at is not null; at = at.Next)
        {
            if (at.Id == id)
            {
                value = at.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    public PathTuple With(object? context) => new(context, _bindings);

    public PathTuple Bind(int id, object? value) => new(Context, new Binding(id, value, _bindings));

    /// <summary>The context and the bindings of another tuple, on top of this one's bindings.</summary>
    public PathTuple Over(PathTuple other)
    {
        var newer = new Stack<Binding>();
        for (Binding? at = other._bindings; at is not null; at = at.Next)
        {
            newer.Push(at);
        }

        Binding? bindings = _bindings;
        foreach (Binding binding in newer)
        {
            bindings = new Binding(binding.Id, binding.Value, bindings);
        }

        return new PathTuple(other.Context, bindings);
    }

    private sealed record Binding(int Id, object? Value, Binding? Next);
}

/// <summary>The results of a path that binds variables.</summary>
internal sealed class TupleStream(List<PathTuple> tuples)
{
    public List<PathTuple> Tuples { get; } = tuples;
}
