namespace Lockstep.Jsonata.Values;

/// <summary>An object that JSON cannot hold, because there is a function in it. Does not change once it is given away.</summary>
internal sealed class MixedObject
{
    private readonly List<string> _names = [];
    private readonly List<object> _values = [];
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);

    public int Count => _names.Count;

    public IReadOnlyList<string> Names => _names;

    public object? this[string name] => _index.TryGetValue(name, out int at) ? _values[at] : null;

    public object ValueAt(int index) => _values[index];

    public void Set(string name, object value)
    {
        if (_index.TryGetValue(name, out int at))
        {
            _values[at] = value;
            return;
        }

        _index.Add(name, _names.Count);
        _names.Add(name);
        _values.Add(value);
    }
}
