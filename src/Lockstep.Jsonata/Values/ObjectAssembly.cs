using Lockstep.Json;
using Lockstep.Jsonata.Evaluation;

namespace Lockstep.Jsonata.Values;

/// <summary>Puts an object together of members in the order they come; the last value of a name counts, in the place of the first.</summary>
internal sealed class ObjectAssembly
{
    private readonly JsonObjectBuilder _builder;
    private readonly Evaluator _run;
    private MixedObject? _mixed;

    public ObjectAssembly(Evaluator run, int capacity = 0)
    {
        _builder = new JsonObjectBuilder(capacity);
        _run = run;
    }

    public void Set(string name, object value)
    {
        object whole = Value.Whole(value, _run);
        if (_mixed is null && whole is JsonValue json)
        {
            _builder.Set(name, json);
            return;
        }

        if (_mixed is null)
        {
            _mixed = new MixedObject();
            foreach (JsonProperty property in _builder.Build())
            {
                _mixed.Set(property.Name, property.Value);
            }
        }

        _mixed.Set(name, whole);
    }

    public object Build() => _mixed is null ? _builder.Build() : _mixed;
}
