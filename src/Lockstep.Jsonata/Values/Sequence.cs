using Lockstep.Json;
using Lockstep.Jsonata.Evaluation;

namespace Lockstep.Jsonata.Values;

/// <summary>
/// A list that an evaluation makes: either a sequence in the sense of JSONata, which stands for its item when it has only one and for
/// nothing when it has none, or an array that JSON cannot hold because there is a function in it. Once a node has given it away it does
/// not change any more.
/// </summary>
internal sealed class Sequence
{
    private object?[] _items;

    public Sequence(int capacity = 4) => _items = capacity == 0 ? [] : new object?[capacity];

    public int Count { get; private set; }

    /// <summary>Whether this is an array that happens to hold functions, and no sequence.</summary>
    public bool IsArray { get; init; }

    /// <summary>Whether it is known that JSON cannot hold this array, or would not hold what tells it from others.</summary>
    public bool IsBeyondJson
    {
        get => field || StaysWhole || IsKeptSingle;
        init;
    }

    /// <summary>Whether a single item stays in its array (<c>[]</c>).</summary>
    public bool KeepsSingleton { get; set; }

    /// <summary>Whether this is a single item that stays in its array; a path that takes it up gives the item.</summary>
    public bool IsKeptSingle => KeepsSingleton && Count == 1 && !IsArray && !StaysWhole;

    /// <summary>Whether the array was made by a constructor that is a step, and stays whole among the results of the path.</summary>
    public bool StaysWhole { get; init; }

    /// <summary>Whether this stands for an input that is an array: the context of the outermost expression is the array as one item.</summary>
    public bool IsInput { get; init; }

    public object? this[int index]
    {
        get => _items[index];
        set => _items[index] = value;
    }

    /// <summary>The array itself when the context is an input that is an array.</summary>
    public static object? Unwrapped(object? context) => context is Sequence { IsInput: true } wrapper ? wrapper[0] : context;

    public static Sequence Of(object? item)
    {
        var sequence = new Sequence(1);
        sequence.Add(item);
        return sequence;
    }

    public void Add(object? item)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Math.Max(4, Count * 2));
        }

        _items[Count++] = item;
    }

    /// <summary>Adds an array's items, or the value itself when it is no array or one that stays whole, unless that too is to be spread.</summary>
    public void AddFlat(object? value, Evaluator run, bool spreadsWhole = false)
    {
        switch (value)
        {
            case null:
                break;
            case JsonArray array:
                Reserve(array.Count, run);
                foreach (JsonValue item in array.AsSpan())
                {
                    _items[Count++] = item;
                }

                break;
            case Sequence sequence when spreadsWhole || !sequence.StaysWhole:
                Reserve(sequence.Count, run);
                Array.Copy(sequence._items, 0, _items, Count, sequence.Count);
                Count += sequence.Count;
                break;
            default:
                Add(value);
                break;
        }
    }

    public Span<object?> AsSpan() => _items.AsSpan(0, Count);

    /// <summary>What the sequence stands for.</summary>
    public object? Normalized()
    {
        if (Count > 1 || IsArray || StaysWhole)
        {
            return this;
        }

        return Count == 0 ? null : KeepsSingleton ? this : _items[0];
    }

    private void Reserve(int more, Evaluator run)
    {
        run.SpendItems((long)Count + more, more);
        if (Count + more > _items.Length)
        {
            Array.Resize(ref _items, Math.Max(Count + more, Count * 2));
        }
    }
}
