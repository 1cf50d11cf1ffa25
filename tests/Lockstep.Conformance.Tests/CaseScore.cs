namespace Lockstep.Conformance.Tests;

/// <summary>The layers at which a case is compared, as the recordings' README numbers them.</summary>
internal enum Layer
{
    /// <summary>(a) How it ended.</summary>
    Status,

    /// <summary>(b) The output or the error's name.</summary>
    Outcome,

    /// <summary>(c) The text of the cause.</summary>
    Cause,

    /// <summary>(d) The sequence of event types.</summary>
    EventTypes,

    /// <summary>(e) Every detail of every event.</summary>
    Details,
}

/// <summary>How a case compares: which layers apply to it, and where the others differ.</summary>
internal sealed class CaseScore
{
    private readonly SortedDictionary<Layer, string?> _layers = [];

    /// <summary>Calls of the case that real targets answered.</summary>
    public int RealCalls { get; set; }

    public bool Passed => _layers.Values.All(difference => difference is null);

    public void Set(Layer layer, string? difference)
    {
        if (!_layers.TryGetValue(layer, out string? known) || known is null)
        {
            _layers[layer] = difference;
        }
    }

    public bool Applies(Layer layer) => _layers.ContainsKey(layer);

    public bool Passes(Layer layer) => _layers.TryGetValue(layer, out string? difference) && difference is null;

    public override string ToString() =>
        string.Join("; ", _layers.Where(l => l.Value is not null).Select(l => $"({(char)('a' + (int)l.Key)}) {l.Value}"));
}
