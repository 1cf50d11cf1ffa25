using Lockstep.Json;

namespace Lockstep.Jsonata.Values;

/// <summary>An array, whichever of its two forms it has.</summary>
internal readonly struct ArrayView
{
    private readonly JsonArray? _json;
    private readonly Sequence? _sequence;

    private ArrayView(JsonArray? json, Sequence? sequence)
    {
        _json = json;
        _sequence = sequence;
    }

    public int Count => _json is not null ? _json.Count : _sequence is not null ? _sequence.Count : 0;

    public object? this[int index] => _json is not null ? _json[index] : _sequence?[index];

    public static bool TryGet(object? value, out ArrayView view)
    {
        view = new ArrayView(value as JsonArray, value as Sequence);
        return view._json is not null || view._sequence is not null;
    }

    /// <summary>The array's items, or the value as the only item when it is no array.</summary>
    public static ArrayView Of(object? value) =>
        TryGet(value, out ArrayView view) ? view : value is null ? default : new ArrayView(null, Sequence.Of(value));
}
