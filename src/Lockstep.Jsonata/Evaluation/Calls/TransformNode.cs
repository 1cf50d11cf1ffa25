using System.Runtime.CompilerServices;
using Lockstep.Json;
using Lockstep.Jsonata.Functions;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Evaluation.Calls;

/// <summary>Where the parts of a transform stand, for its errors.</summary>
internal sealed record TransformPlaces(int Operator, int Update, int Delete);

/// <summary>The transform operator: a function that gives a changed copy of its argument (JSONata, "Transform").</summary>
internal sealed class TransformNode(Node pattern, Node update, Node? delete, TransformPlaces places, int height) : Node
{
    public override object? Evaluate(object? input, Frame frame, Evaluator run) => new TransformFunction(this, frame);

    private JsonValue? Apply(object? value, Frame frame, Evaluator run)
    {
        if (value is null)
        {
            return null;
        }

        if (!(Value.IsArray(value) || Value.IsObject(value)) || JsonForm.Of(value, run) is not { } json)
        {
            throw JsonataException.Naming(
                "T0410", name => $"Argument 1 of function {JsonataException.Shown(name)} does not match function signature", value: Value.ForError(value));
        }

        run.Enter(height);
        JsonValue copy = Copy(json, run);
        ArrayView matches = ArrayView.Of(pattern.Evaluate(copy, frame, run));
        var changed = new Dictionary<JsonValue, JsonObject>(ReferenceComparer.Instance);
        for (int i = 0; i < matches.Count; i++)
        {
            if (matches[i] is JsonObject match)
            {
                Change(match, changed, frame, run);
            }
        }

        run.Leave(height);
        return Rebuilt(copy, changed, run);
    }

    private void Change(JsonObject match, Dictionary<JsonValue, JsonObject> changed, Frame frame, Evaluator run)
    {
        run.Fuel.Spend();
        JsonValue current = Rebuilt(match, changed, run);
        JsonObject result = changed.GetValueOrDefault(match, match);
        object? updates = update.Evaluate(current, frame, run);
        if (updates is not null)
        {
            if (updates is not JsonObject members)
            {
                throw new JsonataException(
                    "T2011",
                    $"The insert/update clause of the transform expression must evaluate to an object: {Shown.Of(updates)}",
                    places.Update,
                    "|",
                    Value.ForError(updates));
            }

            run.Fuel.Spend(members.Count);
            foreach (JsonProperty member in members)
            {
                result = result.With(member.Name, member.Value);
            }
        }

        foreach (string name in Deleted(current, frame, run))
        {
            result = result.Without(name);
        }

        changed[match] = result;
    }

    private List<string> Deleted(object? current, Frame frame, Evaluator run)
    {
        if (delete?.Evaluate(current, frame, run) is not { } names)
        {
            return [];
        }

        ArrayView items = ArrayView.Of(names);
        var result = new List<string>(items.Count);
        for (int i = 0; i < items.Count; i++)
        {
            run.Fuel.Spend();
            result.Add(items[i] is JsonString name
                ? name.Value
                : throw new JsonataException(
                    "T2012",
                    $"The delete clause of the transform expression must evaluate to a string or array of strings: {Shown.Of(names)}",
                    places.Delete,
                    "|",
                    Value.ForError(names)));
        }

        return result;
    }

    /// <summary>A copy in which no two objects are the same instance, so that a match means one place.</summary>
    private static JsonValue Copy(JsonValue value, Evaluator run)
    {
        if (value.Depth == 0)
        {
            return value;
        }

        run.Enter();
        JsonValue copy;
        if (value is JsonArray array)
        {
            run.Fuel.Spend(1 + array.Count);
            var items = new JsonValue[array.Count];
            for (int i = 0; i < items.Length; i++)
            {
                items[i] = Copy(array[i], run);
            }

            copy = JsonArray.OfOwned(items);
        }
        else
        {
            var json = (JsonObject)value;
            run.Fuel.Spend(1 + json.Count);
            var values = new JsonValue[json.Count];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = Copy(json.Values[i], run);
            }

            copy = JsonObject.Create(json.Keys, values);
        }

        run.Leave();
        return copy;
    }

    /// <summary>The value with everything in it that has changed.</summary>
    private static JsonValue Rebuilt(JsonValue value, Dictionary<JsonValue, JsonObject> changed, Evaluator run)
    {
        if (value.Depth == 0 || changed.Count == 0)
        {
            return value;
        }

        run.Enter();
        JsonValue current = value is JsonObject && changed.TryGetValue(value, out JsonObject? other) ? other : value;
        JsonValue result = current is JsonArray array
            ? RebuiltItems(array.AsSpan(), changed, run) is { } items ? JsonArray.OfOwned(items) : array
            : RebuiltItems(((JsonObject)current).Values, changed, run) is { } values ? JsonObject.Create(((JsonObject)current).Keys, values) : current;
        run.Leave();
        return result;
    }

    /// <summary>The items with everything in them that has changed; null when nothing has.</summary>
    private static JsonValue[]? RebuiltItems(ReadOnlySpan<JsonValue> items, Dictionary<JsonValue, JsonObject> changed, Evaluator run)
    {
        run.Fuel.Spend(1 + items.Length);
        JsonValue[]? rebuilt = null;
        for (int i = 0; i < items.Length; i++)
        {
            JsonValue item = Rebuilt(items[i], changed, run);
            if (!ReferenceEquals(item, items[i]))
            {
                rebuilt ??= items.ToArray();
                rebuilt[i] = item;
            }
        }

        return rebuilt;
    }

    private sealed class TransformFunction(TransformNode node, Frame frame) : JsonataFunction
    {
        public override int Arity => 1;

        public override object? Invoke(object?[] arguments, object? input, Evaluator run) =>
            node.Apply(arguments.Length > 0 ? arguments[0] : input, frame, run);
    }

    private sealed class ReferenceComparer : IEqualityComparer<JsonValue>
    {
        public static ReferenceComparer Instance { get; } = new();

        public bool Equals(JsonValue? x, JsonValue? y) => ReferenceEquals(x, y);

        public int GetHashCode(JsonValue obj) => RuntimeHelpers.GetHashCode(obj);
    }
}
