using System.Diagnostics;
using Lockstep.Json;
using Lockstep.Jsonata.Evaluation;

namespace Lockstep.Jsonata.Values;

/// <summary>
/// What an expression can evaluate to: null for nothing at all, a <see cref="JsonValue"/>, a <see cref="JsonataFunction"/>, a <see
/// cref="Sequence"/>, or a <see cref="MixedObject"/>.
/// </summary>
internal static class Value
{
    public static bool IsArray(object? value) => value is JsonArray or Sequence;

    public static bool IsObject(object? value) => value is JsonObject or MixedObject;

    /// <summary>Whether a value is a sequence, of which one item stands for itself, and no array.</summary>
    public static bool IsSequence(object? value) => value is Sequence { IsArray: false, StaysWhole: false };

    /// <summary>What a value stands for where it is given away.</summary>
    /// <param name="value">The value.</param>
    /// <param name="keepsArray">Whether a sequence of one item stays an array (<c>[]</c>).</param>
    public static object? Normalized(object? value, bool keepsArray = false)
    {
        if (value is not Sequence sequence)
        {
            return value;
        }

        if (keepsArray && sequence is { Count: 1, KeepsSingleton: false, IsArray: false, StaysWhole: false })
        {
            sequence = Sequence.Of(sequence[0]);
            sequence.KeepsSingleton = true;
        }

        return sequence.Normalized();
    }

    /// <summary>
    /// The value as a JSON value where it can be one: a sequence becomes an array, unless there is a function in it, or an array that a path still tells
    /// from others.
    /// </summary>
    public static object Whole(object value, Evaluator run)
    {
        if (value is not Sequence { IsBeyondJson: false } sequence)
        {
            return value;
        }

        run.SpendItems(sequence.Count);
        run.Enter();
        object whole = WholeItems(sequence, run);
        run.Leave();
        return whole;
    }

    private static object WholeItems(Sequence sequence, Evaluator run)
    {
        var items = new JsonValue[sequence.Count];
        for (int i = 0; i < items.Length; i++)
        {
            if (sequence[i] is not { } item || Whole(item, run) is not JsonValue json)
            {
                return AsArray(sequence);
            }

            items[i] = json;
        }

        return JsonArray.OfOwned(items);
    }

    /// <summary>Truth (JSONata, "Casting rules" of <c>$boolean</c>); nothing at all is false.</summary>
    public static bool IsTrue(object? value, Evaluator run)
    {
        switch (value)
        {
            case JsonBoolean boolean:
                return boolean.Value;
            case JsonString text:
                return text.Value.Length > 0;
            case JsonNumber number:
                return number.ToDouble() != 0;
            case JsonObject json:
                return json.Count > 0;
            case MixedObject mixed:
                return mixed.Count > 0;
            case JsonArray or Sequence:
                return IsAnyTrue(ArrayView.Of(value), run);
            default:
                return false;
        }
    }

    private static bool IsAnyTrue(ArrayView items, Evaluator run)
    {
        run.Enter();
        bool isTrue = false;
        for (int i = 0; i < items.Count && !isTrue; i++)
        {
            run.Fuel.Spend();
            isTrue = IsTrue(items[i], run);
        }

        run.Leave();
        return isTrue;
    }

    /// <summary>The symbol that stands for the type in signatures; <c>m</c> for nothing at all.</summary>
    public static char TypeSymbol(object? value) => value switch
    {
        null => 'm',
        JsonString => 's',
        JsonNumber => 'n',
        JsonBoolean => 'b',
        JsonNull => 'l',
        JsonArray or Sequence => 'a',
        JsonObject or MixedObject => 'o',
        JsonataFunction => 'f',
        _ => throw new UnreachableException(),
    };

    /// <summary>The member of an object, or of each object in an array; nothing where there is none.</summary>
    public static object? Lookup(object? value, string name, Evaluator run) => Normalized(Members(value, name, run));

    /// <summary>As <see cref="Lookup"/>, but a sequence is not normalized.</summary>
    public static object? Members(object? value, string name, Evaluator run)
    {
        switch (value)
        {
            case JsonObject json:
                return json[name];
            case MixedObject mixed:
                return mixed[name];
            case JsonArray or Sequence:
                run.Enter();
                ArrayView view = ArrayView.Of(value);
                run.Fuel.Spend(1 + view.Count);
                var found = new Sequence();
                for (int i = 0; i < view.Count; i++)
                {
                    found.AddFlat(Lookup(view[i], name, run), run);
                }

                run.Leave();
                return found;
            default:
                return null;
        }
    }

    /// <summary>Appends a value to another: arrays item by item, also those that stay whole among the results of a path.</summary>
    public static object? Append(object? left, object? right, Evaluator run)
    {
        if (left is null || right is null)
        {
            return left ?? right;
        }

        var all = new Sequence(2);
        all.AddFlat(left, run, spreadsWhole: true);
        all.AddFlat(right, run, spreadsWhole: true);
        return all;
    }

    /// <summary>The JSON value for the error that is about a value.</summary>
    public static JsonValue? ForError(object? value) => value as JsonValue;

    private static Sequence AsArray(Sequence sequence)
    {
        var array = new Sequence(sequence.Count) { IsArray = true, IsBeyondJson = true };
        foreach (object? item in sequence.AsSpan())
        {
            array.Add(item);
        }

        return array;
    }
}
