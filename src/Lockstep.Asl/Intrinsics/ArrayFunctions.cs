using Lockstep.Asl.Evaluation;
using Lockstep.Json;
using static Lockstep.Asl.Intrinsics.IntrinsicFunction;

namespace Lockstep.Asl.Intrinsics;

/// <summary>The functions over arrays. None copies the values of its argument.</summary>
internal static class ArrayFunctions
{
    public static Evaluated Array(ReadOnlySpan<JsonValue> arguments, EvaluationScope scope) => Evaluated.Of(JsonArray.Of(arguments));

    public static Evaluated ArrayPartition(ReadOnlySpan<JsonValue> arguments, EvaluationScope scope)
    {
        if (arguments[0] is not JsonArray array)
        {
            return NotAnArray();
        }

        if (!IntegerArgument.TryRead(arguments[1], out int size) || size < 1)
        {
            return Refused("The second argument must be a positive, non-zero integer.");
        }

        var chunks = new JsonArrayBuilder((array.Count / size) + 1);
        for (int start = 0; start < array.Count; start += size)
        {
            chunks.Add(JsonArray.Of(array.AsSpan().Slice(start, Math.Min(size, array.Count - start))));
            if (array.Count - start <= size)
            {
                // Not a loop condition: start + size may exceed what an integer holds.
                break;
            }
        }

        return Evaluated.Of(chunks.ToArray());
    }

    public static Evaluated ArrayContains(ReadOnlySpan<JsonValue> arguments, EvaluationScope scope)
    {
        if (arguments[0] is not JsonArray array)
        {
            return NotAnArray();
        }

        foreach (JsonValue item in array)
        {
            if (item.Equals(arguments[1]))
            {
                return Evaluated.Of(JsonBoolean.True);
            }
        }

        return Evaluated.Of(JsonBoolean.False);
    }

    public static Evaluated ArrayRange(ReadOnlySpan<JsonValue> arguments, EvaluationScope scope)
    {
        if (!IntegerArgument.TryRead(arguments[0], out int first)
            || !IntegerArgument.TryRead(arguments[1], out int last)
            || !IntegerArgument.TryRead(arguments[2], out int step))
        {
            return Refused("The arguments must be integers.");
        }

        if (step == 0)
        {
            return Refused("The third argument must be a non-zero integer.");
        }

        long count = Math.Max(0, (((long)last - first) / step) + 1);
        if (Math.Sign((long)last - first) * Math.Sign(step) < 0)
        {
            count = 0;
        }

        if (count > scope.MaxRangeElements)
        {
            return Refused($"The array cannot have more than {scope.MaxRangeElements} elements.");
        }

        var items = new JsonValue[count];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = JsonNumber.Of(first + ((long)i * step));
        }

        return Evaluated.Of(JsonArray.Of(items));
    }

    public static Evaluated ArrayGetItem(ReadOnlySpan<JsonValue> arguments, EvaluationScope scope)
    {
        if (arguments[0] is not JsonArray array)
        {
            return NotAnArray();
        }

        if (!IntegerArgument.TryRead(arguments[1], out int index))
        {
            return Refused("The second argument must be an integer.");
        }

        return index >= 0 && index < array.Count
            ? Evaluated.Of(array[index])
            : Refused($"The index {index} is out of bounds for an array of length {array.Count}.");
    }

    public static Evaluated ArrayLength(ReadOnlySpan<JsonValue> arguments, EvaluationScope scope) =>
        arguments[0] is JsonArray array ? Evaluated.Of(JsonNumber.Of(array.Count)) : NotAnArray();

    public static Evaluated ArrayUnique(ReadOnlySpan<JsonValue> arguments, EvaluationScope scope)
    {
        if (arguments[0] is not JsonArray array)
        {
            return NotAnArray();
        }

        var seen = new HashSet<JsonValue>(DeepComparer.Instance);
        var unique = new JsonArrayBuilder();
        foreach (JsonValue item in array)
        {
            if (seen.Add(item))
            {
                unique.Add(item);
            }
        }

        return Evaluated.Of(unique.ToArray());
    }

    private static Evaluated NotAnArray() => Refused("The first argument must be an array.");
}
