using Lockstep.Json;

namespace Lockstep.Jsonata.Values;

/// <summary>Equality of values: numbers as doubles, arrays item by item, objects by name, functions by identity.</summary>
internal static class DeepEquality
{
    /// <summary>Whether two values are equal; what is visited counts.</summary>
    public static bool AreEqual(object? left, object? right, Evaluation.Evaluator run)
    {
        if (ReferenceEquals(left, right))
        {
            return true;
        }

        run.Fuel.Spend();
        switch (left)
        {
            case JsonNumber number:
                return right is JsonNumber otherNumber && number.ToDouble() == otherNumber.ToDouble();
            case JsonString text:
                return right is JsonString otherText && string.Equals(text.Value, otherText.Value);
            case JsonBoolean boolean:
                return right is JsonBoolean otherBoolean && boolean.Value == otherBoolean.Value;
            case JsonObject json when right is JsonObject otherJson:
                return MembersEqual(json, otherJson, run);
            case JsonArray or Sequence:
                return ArrayView.TryGet(right, out ArrayView otherItems) && ItemsEqual(ArrayView.Of(left), otherItems, run);
            case JsonObject or MixedObject:
                return Value.IsObject(right) && MixedEqual(left, right, run);
            default:
                return false;
        }
    }

    private static bool ItemsEqual(ArrayView left, ArrayView right, Evaluation.Evaluator run)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        run.Enter();
        for (int i = 0; i < left.Count; i++)
        {
            if (!AreEqual(left[i], right[i], run))
            {
                run.Leave();
                return false;
            }
        }

        run.Leave();
        return true;
    }

    private static bool MembersEqual(JsonObject left, JsonObject right, Evaluation.Evaluator run)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        run.Enter();
        bool equal = true;
        for (int i = 0; equal && i < left.Count; i++)
        {
            equal = right.TryGet(left.Keys[i], out JsonValue? other) && AreEqual(left.Values[i], other, run);
        }

        run.Leave();
        return equal;
    }

    private static bool MixedEqual(object left, object? right, Evaluation.Evaluator run)
    {
        ObjectView one = ObjectView.Of(left);
        ObjectView other = ObjectView.Of(right);
        if (one.Count != other.Count)
        {
            return false;
        }

        run.Enter();
        bool equal = true;
        for (int i = 0; equal && i < one.Count; i++)
        {
            equal = other.Find(one.NameAt(i)) is { } value && AreEqual(one.ValueAt(i), value, run);
        }

        run.Leave();
        return equal;
    }
}
