using Lockstep.Json;
using Lockstep.Jsonata.Evaluation.Paths;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Evaluation;

/// <summary>
/// The pairs of an object constructor (JSONata, "Grouping"): each item gives a name under which it is collected, and each name's value is
/// evaluated in the context of what was collected under it.
/// </summary>
internal sealed class Grouping(Node[] keys, Node[] values, int position)
{
    /// <summary>The names when all are literals and no two the same, else null.</summary>
    private readonly JsonKeys? _names = Array.TrueForAll(keys, key => key is ConstantNode { Value: JsonString })
        ? JsonKeys.TryCreate(Array.ConvertAll(keys, key => ((ConstantNode)key).Value is JsonString name ? name.Value : ""))
        : null;

    public object Evaluate(object? input, Frame frame, Evaluator run)
    {
        run.Fuel.Spend(1 + keys.Length);
        return input is TupleStream tuples ? OfTuples(tuples, frame, run)
            : ArrayView.TryGet(input, out ArrayView items) && items.Count != 1 ? OfItems(items, frame, run)
            : OfOne(Value.IsArray(input) ? items[0] : input, frame, run);
    }

    private object OfOne(object? item, Frame frame, Evaluator run)
    {
        return _names is null ? Assembled(item, frame, run) : Shaped(_names, item, frame, run);
    }

    /// <summary>An object whose names are known: when every member has a value, all objects made here share their names.</summary>
    private object Shaped(JsonKeys names, object? item, Frame frame, Evaluator run)
    {
        var members = new JsonValue[values.Length];
        for (int i = 0; i < members.Length; i++)
        {
            object? value = values[i].Evaluate(item, frame, run);
            if (value is null || Value.Whole(value, run) is not JsonValue json)
            {
                return Unshaped(names, members, i, value, item, frame, run);
            }

            members[i] = json;
        }

        return JsonObject.Create(names, members);
    }

    /// <summary>The object when one of its members, and perhaps others after it, has no value or one that JSON cannot hold.</summary>
    private object Unshaped(JsonKeys names, JsonValue[] members, int count, object? next, object? item, Frame frame, Evaluator run)
    {
        var result = new ObjectAssembly(run, members.Length);
        for (int i = 0; i < count; i++)
        {
            result.Set(names[i], members[i]);
        }

        for (int i = count; i < members.Length; i++)
        {
            object? value = i == count ? next : values[i].Evaluate(item, frame, run);
            if (value is not null)
            {
                result.Set(names[i], value);
            }
        }

        return result.Build();
    }

    private object Assembled(object? item, Frame frame, Evaluator run)
    {
        var result = new ObjectAssembly(run, keys.Length);
        HashSet<string>? seen = keys.Length > 1 ? new(StringComparer.Ordinal) : null;
        for (int i = 0; i < keys.Length; i++)
        {
            string? name = Name(keys[i].Evaluate(item, frame, run));
            if (name is null)
            {
                continue;
            }

            if (seen is not null && !seen.Add(name))
            {
                throw Ambiguous(name);
            }

            if (values[i].Evaluate(item, frame, run) is { } value)
            {
                result.Set(name, value);
            }
        }

        return result.Build();
    }

    private object OfItems(ArrayView items, Frame frame, Evaluator run)
    {
        var groups = new Groups();
        int count = Math.Max(1, items.Count);
        run.Fuel.Spend((long)count * keys.Length);
        for (int i = 0; i < count; i++)
        {
            object? item = items.Count == 0 ? null : items[i];
            for (int pair = 0; pair < keys.Length; pair++)
            {
                if (Name(keys[pair].Evaluate(item, frame, run)) is { } name)
                {
                    (groups.Find(name, pair) ?? throw Ambiguous(name)).Append(item, run);
                }
            }
        }

        var result = new ObjectAssembly(run);
        foreach (Groups.Group group in groups.All)
        {
            if (values[group.Pair].Evaluate(group.Context, frame, run) is { } value)
            {
                result.Set(group.Name, value);
            }
        }

        return result.Build();
    }

    private object OfTuples(TupleStream tuples, Frame frame, Evaluator run)
    {
        var groups = new Groups();
        foreach (PathTuple tuple in tuples.Tuples)
        {
            run.Fuel.Spend(keys.Length);
            var own = new TupleFrame(frame, tuple);
            for (int pair = 0; pair < keys.Length; pair++)
            {
                if (Name(keys[pair].Evaluate(tuple.Context, own, run)) is { } name)
                {
                    (groups.Find(name, pair) ?? throw Ambiguous(name)).Tuples.Add(tuple);
                }
            }
        }

        var result = new ObjectAssembly(run);
        foreach (Groups.Group group in groups.All)
        {
            PathTuple whole = PathTuple.Merge(group.Tuples, run);
            if (values[group.Pair].Evaluate(whole.Context, new TupleFrame(frame, whole), run) is { } value)
            {
                result.Set(group.Name, value);
            }
        }

        return result.Build();
    }

    private string? Name(object? key) => key switch
    {
        null => null,
        JsonString name => name.Value,
        _ => throw new JsonataException(
            "T1003", $"Key in object structure must evaluate to a string; got: {Shown.Of(key)}", position, "{", Value.ForError(key)),
    };

    private JsonataException Ambiguous(string name) =>
        new("D1009", $"Multiple key definitions evaluate to same key: {JsonString.Of(name)}", position, "{", JsonString.Of(name));

    /// <summary>What was collected under each name, in the order in which the names came up.</summary>
    private sealed class Groups
    {
        private readonly Dictionary<string, Group> _byName = new(StringComparer.Ordinal);

        public List<Group> All { get; } = [];

        /// <summary>The group of a name; null when another pair has given the name already.</summary>
        public Group? Find(string name, int pair)
        {
            if (!_byName.TryGetValue(name, out Group? group))
            {
                group = new Group(name, pair);
                _byName.Add(name, group);
                All.Add(group);
            }

            return group.Pair == pair ? group : null;
        }

        public sealed class Group(string name, int pair)
        {
            private object? _first;
            private Sequence? _all;

            public string Name { get; } = name;

            public int Pair { get; } = pair;

            public List<PathTuple> Tuples { get; } = [];

            /// <summary>The item, or when there are several the array of them.</summary>
            public object? Context => _all ?? _first;

            public void Append(object? item, Evaluator run)
            {
                if (_all is null && _first is not null && item is not null)
                {
                    _all = new Sequence();
                    _all.AddFlat(_first, run, spreadsWhole: true);
                }

                if (_all is null)
                {
                    _first ??= item;
                }
                else
                {
                    _all.AddFlat(item, run, spreadsWhole: true);
                }
            }
        }
    }
}
