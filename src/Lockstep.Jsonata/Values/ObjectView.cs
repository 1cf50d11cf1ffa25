using Lockstep.Json;

namespace Lockstep.Jsonata.Values;

/// <summary>An object, whichever of its two forms it has; anything else has no members.</summary>
internal readonly struct ObjectView
{
    private readonly JsonObject? _json;
    private readonly MixedObject? _mixed;

    private ObjectView(JsonObject? json, MixedObject? mixed)
    {
        _json = json;
        _mixed = mixed;
    }

    public int Count => _json is not null ? _json.Count : _mixed is not null ? _mixed.Count : 0;

    public static ObjectView Of(object? value) => new(value as JsonObject, value as MixedObject);

    public string NameAt(int index) => _json is not null ? _json.Keys[index] : Mixed.Names[index];

    public object ValueAt(int index) => _json is not null ? _json.Values[index] : Mixed.ValueAt(index);

    public object? Find(string name) => _json is not null ? _json[name] : _mixed?[name];

    private MixedObject Mixed => _mixed ?? throw new ArgumentOutOfRangeException(nameof(Mixed), "There are no members.");
}
